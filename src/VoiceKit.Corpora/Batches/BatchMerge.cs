using System.Globalization;
using VoiceKit.Corpora;

namespace VoiceKit.Batches;

/// <summary>Joins what the parts of a batch have noted, so that it is as if one run had done it all.</summary>
public static class BatchMerge
{
    /// <summary>Joins item lists, journals and lists of failures.</summary>
    /// <param name="folder">The output folder, held as a whole.</param>
    /// <returns>The number of items in the journal.</returns>
    /// <exception cref="BatchIncompleteException">A part has not been listed: it never ran.</exception>
    public static int Run(BatchFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        JoinItems(folder);
        return JoinJournals(folder);
    }

    /// <summary>The lists of a batch's items, checked to be those of all parts.</summary>
    /// <param name="path">The output folder.</param>
    /// <exception cref="BatchIncompleteException">A part has not been listed.</exception>
    internal static IReadOnlyList<string> ItemLists(string path)
    {
        var lists = BatchFolder.StateFiles(path, BatchFolder.ItemsKind);
        if (lists.Count == 0)
            throw new BatchIncompleteException($"{path}: no batch has been run here");
        var missing = lists
            .GroupBy(list => list.Shard.Count)
            .SelectMany(parts =>
                Enumerable
                    .Range(1, parts.Key)
                    .Except(parts.Select(part => part.Shard.Index))
                    .Select(index => string.Create(CultureInfo.InvariantCulture, $"{index}/{parts.Key}"))
            )
            .ToArray();
        return missing.Length == 0
            ? [.. lists.Select(list => list.Path)]
            : throw new BatchIncompleteException(
                $"{path}: {(missing.Length == 1 ? "the part" : "the parts")} "
                    + $"{string.Join(", ", missing.Take(10))}{(missing.Length > 10 ? " and others" : "")} never ran"
            );
    }

    /// <summary>Joins the journals alone. A crash in between leaves journals that can be joined again.</summary>
    internal static int JoinJournals(BatchFolder folder)
    {
        var paths = BatchFolder.JournalFiles(folder.Path);
        using var journal = Journal.ReadAll(paths);
        if (paths.Any(path => path != folder.JournalPath))
        {
            folder.WriteState(
                folder.JournalPath,
                stream =>
                {
                    foreach (var line in journal.Lines())
                        stream.Write(line);
                }
            );
            Delete(folder, paths);
            Delete(folder, BatchFolder.StateFiles(folder.Path, BatchFolder.FailedKind).Select(file => file.Path));
            BatchFailures.Write(folder, [.. journal.Failures()]);
        }

        return journal.Count;
    }

    private static void JoinItems(BatchFolder folder)
    {
        var lists = ItemLists(folder.Path);
        if (lists is [var only] && only == folder.ItemsPath)
            return;
        var seen = new HashSet<UInt128>();
        folder.WriteState(
            folder.ItemsPath,
            stream => CorpusItemList.Write(stream, lists.SelectMany(CorpusItemList.Read).Where(item => seen.Add(Shard.Hash(item.Id))))
        );
        Delete(folder, lists);
    }

    private static void Delete(BatchFolder folder, IEnumerable<string> paths)
    {
        foreach (var path in paths.Where(path => path != folder.ItemsPath && path != folder.JournalPath))
            File.Delete(path);
    }
}

/// <summary>The exception for a batch of which a part has never run.</summary>
/// <param name="message">The message, one plain sentence.</param>
public sealed class BatchIncompleteException(string message) : Exception(message);
