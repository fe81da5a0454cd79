using VoiceKit.Corpora;

namespace VoiceKit.Batches;

/// <summary>The items of a part of a batch, in a file: however many they are, memory holds some tens of bytes of each, and those only while they are listed.</summary>
public sealed class BatchItems
{
    private readonly string path;

    private BatchItems(string path, long count) => (this.path, Count) = (path, count);

    /// <summary>How many there are.</summary>
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
        var own = OutputGuard.Check(items.Where(item => folder.Shard.Contains(item.Id)), folder.Path, task).Select(item =>
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
