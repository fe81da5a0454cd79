using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Batches;
using VoiceKit.Conversion;
using VoiceKit.Evaluation;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Mixtures;

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
        var model = TrainCommand.Run(
            console,
            (source, target),
            TrainingCount,
            new TrainingOptions(),
            (null, null),
            modelPath,
            frames => new CpuExpectationStep(frames)
        );

        var pairs = RecordingPairs.Find(source, target, skip: TrainingCount);
        console.Say($"2. Converting {pairs.Files.Count} sentences that it has not heard");
        using var task = new ConvertTask(modelPath, new ConversionOptions(), WaveEncoding.Pcm16);
        var code = WorkRunner.Run(console, Items("converted", task.Extension), Environment.ProcessorCount, task.Process);
        if (code != ExitCode.Done)
            return code;
        var pictures = new DemoPictures(model, folder, target);
        code = WorkRunner.Run(console, Items("pictures", ".png"), Environment.ProcessorCount, pictures.Draw);
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

        WorkItem[] Items(string subfolder, string ending) =>
            [.. pairs.Files.Select(file => new WorkItem(file.Source, ContainedPath.Of(folder, $"{subfolder}/{file.Name}{ending}")))];
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

/// <summary>Draws source, conversion and target of a sentence, and copies source and target beside the conversion.</summary>
/// <param name="model">The model.</param>
/// <param name="folder">The demo's folder.</param>
/// <param name="target">The folder of the target's recordings.</param>
internal sealed class DemoPictures(VoiceModel model, string folder, string target)
{
    private readonly FeatureExtractor ofSource = new(model.Features with { F0Range = model.SourceRange });
    private readonly FeatureExtractor ofTarget = new(model.Features with { F0Range = model.TargetRange });

    /// <summary>Draws one sentence.</summary>
    public void Draw(RecordingInput input, RecordingOutputs outputs, IProgress<double>? progress, CancellationToken cancellation)
    {
        var name = Path.GetFileNameWithoutExtension(input.Path);
        var original = input.Stream.ReadAll();
        var converted = AudioFile.Read(ContainedPath.Of(folder, $"converted/{name}.wav")).Waveform;
        var wanted = AudioFile.Read(Path.Combine(target, name + ".wav")).Waveform;
        var figure = Figures.Conversion(
            $"Sentence {name}",
            (original, ofSource.Extract(original)),
            (converted, ofTarget.Extract(converted)),
            (wanted, ofTarget.Extract(wanted))
        );
        outputs.Write(".png", figure.Write);
        WaveFile.Write(ContainedPath.Of(folder, $"source/{name}.wav"), original);
        WaveFile.Write(ContainedPath.Of(folder, $"target/{name}.wav"), wanted);
    }
}
