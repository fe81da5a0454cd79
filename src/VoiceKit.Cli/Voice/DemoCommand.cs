using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Evaluation;
using VoiceKit.Features;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit demo: the main job on the corpus that ships.</summary>
internal static class DemoCommand
{
    private const int TrainingCount = 25;

    public static Command Create(CommandConsole console)
    {
        var output = new Option<string>("--output", "-o") { Description = "The folder to write to.", DefaultValueFactory = _ => "demo" };
        var command = new Command(
            "demo",
            """
            Train on the 25 sentence pairs that ship, convert the ten held-out sentences, draw and score them.

              voicekit demo -o demo
            """
        )
        {
            output,
        };
        command.SetAction(result => Run(console, result.GetRequiredValue(output)));
        return command;
    }

    private static int Run(CommandConsole console, string folder)
    {
        _ = OutputName.RequireFolder("-o", folder);
        var clock = Stopwatch.StartNew();
        var (source, target) = (Corpus("slt"), Corpus("rms"));
        console.Say($"1. Training on {TrainingCount} sentences: slt (female, source) -> rms (male, target), both synthetic");
        var modelPath = Path.Combine(folder, "slt-to-rms.safetensors");
        var model = TrainCommand.Run(console, (source, target), TrainingCount, new TrainingOptions(), (null, null), modelPath);

        var pairs = RecordingPairs.Find(source, target, skip: TrainingCount);
        console.Say($"2. Converting {pairs.Files.Count} sentences that it has not heard");
        var converter = new VoiceConverter(model);
        var extractors = (
            Source: new FeatureExtractor(model.Features with { F0Range = model.SourceRange }),
            Target: new FeatureExtractor(model.Features with { F0Range = model.TargetRange })
        );
        var items = pairs.Files.Select(file => new WorkItem(file.Source, ContainedPath.Of(folder, $"converted/{file.Name}.wav"))).ToArray();
        var code = WorkRunner.Run(
            console,
            items,
            Environment.ProcessorCount,
            item =>
            {
                var written = ConvertCommand.Convert(console, converter, item, WaveEncoding.Pcm16);
                var name = Path.GetFileNameWithoutExtension(item.Input);
                var (original, converted, wanted) = (
                    AudioFile.Read(item.Input).Waveform,
                    AudioFile.Read(item.Output).Waveform,
                    AudioFile.Read(Path.Combine(target, name + ".wav")).Waveform
                );
                var figure = Figures.Conversion(
                    $"Sentence {name}",
                    (original, extractors.Source.Extract(original)),
                    (converted, extractors.Target.Extract(converted)),
                    (wanted, extractors.Target.Extract(wanted))
                );
                AtomicFile.Write(ContainedPath.Of(folder, $"pictures/{name}.png"), figure.Write);
                WaveFile.Write(ContainedPath.Of(folder, $"source/{name}.wav"), original);
                WaveFile.Write(ContainedPath.Of(folder, $"target/{name}.wav"), wanted);
                return written;
            }
        );
        if (code != ExitCode.Done)
            return code;

        console.Say("3. Scoring: the mel-cepstra before synthesis, by every mapping, then the WAVs");
        var recordings = RecordingPairs.Find(Path.Combine(folder, "converted"), target);
        ScoreSummary[] scores =
        [
            .. EvaluateCommand.EvaluateModel(console, model, pairs).Summaries,
            .. EvaluateCommand.EvaluateRecordings(console, recordings).Summaries,
        ];
        console.Say("");
        console.Output.Write(ScoreReport.Table(scores));
        var first = pairs.Files[0].Name;
        console.Output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""

                Done in {clock.Elapsed.TotalSeconds:F0} s. Listen to, in this order:
                  {Path.Combine(folder, "source", first)}.wav      the source
                  {Path.Combine(folder, "converted", first)}.wav   the source's sentence in the target's voice
                  {Path.Combine(folder, "target", first)}.wav      the target
                and look at {Path.Combine(folder, "pictures", first)}.png
                """
            )
        );
        return ExitCode.Done;
    }

    /// <summary>A voice of the corpus that lies beside the program.</summary>
    private static string Corpus(string voice)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "corpora", "flite", voice);
        return Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException($"{folder}: the corpus that ships with VoiceKit is missing");
    }
}
