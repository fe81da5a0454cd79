using System.Globalization;
using VoiceKit.Files;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Clusters;

/// <summary>The state of a pool's driver.</summary>
internal enum DriverState
{
    /// <summary>It holds its lock.</summary>
    Working,

    /// <summary>It ended normally.</summary>
    Ended,

    /// <summary>It died and left its files behind.</summary>
    Dead,
}

/// <summary>The names of the files in a pool's folder, its locks, and its removal.</summary>
/// <remarks>
/// A lock is a file that is open without sharing (flock on Linux): the kernel frees it when its process dies, however it dies. Locks spare
/// work; no result depends on them, because two processes that take the same block write the same bytes.
/// </remarks>
internal sealed class PoolFolder(string path)
{
    private const int RemovalAttempts = 8;

    // The mixtures first: a worker that fails on anything else then sees that the driver has moved on.
    private static readonly string[] OwnFiles =
    [
        "mixture-*.safetensors",
        "frames-*.safetensors",
        "statistics-*.safetensors",
        "claim-*.lock",
        ".voicekit-*.tmp",
    ];

    /// <summary>Gets the folder.</summary>
    public string Path { get; } = path;

    /// <summary>Locked by the driver while it lives.</summary>
    public string DriverLock => In("driver.lock");

    /// <summary>There when the training is over.</summary>
    public string Done => In("done");

    public string Frames(int block) => Numbered("frames", block);

    public string Mixture(int iteration) => Numbered("mixture", iteration);

    public string Statistics(int iteration, int block) => Numbered("statistics", iteration, block);

    public string ClaimLock(int block) => In(string.Create(CultureInfo.InvariantCulture, $"claim-{block:D5}.lock"));

    /// <summary>The number of the newest mixture, or null before the first.</summary>
    public int? NewestMixture()
    {
        int? newest = null;
        foreach (var file in Directory.EnumerateFiles(Path, "mixture-*.safetensors"))
        {
            var number = System.IO.Path.GetFileNameWithoutExtension(file)["mixture-".Length..];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var iteration) && !(iteration <= newest))
                newest = iteration;
        }

        return newest;
    }

    /// <summary>Claims a block until the result is disposed; null while another process has it, or when the folder is gone.</summary>
    public FileLock? TryClaim(int block) => TryLock(ClaimLock(block));

    /// <summary>Opens a file for this process alone.</summary>
    public static FileLock? TryLock(string file)
    {
        try
        {
            return FileLock.TryTake(file);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The state of the driver. Those who ask share its lock, so that they do not see each other.</summary>
    public DriverState Driver()
    {
        try
        {
            using var free = new FileStream(DriverLock, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return DriverState.Ended;
        }
        catch (IOException)
        {
            return DriverState.Working;
        }

        // A driver that ends in order says so, lets its lock go, deletes it, and only then deletes what it said.
        return File.Exists(Done) || !File.Exists(DriverLock) ? DriverState.Ended : DriverState.Dead;
    }

    /// <summary>Determines whether this folder is, or can become, a pool's: empty, or left behind by an earlier driver.</summary>
    public bool IsOurs() => !Directory.EnumerateFileSystemEntries(Path).Any() || File.Exists(DriverLock);

    /// <summary>Deletes what a pool left behind, but for the driver's lock, its word that it ended, and what others put here.</summary>
    public void Clear()
    {
        foreach (var pattern in OwnFiles)
            DeleteAll(pattern, keep: null);
    }

    /// <summary>Deletes the files of a pattern but for those that <paramref name="keep"/> names.</summary>
    public void DeleteAll(string pattern, Predicate<string>? keep)
    {
        foreach (
            var file in Directory
                .GetFiles(Path, pattern, new EnumerationOptions { AttributesToSkip = 0 })
                .Where(file => keep?.Invoke(file) != true)
        )
            Delete(file);
    }

    /// <summary>Deletes the pool's files and the folder, unless others put something here; returns whether the folder is gone.</summary>
    public bool Remove()
    {
        // A worker may be about to write, and a network file system keeps files that are open on other machines under another name.
        for (var attempt = 1; Directory.Exists(Path); attempt++)
        {
            try
            {
                Clear();
                Delete(DriverLock);
                Delete(Done);
                Directory.Delete(Path);
            }
            catch (DirectoryNotFoundException)
            {
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                if (attempt == RemovalAttempts)
                    return false;
                Thread.Sleep(TimeSpan.FromMilliseconds(10 << attempt));
            }
        }

        return true;
    }

    /// <summary>Deletes a file that may be gone already.</summary>
    public static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (DirectoryNotFoundException) { }
    }

    private string Numbered(string kind, params int[] numbers) =>
        In($"{kind}-{string.Join('-', numbers.Select(number => number.ToString("D5", CultureInfo.InvariantCulture)))}.safetensors");

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>A request of one iteration to the workers: the statistics of a range of blocks under a mixture.</summary>
/// <param name="Pool">The name of the driver's run: files of an earlier run in the same folder are told apart by it.</param>
/// <param name="Iteration">The number of the iteration, over all fits.</param>
/// <param name="FirstBlock">The number of the fit's first block, over all fits.</param>
/// <param name="BlockCount">How many blocks the fit has.</param>
/// <param name="Mixture">The mixture.</param>
internal sealed record PoolTask(string Pool, int Iteration, int FirstBlock, int BlockCount, GaussianMixture Mixture)
{
    /// <summary>The labels of a block's statistics.</summary>
    public Dictionary<string, string> Labels(int block) =>
        new()
        {
            ["pool"] = Pool,
            ["iteration"] = PoolMessages.Text(Iteration),
            ["block"] = PoolMessages.Text(block),
        };
}

/// <summary>The files by which a driver and its shards speak.</summary>
internal static class PoolMessages
{
    private static readonly ModelFormat TaskFormat = new("voicekit-pool-mixture", 1, "mixture of a pool");
    private static readonly ModelFormat BlockFormat = new("voicekit-pool-frames", 1, "block of a pool's frames");

    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static void WriteTask(string path, PoolTask task)
    {
        var metadata = TaskFormat.Describe();
        (metadata["pool"], metadata["iteration"]) = (task.Pool, Text(task.Iteration));
        (metadata["first_block"], metadata["block_count"]) = (Text(task.FirstBlock), Text(task.BlockCount));
        var tensors = new Dictionary<string, NamedTensor>();
        MixtureTensors.Add(metadata, tensors, "mixture", task.Mixture);
        AtomicFile.Write(path, new SafetensorsFile(metadata, tensors).Write);
    }

    /// <exception cref="FileNotFoundException">The driver has moved on.</exception>
    /// <exception cref="BadFileException">The file is something else.</exception>
    public static PoolTask ReadTask(string path) =>
        Read(
            path,
            TaskFormat,
            file =>
            {
                int Number(string name) => int.Parse(file.Metadata[name], NumberStyles.None, CultureInfo.InvariantCulture);
                return new PoolTask(
                    file.Metadata["pool"],
                    Number("iteration"),
                    Number("first_block"),
                    Number("block_count"),
                    MixtureTensors.Read(file, "mixture")
                );
            }
        );

    public static void WriteBlock(string path, string pool, Frames frames)
    {
        var metadata = BlockFormat.Describe();
        metadata["pool"] = pool;
        var tensors = new Dictionary<string, NamedTensor> { ["frames"] = new([frames.Count, frames.Dimension], frames.Values) };
        AtomicFile.Write(path, new SafetensorsFile(metadata, tensors).Write);
    }

    /// <exception cref="FileNotFoundException">The driver has moved on.</exception>
    /// <exception cref="BadFileException">The file is something else.</exception>
    public static (string Pool, Frames Frames) ReadBlock(string path) =>
        Read(path, BlockFormat, file => (file.Metadata["pool"], file.Tensor("frames", 2).ToFrames()));

    private static T Read<T>(string path, ModelFormat format, Func<SafetensorsFile, T> parse)
    {
        var file = SafetensorsFile.Read(path);
        format.Require(path, file);
        try
        {
            ModelFormat.RequireFinite(file);
            return parse(file);
        }
        catch (Exception exception)
            when (exception is InvalidDataException or KeyNotFoundException or FormatException or ArgumentException or ArithmeticException)
        {
            throw new BadFileException(path, null, $"the {format.Kind} is damaged: {exception.Message}", exception);
        }
    }
}

/// <summary>The exception for a pool's folder that a living training works with: to be tried again when that one has ended.</summary>
/// <param name="message">Which folder, and what to do.</param>
internal sealed class PoolInUseException(string message) : IOException(message);
