using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>Tells what a batch would do.</summary>
public static class BatchPreview
{
    /// <summary>Each item of a part and whether it would be worked on; no decision where its file cannot be read. Nothing is written.</summary>
    /// <param name="items">All items.</param>
    /// <param name="output">The output folder; it need not be there.</param>
    /// <param name="task">The task.</param>
    /// <param name="shard">The part.</param>
    /// <exception cref="BatchConflictException">Two inputs would be written to one output, or an input would be replaced.</exception>
    public static IEnumerable<(CorpusItem Item, BatchDecision? Decision)> Of(IEnumerable<CorpusItem> items, string output, BatchTask task, Shard shard)
    {
        ArgumentNullException.ThrowIfNull(task);
        var folder = Path.GetFullPath(output);
        var journals = Directory.Exists(Path.Combine(folder, BatchFolder.StateName)) ? BatchFolder.JournalFiles(folder) : [];
        using var journal = Journal.ReadAll(journals, shard.Contains);
        foreach (var item in OutputGuard.Check(items.Where(item => shard.Contains(item.Id)), folder, task))
            yield return (item, Decide(item, journal, task, folder));
    }

    private static BatchDecision? Decide(CorpusItem item, Journal journal, BatchTask task, string folder)
    {
        if (item.Fault is not null)
            return null;
        try
        {
            return BatchDecision.Of(item, FileStamp.Of(item.Path), journal.Find(item.Id), task.Description, folder);
        }
        catch (Exception exception) when (exception is BadFileException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
