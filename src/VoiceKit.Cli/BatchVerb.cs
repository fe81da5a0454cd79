using System.CommandLine;
using VoiceKit.Batches;

namespace VoiceKit.Cli;

/// <summary>A task that can be done in batch: its options, and the task that they make.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Description">What it does, with examples.</param>
/// <param name="Options">The task's own options.</param>
/// <param name="Task">Makes the task of what was typed.</param>
internal sealed record BatchVerb(string Name, string Description, IReadOnlyList<Option> Options, Func<ParseResult, BatchTask> Task)
{
    /// <summary>All verbs; their options are made anew.</summary>
    public static IReadOnlyList<BatchVerb> All() => [Analyze(), Convert()];

    private static BatchVerb Analyze()
    {
        var analysis = new AnalysisOptions();
        return new BatchVerb(
            "analyze",
            """
            Extract the features of every recording: one .npz an input, the tree mirrored.

              voicekit batch analyze corpus/ -o features/
              voicekit batch analyze 'corpus/*/ses-[12]*.flac' -o features/ --f0-method dio
              find corpus -name '*.wav' -print0 | voicekit batch analyze --files-from - -0 -o features/
            """,
            analysis.All,
            result => new AnalyzeTask(analysis.Parse(result)));
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
            result => new ConvertTask(choices.Model(result), choices.Parse(result), choices.Encoding(result)));
    }
}
