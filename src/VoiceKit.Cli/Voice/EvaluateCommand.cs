using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Evaluation;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Cli;

/// <summary>voicekit evaluate.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandConsole console)
    {
        var converted = new Option<string?>("--converted") { Description = "A folder of converted recordings." };
        var target = new Option<string>("--target")
        {
            Description = "The folder of the target speaker's recordings, under the same names.",
            Required = true,
        };
        var model = new Option<string?>("--model", "-m") { Description = "A model, whose mappings are all scored before synthesis." };
        var source = new Option<string?>("--source") { Description = "With -m: the folder of the source speaker's recordings." };
        var skip = new Option<int>("--skip")
        {
            Description = "Leave out this many pairs, the first by name: those that the model was trained on.",
        }.AcceptFrom(0, int.MaxValue);
        var limit = new Option<int?>("--limit") { Description = "Use at most this many pairs." }.AcceptFrom(1, int.MaxValue);
        var csv = new Option<string?>("--csv") { Description = "Write one line an utterance and method as CSV." };
        var json = SharedOptions.Json();
        var command = new Command(
            "evaluate",
            """
            Score converted speech against the target's: mel-cepstral distortion, F0, voicing, global variance.

              voicekit evaluate -m ben.safetensors --source anna/ --target ben/ --skip 25
              voicekit evaluate --converted as-ben/ --target ben/
            """
        )
        {
            converted,
            target,
            model,
            source,
            skip,
            limit,
            csv,
            json,
        };
        command.SetAction(result =>
        {
            var (modelPath, sourceFolder, convertedFolder) = (result.GetValue(model), result.GetValue(source), result.GetValue(converted));
            if (modelPath is null == convertedFolder is null || modelPath is null != sourceFolder is null)
                throw new UsageException("give either --converted DIR, or -m MODEL with --source DIR");
            var pairs = RecordingPairs.Find(
                sourceFolder ?? convertedFolder!,
                result.GetRequiredValue(target),
                result.GetValue(skip),
                result.GetValue(limit)
            );
            foreach (var warning in pairs.Warnings.Where(_ => result.GetValue(limit) is null))
                console.Warn(warning);
            var table = result.GetValue(csv) is { } name ? OutputName.RequireFile("--csv", name, ".csv") : null;
            var (summaries, leftOut) = modelPath is null
                ? EvaluateRecordings(console, pairs)
                : EvaluateModel(console, VoiceModelFile.Read(modelPath), pairs);
            if (table is not null)
                AtomicFile.Write(table, stream => ScoreReport.WriteCsv(stream, summaries));
            console.Output.Write(
                result.GetValue(json) ? ScoreReport.Json(summaries, leftOut) + Environment.NewLine : ScoreReport.Table(summaries)
            );
        });
        return command;
    }

    /// <summary>Scores every mapping of a model.</summary>
    internal static (IReadOnlyList<ScoreSummary> Summaries, IReadOnlyList<string> LeftOut) EvaluateModel(
        CommandConsole console,
        VoiceModel model,
        RecordingPairs pairs
    )
    {
        var (source, target) = pairs.Read(model.SampleRate);
        var converter = new VoiceConverter(model);
        var features = pairs.Extract(
            source,
            target,
            model.Features,
            model.SourceRange,
            model.TargetRange,
            Progress(console, pairs),
            waveform => converter.RangeFor(AudioReader.Of(waveform), console.Cancellation),
            console.Cancellation
        );
        if (pairs.SampleRates[0] < model.SampleRate)
            console.Warn(
                $"recordings of {pairs.SampleRates[0]} Hz hold nothing above {pairs.SampleRates[0] / 2} Hz, and the model is one "
                    + $"of {model.SampleRate} Hz: the scores are not those of other recordings"
            );
        var (kept, leftOut) = ModelEvaluation.Screen(features, model, console.Cancellation);
        Report(console, kept, leftOut);
        return (ModelEvaluation.Evaluate(model, kept, console.Cancellation), leftOut);
    }

    /// <summary>Scores recordings: both sides are analysed, with the F0 range of the target.</summary>
    internal static (IReadOnlyList<ScoreSummary> Summaries, IReadOnlyList<string> LeftOut) EvaluateRecordings(
        CommandConsole console,
        RecordingPairs pairs
    )
    {
        var (converted, target) = pairs.Read(comparable: true);
        if (pairs.SampleRates.Count > 1)
            console.Say(
                $"the recordings have {string.Join(" and ", pairs.SampleRates)} Hz: compared at {target[0].SampleRate} Hz, nine "
                    + $"tenths of the lowest, because resampling leaves no sound just below half of it"
            );
        var range = F0RangeFinder.Find(target);
        var features = pairs.Extract(
            converted,
            target,
            new FeatureOptions(),
            range,
            range,
            Progress(console, pairs),
            null,
            console.Cancellation
        );
        var (kept, leftOut, warnings) = ModelEvaluation.ScreenConverted(features, console.Cancellation);
        Report(console, kept, [.. leftOut, .. warnings]);
        return ([ModelEvaluation.Unchanged("converted", kept, console.Cancellation)], leftOut);
    }

    private static void Report(CommandConsole console, IReadOnlyList<UtterancePair> kept, IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings)
            console.Warn(warning);
        if (kept.Count == 0)
            throw new UnusableDataException("there is nothing to score: every pair was left out");
    }

    private static SynchronousProgress<int> Progress(CommandConsole console, RecordingPairs pairs) =>
        new(done => console.Progress($"analysing, {done} of {2 * pairs.Files.Count}", done / (2.0 * pairs.Files.Count)));
}
