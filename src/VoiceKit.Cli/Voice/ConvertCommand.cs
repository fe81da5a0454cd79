using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Conversion;

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
            var options = choices.Parse(result);
            var items = WorkItems.List(result.GetRequiredValue(inputs), result.GetRequiredValue(output), ".wav");
            var converter = new VoiceConverter(VoiceModelFile.Read(choices.Model(result)), options);
            var encoding = choices.Encoding(result);
            return WorkRunner.Run(console, items, result.GetValue(jobs), item => Convert(console, converter, item, encoding));
        });
        return command;
    }

    /// <summary>Converts one file and says what was written.</summary>
    internal static string Convert(CommandConsole console, VoiceConverter converter, WorkItem item, WaveEncoding encoding)
    {
        using var source = AudioInput.Open(console, item.Input);
        converter.RequireFits(item.Input, source.Stream, encoding);
        using var converted = new SampleSpool(converter.SampleRate, AudioInput.TemporaryFolder(item.Output));
        var warnings = converter.Convert(
            source.Stream,
            converted.Append,
            AudioInput.ProgressOf(console, source.Stream, $"converting {Path.GetFileName(item.Input)}"),
            console.Cancellation
        );
        foreach (var warning in warnings)
            console.Warn($"{item.Input}: {warning}");
        AudioInput.Write(console, item.Output, converted, source.Signal.IsSilent, encoding);
        return item.Output == WorkItems.Standard ? "the converted recording" : WorkRunner.Describe(item.Output);
    }
}
