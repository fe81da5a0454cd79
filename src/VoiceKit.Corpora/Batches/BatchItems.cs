using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>
/// The items of a part of a batch, in a file: however many they are, memory holds some tens of bytes of each, and those only while they are
/// listed.
/// </summary>
public sealed class BatchItems
{
    private readonly string path;

    private BatchItems(string path, long count) => (this.path, Count) = (path, count);

    /// <summary>Gets how many there are.</summary>
    public long Count { get; }

    /// <summary>Lists what a run will work on. Lists of other divisions into parts are dropped.</summary>
    /// <param name="folder">Where the list is kept, and which part of the items it takes.</param>
    /// <param name="items">All items; those of other parts are passed over.</param>
    /// <param name="task">The task, which names the outputs.</param>
    /// <exception cref="BatchConflictException">Two inputs would be written to one output, or an input would be replaced.</exception>
    /// <exception cref="Files.BadFileException">A name cannot be that of an output.</exception>
    /// <exception cref="IOException">The list cannot be written.</exception>
    public static BatchItems Write(BatchFolder folder, IEnumerable<CorpusItem> items, BatchTask task)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(task);
        var count = 0L;
        var own = OutputGuard
            .Check(items.Where(item => folder.Shard.Contains(item.Id)), folder.Path, task)
            .Select(item =>
            {
                count++;
                return item;
            });
        folder.WriteState(folder.ItemsPath, stream => CorpusItemList.Write(stream, own));
        foreach (var (shard, other) in BatchFolder.StateFiles(folder.Path, BatchFolder.ItemsKind))
        {
            if (shard.Count != folder.Shard.Count)
                File.Delete(other);
        }

        return new BatchItems(folder.ItemsPath, count);
    }

    /// <summary>Reads the items, one after the other.</summary>
    public IEnumerable<CorpusItem> Read() => CorpusItemList.Read(path);
}

/// <summary>Determines whether an item is to be worked on, and why.</summary>
/// <param name="IsNeeded">Whether there is work to do.</param>
/// <param name="Why">The reason, in words; empty where there is none.</param>
/// <param name="Earlier">The item's last entry in the journal, if there is one.</param>
/// <param name="InputHash">The input's hash, where it had to be read to decide.</param>
internal sealed record BatchDecision(bool IsNeeded, string Why, JournalEntry? Earlier = null, string? InputHash = null)
{
    /// <summary>
    /// Compares an item with what the journal says of it: it is skipped only where input, parameters and model are the same and every
    /// output is whole. Size and time stand for the content; where only the time differs, the content is read.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="stamp">The input's size and time now.</param>
    /// <param name="entry">The item's last entry.</param>
    /// <param name="description">What the batch does.</param>
    /// <param name="folder">The output folder.</param>
    public static BatchDecision Of(CorpusItem item, FileStamp stamp, JournalEntry? entry, BatchDescription description, string folder)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(description);
        if (entry is null)
            return new(true, "not done before");
        if (entry.Outcome == BatchOutcome.Failed)
            return new(true, "failed before", entry);
        if (entry.Parameters != description.ParametersHash)
            return new(true, "other parameters", entry);
        if (entry.Model != description.Model)
            return new(true, "another model", entry);
        if (entry.Part != PartOf(item) || stamp.Size != entry.InputStamp?.Size)
            return new(true, "another input", entry);
        var hash = stamp == entry.InputStamp ? entry.InputHash : ContentHash.OfFile(item.Path);
        if (hash != entry.InputHash)
            return new(true, "another input", entry, hash);
        return entry.Outputs.FirstOrDefault(output => !IsWhole(output, folder, readAlways: false)) is { } torn
            ? new(true, $"{torn.Name} is not as it was written", entry, hash)
            : new(false, "", entry, hash);
    }

    /// <summary>Determines whether an output is there as it was written.</summary>
    /// <param name="output">The output.</param>
    /// <param name="folder">The output folder.</param>
    /// <param name="readAlways">Whether its content is read even where size and time are the same.</param>
    public static bool IsWhole(BatchOutput output, string folder, bool readAlways)
    {
        ArgumentNullException.ThrowIfNull(output);
        try
        {
            var path = ContainedPath.Of(folder, output.Name);
            var stamp = FileStamp.Of(path);
            return stamp.Size == output.Stamp.Size && ((stamp == output.Stamp && !readAlways) || ContentHash.OfFile(path) == output.Hash);
        }
        catch (Exception exception) when (exception is FileNotFoundException or BadFileException)
        {
            return false;
        }
    }

    /// <summary>The part of its file that an item is, as the journal notes it.</summary>
    internal static string? PartOf(CorpusItem item)
    {
        var part =
            (item.Segment is { } segment ? FormattableString.Invariant($"{segment.Start:R}-{segment.End:R}") : "")
            + (item.Channel is { } channel ? FormattableString.Invariant($" channel {channel}") : "");
        return part.Length == 0 ? null : part.TrimStart();
    }
}

/// <summary>Tells what a batch would do.</summary>
internal static class BatchPreview
{
    /// <summary>
    /// Each item of a part and whether it would be worked on; no decision where its file cannot be read. Nothing is written.
    /// </summary>
    /// <param name="items">All items.</param>
    /// <param name="output">The output folder; it need not be there.</param>
    /// <param name="task">The task.</param>
    /// <param name="shard">The part.</param>
    /// <exception cref="BatchConflictException">Two inputs would be written to one output, or an input would be replaced.</exception>
    public static IEnumerable<(CorpusItem Item, BatchDecision? Decision)> Of(
        IEnumerable<CorpusItem> items,
        string output,
        BatchTask task,
        Shard shard
    )
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
