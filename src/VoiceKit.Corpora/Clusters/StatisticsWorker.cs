using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Clusters;

/// <summary>Why a worker ended.</summary>
internal enum WorkerOutcome
{
    /// <summary>The training is over.</summary>
    Finished,

    /// <summary>The driver died without a word; started again, it goes on to use this worker.</summary>
    Abandoned,
}

/// <summary>A process that collects statistics for a <see cref="StatisticsPool"/>; it may come late, die, or not come at all.</summary>
internal sealed class StatisticsWorker
{
    private readonly PoolFolder files;
    private readonly CancellationToken cancellation;
    private readonly Dictionary<int, Frames> blocks = [];
    private PoolTask? task;

    private StatisticsWorker(string folder, CancellationToken cancellation) =>
        (files, this.cancellation) = (new PoolFolder(Path.GetFullPath(folder)), cancellation);

    /// <summary>Works until the training is over.</summary>
    /// <param name="folder">The pool's folder; one that is gone is a training that is over.</param>
    /// <param name="cancellation">Ends the work between two blocks.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="Files.BadFileException">A mixture or a block of frames is damaged.</exception>
    public static WorkerOutcome Run(string folder, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new StatisticsWorker(folder, cancellation).Work();
    }

    private WorkerOutcome Work()
    {
        var interval = new PollInterval(cancellation);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (File.Exists(files.Done))
                return WorkerOutcome.Finished;
            if (files.Driver() is var driver and not DriverState.Working)
                return driver == DriverState.Ended ? WorkerOutcome.Finished : WorkerOutcome.Abandoned;
            if (CollectOne())
                interval.Reset();
            else
                interval.Wait();
        }
    }

    /// <summary>
    /// Collects one block of the newest iteration; false where there is none to do. One only, since the driver may publish the next
    /// meanwhile.
    /// </summary>
    private bool CollectOne()
    {
        try
        {
            if (files.NewestMixture() is not { } newest)
                return false;
            if (newest != task?.Iteration)
                TakeTask(newest);

            // Each worker starts elsewhere, so that they do not try for the same blocks in the same order.
            var start = Random.Shared.Next(task!.BlockCount);
            for (var i = 0; i < task.BlockCount; i++)
            {
                var block = task.FirstBlock + ((start + i) % task.BlockCount);
                if (Collect(block))
                    return true;
            }
        }
        catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException || HasMovedOn())
        {
            // What was about to be read, or a file in the middle of its writing, was deleted.
            task = null;
        }

        return false;
    }

    /// <summary>Determines whether the driver has ended the iteration that this worker is at.</summary>
    private bool HasMovedOn() => task is not null && !File.Exists(files.Mixture(task.Iteration));

    private void TakeTask(int newest)
    {
        var previous = task;
        task = PoolMessages.ReadTask(files.Mixture(newest));
        if (task.Pool != previous?.Pool || task.FirstBlock != previous.FirstBlock)
            blocks.Clear();
    }

    private bool Collect(int block)
    {
        var path = files.Statistics(task!.Iteration, block);
        if (File.Exists(path))
            return false;
        using var claim = files.TryClaim(block);
        if (claim is null || File.Exists(path))
            return false;
        if (!blocks.TryGetValue(block, out var frames))
        {
            (var pool, frames) = PoolMessages.ReadBlock(files.Frames(block));
            if (pool != task.Pool)
                throw new FileNotFoundException("The block is of another run.");
            blocks[block] = frames;
        }

        var statistics = MixtureStatistics.Collect(task.Mixture, frames);
        Write(path, statistics, block);
        return true;
    }

    private void Write(string path, MixtureStatistics statistics, int block)
    {
        // Writing creates missing folders: a pool that was removed meanwhile must not come back.
        if (!File.Exists(files.DriverLock))
            return;
        MixtureStatisticsFile.Write(path, statistics, task!.Labels(block));
        if (!File.Exists(files.DriverLock))
            files.Remove();
    }
}

/// <summary>
/// Waits between two looks at a shared folder, longer each time nothing was found. A look works on every file system; notifications do
/// not reach other machines.
/// </summary>
internal sealed class PollInterval(CancellationToken cancellation)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);
    private TimeSpan next = Shortest;

    /// <summary>Starts with short waits again: something happened.</summary>
    public void Reset() => next = Shortest;

    /// <summary>Waits.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Wait()
    {
        cancellation.WaitHandle.WaitOne(next);
        cancellation.ThrowIfCancellationRequested();
        next = next * 1.5 < Longest ? next * 1.5 : Longest;
    }
}
