using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>The findings of <see cref="BatchVerification"/>.</summary>
/// <param name="Items">The number of items.</param>
/// <param name="Whole">Items whose outputs are all there, made from the input as it is now, by the batch as it was last described.</param>
/// <param name="Strays">Files in the output folder that no item accounts for.</param>
public sealed record VerificationReport(long Items, long Whole, long Strays)
{
    /// <summary>Gets whether every input has its whole output.</summary>
    public bool IsComplete => Whole == Items;
}

/// <summary>Proves from lists, journals and files that every input has one whole output.</summary>
public static class BatchVerification
{
    /// <summary>Verifies a batch.</summary>
    /// <param name="path">The output folder.</param>
    /// <param name="jobs">How many items are looked at at a time.</param>
    /// <param name="isQuick">Whether size and time stand for the content of outputs; else every output is read and its hash
    /// compared.</param>
    /// <param name="problem">Receives each item that is not whole, and why; from several threads.</param>
    /// <param name="progress">Receives the part that is done, 0 .. 1; from several threads.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BatchIncompleteException">A part of the batch has never run.</exception>
    /// <exception cref="FileNotFoundException">No batch has been run there.</exception>
    public static VerificationReport Run(
        string path,
        int jobs,
        bool isQuick,
        Action<CorpusItem, string> problem,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
        var folder = Path.GetFullPath(path);
        var description = BatchDescription.Read(folder);
        var lists = BatchMerge.ItemLists(folder);
        using var journal = Journal.ReadAll(BatchFolder.JournalFiles(folder));
        var total = lists.Sum(list => File.ReadLines(list).LongCount());
        var (seen, outputs) = (new HashSet<UInt128>(), new HashSet<UInt128>());
        var (items, whole) = (0L, 0L);
        var options = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation };
        Parallel.ForEach(
            lists.SelectMany(CorpusItemList.Read).Where(item => seen.Add(Shard.Hash(item.Id))),
            options,
            item =>
            {
                var entry = journal.Find(item.Id);
                if (entry?.Outcome == BatchOutcome.Done)
                {
                    lock (outputs)
                        outputs.UnionWith(entry.Outputs.Select(output => Shard.Hash(output.Name)));
                }

                if (Fault(item, entry, description, folder, isQuick) is { } fault)
                    problem(item, fault);
                else
                    _ = Interlocked.Increment(ref whole);
                progress?.Report((double)Interlocked.Increment(ref items) / total);
            }
        );
        return new VerificationReport(items, whole, CountStrays(folder, outputs));
    }

    private static string? Fault(CorpusItem item, JournalEntry? entry, BatchDescription description, string folder, bool isQuick)
    {
        if (entry?.Outcome == BatchOutcome.Failed)
            return entry.Reason ?? "failed";
        try
        {
            var decision = BatchDecision.Of(item, FileStamp.Of(item.Path), entry, description, folder);
            if (decision.IsNeeded)
                return decision.Why;
        }
        catch (Exception exception) when (exception is FileNotFoundException or BadFileException)
        {
            return exception.Message;
        }

        return !isQuick && entry!.Outputs.FirstOrDefault(output => !BatchDecision.IsWhole(output, folder, readAlways: true)) is { } damaged
            ? $"{damaged.Name} is not as it was written"
            : null;
    }

    private static long CountStrays(string folder, HashSet<UInt128> outputs)
    {
        var state = Path.Combine(folder, BatchFolder.StateName) + Path.DirectorySeparatorChar;
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return Directory
            .EnumerateFiles(folder, "*", everything)
            .Where(file => !file.StartsWith(state, StringComparison.Ordinal))
            .LongCount(file => !outputs.Contains(Shard.Hash(Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))));
    }
}
