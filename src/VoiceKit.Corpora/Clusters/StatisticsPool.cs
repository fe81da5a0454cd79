using VoiceKit.Files;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Clusters;

/// <summary>The settings of a <see cref="StatisticsPool"/>.</summary>
internal sealed record StatisticsPoolOptions
{
    /// <summary>
    /// Gets or sets how many processes the work is cut for, at least 1; 4 by default. The model depends on it in the last digits.
    /// </summary>
    public int Shards { get; init; } = 4;

    /// <summary>
    /// Gets or sets how long the driver waits for a block that another process has claimed before it collects the block itself; 2 s by
    /// default, and at least four times what a block took it.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// Shares the expectation steps of a training among processes that see one folder: expectation-maximization as map and reduce (Chu et al.
/// 2006; the late blocks as in Dean and Ghemawat 2004, section 3.6). This is the driver; <see cref="StatisticsWorker"/> is the other side.
/// </summary>
/// <remarks>
/// The frames are cut into blocks that are written once a fit. Each iteration publishes its mixture; the process that claims a block
/// collects its statistics and writes them. The driver works too, so that a training ends with no worker at all, and it adds up the blocks
/// in their order: the model is the same to the bit whoever collected what, and within rounding the model of
/// <see cref="MixtureStatistics.Collect(GaussianMixture, Frames)"/>.
/// </remarks>
internal sealed class StatisticsPool : IDisposable
{
    private const int LockAttempts = 20;
    private FileLock? driverLock;
    private readonly Action<string> warn;
    private int nextBlock;
    private int iteration;
    private bool warned;

    /// <summary>Opens a pool.</summary>
    /// <param name="folder">A folder that all processes see: missing, empty, or what a driver that died left behind. It is removed at the
    /// end.</param>
    /// <param name="options">The settings.</param>
    /// <param name="warn">Receives a sentence on what is damaged or left behind; the work goes on.</param>
    /// <param name="cancellation">Ends the waiting and the work between two blocks.</param>
    /// <exception cref="PoolInUseException">Another driver works with this folder.</exception>
    /// <exception cref="IOException">The folder holds something else, or cannot be written.</exception>
    public StatisticsPool(
        string folder,
        StatisticsPoolOptions? options = null,
        Action<string>? warn = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Options = options ?? new StatisticsPoolOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.Shards, 1, nameof(options));
        this.warn = warn ?? (_ => { });
        Cancellation = cancellation;
        Files = new PoolFolder(Path.GetFullPath(folder));
        Directory.CreateDirectory(Files.Path);
        if (!Files.IsOurs())
            throw new IOException($"{folder}: this folder is not empty; a pool needs a folder of its own");
        driverLock = Lock(folder);
        PoolFolder.Delete(Files.Done);
        Files.Clear();
    }

    /// <summary>Gets the folder, in full.</summary>
    public string Folder => Files.Path;

    /// <summary>Gets how many blocks have been added up so far, over all iterations.</summary>
    public int BlocksGathered { get; private set; }

    /// <summary>Gets how many of them were collected by workers.</summary>
    public int BlocksFromWorkers { get; private set; }

    /// <summary>Tells the files of this run from those of an earlier one.</summary>
    internal string Name { get; } = Guid.NewGuid().ToString("N");

    internal PoolFolder Files { get; }

    internal StatisticsPoolOptions Options { get; }

    internal CancellationToken Cancellation { get; }

    /// <summary>Hands the frames of a fit to the pool, and takes back those of the fit before.</summary>
    /// <param name="frames">[T, D], at least one frame.</param>
    /// <returns>The fit's expectation step. It is of use until the next call.</returns>
    /// <exception cref="IOException">The frames cannot be written.</exception>
    public IExpectationStep Share(Frames frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var cut = FrameBlocks.Cut(frames.Count, Options.Shards);
        Files.Clear();
        var firstBlock = nextBlock;
        nextBlock += cut.Count;
        for (var b = 0; b < cut.Count; b++)
        {
            Cancellation.ThrowIfCancellationRequested();
            PoolMessages.WriteBlock(Files.Frames(firstBlock + b), Name, frames.Slice(cut[b].Start, cut[b].Count));
        }

        return new PooledExpectation(this, frames, cut, firstBlock);
    }

    /// <summary>Tells the workers that the training is over, and removes the folder.</summary>
    public void Dispose()
    {
        if (driverLock is not null)
        {
            try
            {
                File.Create(Files.Done).Dispose();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // On a full disk the workers see that the lock is free.
            }

            driverLock.Dispose();
            driverLock = null;
            if (!Files.Remove())
                warn($"{Folder}: could not be removed; it is not needed any more");
        }
    }

    internal int NextIteration() => ++iteration;

    internal void Count(bool fromWorker)
    {
        BlocksGathered++;
        BlocksFromWorkers += fromWorker ? 1 : 0;
    }

    /// <summary>Says once that a file of statistics was of no use.</summary>
    internal void WarnOfBadStatistics(string reason)
    {
        if (!warned)
            warn($"{reason}: collected again");
        warned = true;
    }

    private FileLock Lock(string folder)
    {
        // Workers of a driver that died may be looking at the lock at this moment.
        for (var attempt = 1; attempt <= LockAttempts; attempt++)
        {
            if (PoolFolder.TryLock(Files.DriverLock) is { } locked)
                return locked;
            Thread.Sleep(TimeSpan.FromMilliseconds(attempt));
        }

        throw new PoolInUseException($"{folder}: another training works with this folder: wait for it, or name another folder");
    }
}
