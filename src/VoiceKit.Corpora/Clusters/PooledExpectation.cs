using System.Diagnostics;
using VoiceKit.Files;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Clusters;

/// <summary>The driver's side of one fit: publishes mixtures, gathers the blocks' statistics, works itself while it waits.</summary>
internal sealed class PooledExpectation(StatisticsPool pool, Frames frames, IReadOnlyList<(int Start, int Count)> cut, int firstBlock)
    : IExpectationStep
{
    private const int PatienceInBlocks = 4;
    private TimeSpan longest;

    public MixtureStatistics Collect(GaussianMixture mixture)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        return Gather(Publish(mixture));
    }

    /// <summary>Starts an iteration: from now on workers collect.</summary>
    internal PoolTask Publish(GaussianMixture mixture)
    {
        var task = new PoolTask(pool.Name, pool.NextIteration(), firstBlock, cut.Count, mixture);
        PoolMessages.WriteTask(pool.Files.Mixture(task.Iteration), task);
        pool.Files.DeleteAll("mixture-*.safetensors", file => file == pool.Files.Mixture(task.Iteration));
        pool.Files.DeleteAll("statistics-*.safetensors", keep: null);
        return task;
    }

    /// <summary>Ends an iteration: the sum of all blocks' statistics, in their order.</summary>
    internal MixtureStatistics Gather(PoolTask task)
    {
        var parts = new MixtureStatistics?[cut.Count];
        var claims = new List<FileLock>();
        try
        {
            var interval = new PollInterval(pool.Cancellation);
            var idle = Stopwatch.StartNew();
            while (Array.Exists(parts, part => part is null))
            {
                pool.Cancellation.ThrowIfCancellationRequested();
                var late = idle.Elapsed > pool.Options.Patience && idle.Elapsed > PatienceInBlocks * longest;
                if (TakeWritten(task, parts) | CollectOne(task, parts, claims, late))
                {
                    interval.Reset();
                    idle.Restart();
                }
                else
                {
                    interval.Wait();
                }
            }
        }
        finally
        {
            // Held until here: a block that the driver collected has no file, and it must not be collected again.
            claims.ForEach(claim => claim.Dispose());
        }

        var sum = parts[0]!;
        foreach (var part in parts.Skip(1))
            sum.Add(part!);
        return sum;
    }

    /// <summary>Reads what the workers have written; returns whether there was any.</summary>
    private bool TakeWritten(PoolTask task, MixtureStatistics?[] parts)
    {
        var any = false;
        for (var b = 0; b < parts.Length; b++)
        {
            if (parts[b] is not null || !File.Exists(pool.Files.Statistics(task.Iteration, firstBlock + b)))
                continue;
            parts[b] = ReadWritten(task, b) ?? CollectBlock(task, b);
            any = true;
        }

        return any;
    }

    private MixtureStatistics? ReadWritten(PoolTask task, int b)
    {
        var path = pool.Files.Statistics(task.Iteration, firstBlock + b);
        try
        {
            var (statistics, labels) = MixtureStatisticsFile.Read(path);
            if (task.Labels(firstBlock + b).Any(label => labels.GetValueOrDefault(label.Key) != label.Value))
                throw new BadFileException(path, null, "the statistics are of another training");
            if (
                statistics.FrameCount != cut[b].Count
                || statistics.First.Count != task.Mixture.MixtureCount
                || statistics.First.Dimension != frames.Dimension
            )
                throw new BadFileException(path, null, "the statistics have another shape");
            pool.Count(fromWorker: true);
            return statistics;
        }
        catch (Exception exception)
            when (exception is BadFileException or ModelVersionException or IOException or UnauthorizedAccessException)
        {
            pool.WarnOfBadStatistics(exception.Message);
            return null;
        }
    }

    /// <summary>Collects the first block that nobody has claimed or, when all have waited long enough, the first that is missing.</summary>
    private bool CollectOne(PoolTask task, MixtureStatistics?[] parts, List<FileLock> claims, bool late)
    {
        for (var b = 0; b < parts.Length; b++)
        {
            if (parts[b] is not null)
                continue;
            var claim = pool.Files.TryClaim(firstBlock + b);
            if (claim is not null)
                claims.Add(claim);
            else if (!late)
                continue;

            // A worker may have written it between the last look and the claim.
            parts[b] = File.Exists(pool.Files.Statistics(task.Iteration, firstBlock + b)) ? ReadWritten(task, b) : null;
            parts[b] ??= CollectBlock(task, b);
            return true;
        }

        return false;
    }

    private MixtureStatistics CollectBlock(PoolTask task, int b)
    {
        var clock = Stopwatch.StartNew();
        var statistics = MixtureStatistics.Collect(task.Mixture, frames.Slice(cut[b].Start, cut[b].Count));
        if (clock.Elapsed > longest)
            longest = clock.Elapsed;
        pool.Count(fromWorker: false);
        return statistics;
    }
}

/// <summary>Cuts frames into contiguous blocks, the parts of work that shards take. The cut depends on the two counts alone.</summary>
internal static class FrameBlocks
{
    /// <summary>
    /// The fewest frames that a block has: reading and adding up a smaller block's statistics costs more than collecting them.
    /// </summary>
    public const int Fewest = 256;

    // Two a shard: a shard that is late costs half of its share, and what statistics are read and added up stays small.
    private const int BlocksPerShard = 2;

    /// <summary>Returns each block's first frame and number of frames; the numbers differ by at most one.</summary>
    /// <param name="frameCount">The number of frames T, at least 1.</param>
    /// <param name="shards">How many processes share the work, at least 1.</param>
    public static IReadOnlyList<(int Start, int Count)> Cut(int frameCount, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        var blockCount = (int)Math.Clamp((long)BlocksPerShard * shards, 1, Math.Max(1, frameCount / Fewest));
        int Start(int block) => (int)((long)frameCount * block / blockCount);
        return [.. Enumerable.Range(0, blockCount).Select(block => (Start(block), Start(block + 1) - Start(block)))];
    }
}
