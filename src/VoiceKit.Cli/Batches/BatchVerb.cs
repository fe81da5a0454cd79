using System.CommandLine;
using VoiceKit.Batches;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>A task that can be done in batch: its options, and the task that they make.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Description">What it does, with examples.</param>
/// <param name="Options">The task's own options.</param>
/// <param name="Task">Makes the task of what was typed.</param>
internal sealed record BatchVerb(string Name, string Description, IReadOnlyList<Option> Options, Func<ParseResult, BatchTask> Task)
{
    /// <summary>All verbs; their options are made anew.</summary>
    public static IReadOnlyList<BatchVerb> All(CommandConsole console, DeviceCatalog devices) =>
        [Analyze(), Mel(console, devices), Convert(), Prepare()];

    private static BatchVerb Analyze()
    {
        var (analysis, arrays) = (new AnalysisOptions(), new FeatureChoices());
        return new BatchVerb(
            "analyze",
            """
            Extract the features of every recording: one .npz an input, the tree mirrored.

              voicekit batch analyze corpus/ -o features/
              voicekit batch analyze 'corpus/**/ses-1/*.flac' -o features/ --f0-method dio
              find corpus -name '*.wav' -print0 | voicekit batch analyze --files-from - -0 -o features/
            """,
            [.. analysis.All, .. arrays.All],
            result => new AnalyzeTask(analysis.Parse(result), arrays.Parse(result))
        );
    }

    private static BatchVerb Mel(CommandConsole console, DeviceCatalog devices)
    {
        var choices = new MelChoices(console, devices);
        return new BatchVerb(
            "mel",
            """
            Compute the mel spectrogram of every recording, and nothing else: one .npz an input, the tree mirrored.

              voicekit batch mel corpus/ -o mels/ --bands 80 --frame-length 50 --frame-period 12.5
              voicekit batch mel corpus/ -o mels/ --device cuda
            """,
            choices.All,
            choices.Task
        );
    }

    private static BatchVerb Convert()
    {
        var choices = new ConversionChoices();
        return new BatchVerb(
            "convert",
            """
            Convert every recording into the voice of a model's target: one .wav an input, the tree mirrored.

              voicekit batch convert -m ben.safetensors anna/ -o as-ben/
            """,
            choices.All,
            result => new ConvertTask(choices.Model(result), choices.Parse(result), choices.Encoding(result))
        );
    }

    /// <summary>The verb that corpus prepare is, too.</summary>
    public static BatchVerb Prepare()
    {
        var preparation = new PreparationOptions();
        return new BatchVerb(
            "prepare",
            """
            Bring every recording to one form: mono, one rate, one loudness, silence cut off, long ones split; the tree mirrored.

              voicekit corpus prepare recordings/ -o corpus/ --rate 16000
              voicekit corpus prepare lectures/ -o corpus/ --split 15
            """,
            preparation.All,
            result => new PrepareTask(preparation.Parse(result), preparation.Encoding(result))
        );
    }
}

/// <summary>Says what a batch would do, without touching anything.</summary>
internal static class BatchDryRun
{
    public static int Run(CommandConsole console, IEnumerable<CorpusItem> items, string output, BatchTask task, Shard shard)
    {
        var (needed, kept, unreadable) = (0, 0, 0);
        foreach (var (item, decision) in BatchPreview.Of(items, output, task, shard))
        {
            console.Cancellation.ThrowIfCancellationRequested();
            if (decision is null)
                unreadable++;
            else if (decision.IsNeeded)
                needed++;
            else
                kept++;
            if (decision is null or { IsNeeded: true })
                console.Output.WriteLine(
                    string.Join(
                        '\t',
                        task.Verb,
                        BadFileException.OnOneLine(item.Path),
                        BadFileException.OnOneLine(item.Id) + task.Extension,
                        decision?.Why ?? "cannot be read"
                    )
                );
        }

        console.Say(
            $"{needed + kept + unreadable} items: {needed} to do, {kept} as they "
                + $"were{(unreadable > 0 ? $", {unreadable} cannot be read" : "")}; nothing was done"
        );
        return ExitCode.Done;
    }
}
