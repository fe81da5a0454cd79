using VoiceKit.Batches;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Cli;

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
                console.Output.WriteLine($"{task.Verb}\t{BadFileException.OnOneLine(item.Path)}\t{BadFileException.OnOneLine(item.Id)}{task.Extension}\t{decision?.Why ?? "cannot be read"}");
        }

        console.Say($"{needed + kept + unreadable} items: {needed} to do, {kept} as they were{(unreadable > 0 ? $", {unreadable} cannot be read" : "")}; nothing was done");
        return ExitCode.Done;
    }
}
