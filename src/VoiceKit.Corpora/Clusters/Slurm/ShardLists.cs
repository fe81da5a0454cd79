using System.Globalization;
using VoiceKit.Batches;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Clusters;

/// <summary>
/// Lists of a batch's items, one a part: a task of an array reads its own list alone, instead of searching the whole corpus.
/// </summary>
internal static class ShardLists
{
    private const int ItemsInMemory = 100_000;

    /// <summary>The name of a part's list.</summary>
    /// <param name="folder">The folder of the lists.</param>
    /// <param name="index">The part's number, or what stands for it.</param>
    /// <param name="count">The number of parts.</param>
    public static string PathOf(string folder, string index, int count) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"items-{index}-of-{count}.jsonl"));

    /// <summary>Divides items into lists; every part has one, be it empty. The lists take their names when all are whole.</summary>
    /// <param name="folder">The folder of the lists; it is created.</param>
    /// <param name="items">All items.</param>
    /// <param name="batch">The folder that the batch will write to, held meanwhile; what a killed submission leaves in it is deleted by the
    /// next.</param>
    /// <param name="task">The task, which names the outputs.</param>
    /// <param name="count">The number of parts, 1 .. <see cref="Shard.Most"/>.</param>
    /// <returns>How many items there are.</returns>
    /// <exception cref="BatchConflictException">Two inputs would be written to one output, or an input would be replaced.</exception>
    /// <exception cref="BadFileException">A name cannot be that of an output.</exception>
    /// <exception cref="IOException">The lists cannot be written.</exception>
    public static long Write(string folder, IEnumerable<CorpusItem> items, BatchFolder batch, BatchTask task, int count)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Shard.Most);
        Directory.CreateDirectory(folder);
        var parts = Enumerable
            .Range(1, count)
            .Select(index => new Part(new Shard(index, count), StagedFile.TemporaryName(batch.TemporaryFolder), []))
            .ToArray();
        try
        {
            var total = 0L;
            foreach (var item in OutputGuard.Check(items, batch.Path, task))
            {
                parts[Shard.IndexOf(item.Id, count) - 1].Items.Add(item);
                if (++total % ItemsInMemory == 0)
                    Flush(parts);
            }

            Flush(parts);
            foreach (var part in parts)
                File.Move(part.Temporary, PathOf(folder, part.Shard.Index.ToString(CultureInfo.InvariantCulture), count), overwrite: true);
            return total;
        }
        finally
        {
            foreach (var part in parts)
                StagedFile.DeleteIfThere(part.Temporary);
        }
    }

    private static void Flush(Part[] parts)
    {
        foreach (var part in parts)
        {
            using var stream = new FileStream(part.Temporary, FileMode.Append, FileAccess.Write);
            CorpusItemList.Write(stream, part.Items);
            stream.Flush(flushToDisk: true);
            part.Items.Clear();
        }
    }

    private sealed record Part(Shard Shard, string Temporary, List<CorpusItem> Items);
}
