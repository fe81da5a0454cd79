namespace VoiceKit.Files;

/// <summary>A lock between processes that ends with the process, however it ends.</summary>
/// <remarks>It is the operating system's advisory lock of a file, which stays behind empty; over NFS it needs version 4 or lockd.</remarks>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream? stream;
    private readonly string? passing;

    private FileLock(FileStream? stream, string? passing = null) => (this.stream, this.passing) = (stream, passing);

    /// <summary>Takes the lock if it is free, and never waits.</summary>
    /// <param name="path">The lock's file; it is created where there is none, in a folder that exists.</param>
    /// <param name="isShared">Whether others may hold it in this way at the same time.</param>
    /// <returns>The lock, or null where another holds it.</returns>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static FileLock? TryTake(string path, bool isShared = false)
    {
        if (new FileInfo(path).LinkTarget is not null)
            throw new IOException($"{path}: this is a link; a lock is a file of its own");
        try
        {
            // NFS asks for write access where a lock is exclusive, and for none where it is shared.
            if (!isShared)
                return new FileLock(File.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            if (!File.Exists(path))
                File.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return new FileLock(File.Open(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    /// <summary>
    /// Takes a lock for the time that a file is made: <see cref="TryTake"/> of a hidden file beside it, which is deleted at the end.
    /// </summary>
    /// <param name="path">The file that is made, in a folder that exists.</param>
    /// <returns>The lock, or null where another process is making the same file. Pipes and devices take writers as they come: their lock is
    /// always free.</returns>
    /// <exception cref="IOException">The lock's file cannot be created.</exception>
    public static FileLock? TryTakeFor(string path)
    {
        if (!AtomicFile.IsReplaced(path))
            return new FileLock(null);
        var full = Path.GetFullPath(path);
        var name = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.lock");
        while (TryTake(name) is { } taken)
        {
            // The process that held it may have deleted the file between its opening and its locking here, and another may have made a new
            // one. A random time tells whether the name leads to what is locked; in steps of 2 s, which every file system keeps.
            var mark = DateTime.UnixEpoch.AddSeconds(2.0 * Random.Shared.Next(1 << 29));
            File.SetLastWriteTimeUtc(taken.stream!.SafeFileHandle, mark);
            if (File.GetLastWriteTimeUtc(name) == mark)
                return new FileLock(taken.stream, name);
            taken.Dispose();
        }

        return null;
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        if (passing is not null)
            StagedFile.DeleteIfThere(passing);
        stream?.Dispose();
    }

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
