namespace VoiceKit.Files;

/// <summary>Writes files so that a reader finds the old content or the whole new content, never a part.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Creates or replaces the file at <paramref name="path"/> with what <paramref name="write"/> writes. The bytes go to a temporary
    /// name in the same folder, are flushed to the disk, and take the final name at the end. Missing parent folders are created.
    /// </summary>
    /// <param name="path">The file to write. A link is replaced, whatever it leads to; a device or pipe, and /dev/stdout wherever it leads,
    /// is written to directly.</param>
    /// <param name="write">Writes the content; the stream is seekable unless the path is a device or pipe.</param>
    /// <exception cref="IOException">The file cannot be written; what was at <paramref name="path"/> is untouched.</exception>
    /// <remarks>If <paramref name="write"/> throws, that exception passes through and what was at <paramref name="path"/> is
    /// untouched.</remarks>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        switch (KindAt(path))
        {
            case FileKind.Directory:
                throw new IOException($"{path}: this is a directory; it cannot be replaced by a file");

            // A rename would replace the device node itself.
            case FileKind.Pipe
            or FileKind.Device:
                using (
                    var device = new FileStream(
                        path,
                        FileKinds.Of(path) == FileKind.Regular ? FileMode.Append : FileMode.Open,
                        FileAccess.Write,
                        FileShare.ReadWrite
                    )
                )
                    write(device);
                return;
        }

        var (target, folder) = Place(path);
        using var staged = StagedFile.Write(target, folder, write);
        staged.Flush();
        staged.Commit();
    }

    /// <summary>
    /// Makes sure that <see cref="Write"/> can create the file: hours of work must not end in a folder that is read-only. Missing parent
    /// folders are created.
    /// </summary>
    /// <param name="path">The file that will be written.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is read-only.</exception>
    public static void RequireWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        switch (KindAt(path))
        {
            case FileKind.Directory:
                throw new IOException($"{path}: this is a directory; it cannot be replaced by a file");
            case FileKind.Pipe or FileKind.Device:
                return;
        }

        var (target, folder) = Place(path);
        var temporary = StagedFile.TemporaryName(folder);
        try
        {
            File.Create(temporary).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StagedFile.Renamed(exception, temporary, target) ?? exception;
        }
        finally
        {
            StagedFile.DeleteIfThere(temporary);
        }
    }

    /// <summary>Determines whether a file at the path would be replaced, and not written into, as pipes and devices are.</summary>
    internal static bool IsReplaced(string path) => KindAt(path) is not (FileKind.Pipe or FileKind.Device);

    /// <summary>
    /// What is at a path itself: a link is a file like others, but the system's own, such as /dev/stdout, stand for what they lead to.
    /// </summary>
    private static FileKind KindAt(string path)
    {
        var full = Path.GetFullPath(path);
        if (new FileInfo(full).LinkTarget is null)
            return FileKinds.Of(path);
        var isOfTheSystem = full.StartsWith("/dev/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal);
        return isOfTheSystem && FileKinds.Of(path) is not (FileKind.Missing or FileKind.Directory) ? FileKind.Device : FileKind.Regular;
    }

    /// <summary>A file's full path, and its folder, which is created.</summary>
    private static (string Target, string Folder) Place(string path)
    {
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target) ?? throw new IOException($"{path}: this is not the name of a file");
        Directory.CreateDirectory(folder);
        return (target, folder);
    }
}

/// <summary>
/// A file that is written under a temporary name, brought to the disk, and given its own: in three steps. Without the last nothing of it
/// stays.
/// </summary>
internal sealed class StagedFile : IDisposable
{
    private readonly string temporary;
    private bool isCommitted;

    private StagedFile(string path, string temporary) => (Path, this.temporary) = (path, temporary);

    /// <summary>Gets the name that the file will have.</summary>
    public string Path { get; }

    /// <summary>Gets the file as it is now, by its temporary name; after <see cref="Commit"/> by its own.</summary>
    public FileInfo Info => new(isCommitted ? Path : temporary);

    /// <summary>Writes a file under a temporary name.</summary>
    /// <param name="path">The name that it will have.</param>
    /// <param name="folder">An existing folder for the temporary name, on the same file system.</param>
    /// <param name="write">Writes the content to a seekable stream.</param>
    /// <exception cref="IOException">The file cannot be written; its message names <paramref name="path"/>.</exception>
    /// <remarks>If <paramref name="write"/> throws, that exception passes through and nothing is left behind.</remarks>
    public static StagedFile Write(string path, string folder, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var temporary = TemporaryName(folder);
        try
        {
            using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
            write(stream);
        }
        catch (Exception exception)
        {
            DeleteIfThere(temporary);
            if (Renamed(exception, temporary, path) is { } renamed)
                throw renamed;

            // What .NET makes of the system's "file too large", such as 4 GiB on FAT.
            if (exception is ArgumentOutOfRangeException { ParamName: "value", Source: "System.Private.CoreLib" })
                throw new IOException($"{path}: the file is too large for its file system", exception);
            throw;
        }

        return new StagedFile(path, temporary);
    }

    /// <summary>Brings the file to the disk; it may take long, and only then is it safe to give it its name.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Flush()
    {
        using var file = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Gives the file its name; a file that was there is replaced. Missing folders are created.</summary>
    /// <exception cref="IOException">It cannot be renamed; what was at <see cref="Path"/> is untouched.</exception>
    public void Commit()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            File.Move(temporary, Path, overwrite: true);
            isCommitted = true;
        }
        catch (Exception exception) when (Renamed(exception, temporary, Path) is { } renamed)
        {
            throw renamed;
        }
    }

    /// <summary>Deletes the file if it has not taken its name.</summary>
    public void Dispose()
    {
        if (!isCommitted)
            DeleteIfThere(temporary);
    }

    /// <summary>A name in <paramref name="folder"/> that no other file has.</summary>
    internal static string TemporaryName(string folder) =>
        System.IO.Path.Combine(folder, $".voicekit-{System.IO.Path.GetRandomFileName()}.tmp");

    /// <summary>
    /// The same exception with the file's name instead of the temporary one, which says nothing to the person at the terminal; null where
    /// it is not named.
    /// </summary>
    internal static Exception? Renamed(Exception exception, string temporary, string target)
    {
        var message = exception.Message.Replace(temporary, target, StringComparison.Ordinal);
        return message == exception.Message
            ? null
            : exception switch
            {
                UnauthorizedAccessException => new UnauthorizedAccessException(message, exception),
                IOException => new IOException(message, exception) { HResult = exception.HResult },
                _ => null,
            };
    }

    /// <summary>Deletes a file; what went wrong before counts more than a file that cannot be deleted.</summary>
    internal static void DeleteIfThere(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { }
    }
}

/// <summary>
/// Bytes that are set aside to be read once: in memory while they are few, else in a temporary file that is gone when this is closed.
/// </summary>
/// <param name="folder">An existing folder for the temporary file.</param>
internal sealed class SpillStream(string folder) : IDisposable
{
    private const int MaxInMemory = 16 << 20;
    private Stream stream = new MemoryStream();

    /// <summary>Gets the number of bytes.</summary>
    public long Length => stream.Length;

    /// <summary>Adds bytes.</summary>
    /// <exception cref="TemporaryFileException">The temporary file cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (stream is MemoryStream memory && memory.Length + bytes.Length > MaxInMemory)
            {
                stream = new FileStream(
                    StagedFile.TemporaryName(folder),
                    FileMode.CreateNew,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    1 << 16,
                    FileOptions.DeleteOnClose
                );
                memory.WriteTo(stream);
                memory.Dispose();
            }

            stream.Write(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TemporaryFileException(folder, exception);
        }
    }

    /// <summary>The bytes from the first on.</summary>
    /// <exception cref="TemporaryFileException">The temporary file cannot be written to its end.</exception>
    public Stream Rewind()
    {
        try
        {
            stream.Position = 0;
        }
        catch (IOException exception)
        {
            throw new TemporaryFileException(folder, exception);
        }

        return stream;
    }

    /// <summary>Deletes the temporary file.</summary>
    public void Dispose() => stream.Dispose();
}

/// <summary>The exception where what was set aside in a temporary file cannot be written: the disk's fault, and not the input's.</summary>
/// <param name="folder">The folder of the temporary file.</param>
/// <param name="cause">What happened.</param>
internal sealed class TemporaryFileException(string folder, Exception cause)
    : IOException($"{folder}: a temporary file cannot be written here: {cause?.Message}", cause);
