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
            return WorkRunner.Run(console, items, result.GetValue(jobs), task.Process);
        });
        return command;
    }
}
