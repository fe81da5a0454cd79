using System.CommandLine;
using VoiceKit.Batches;

namespace VoiceKit.Cli;

/// <summary>voicekit convert.</summary>
internal static class ConvertCommand
{
    public static Command Create(CommandConsole console)
    {
        var inputs = new Argument<string[]>("IN")
        {
            Description = "Recordings of the source speaker: files, folders, or - for standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The WAV file, a folder for several inputs, or - for standard output.",
            Required = true,
        };
        var (choices, jobs) = (new ConversionChoices(), SharedOptions.Jobs());
        var command = new Command(
            "convert",
            """
            Convert recordings of a model's source speaker into the target's voice.

              voicekit convert -m ben.safetensors new.wav -o new-as-ben.wav
              voicekit convert -m ben.safetensors anna/ -o as-ben/
              voicekit convert -m ben.safetensors new.wav -o lower.wav --transpose -2
              sox in.flac -t wav - | voicekit convert -m ben.safetensors - -o - | aplay
            """
        )
        {
            inputs,
            output,
            jobs,
        };
        foreach (var option in choices.All)
            command.Options.Add(option);
        command.SetAction(result =>
        {
            var items = WorkItems.List(result.GetRequiredValue(inputs), result.GetRequiredValue(output), ".wav");
            using var task = new ConvertTask(choices.Model(result), choices.Parse(result), choices.Encoding(result));
            var code = WorkRunner.Run(console, items, result.GetValue(jobs), task.Process);
            if (code == ExitCode.Done && choices.IsSynthesisAuto(result) && items[0].Output != WorkItems.Standard)
                console.Say(
                    FormattableString.Invariant($"F0 x {task.Converter.F0Ratio:0.00}: ")
                        + (
                            task.Converter.UsesFilter
                                ? "the recording's own waveform was changed (--synthesis vocoder makes all anew)"
                                : "a vocoder made the sound (--synthesis filter changes the recording's own waveform)"
                        )
                );
            return code;
        });
        return command;
    }
}
