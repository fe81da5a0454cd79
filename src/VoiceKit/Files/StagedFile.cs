namespace VoiceKit.Files;

/// <summary>A file that is written under a temporary name, brought to the disk, and given its own: in three steps. Without the last nothing of it stays.</summary>
public sealed class StagedFile : IDisposable
{
    private readonly string temporary;
    private bool isCommitted;

    private StagedFile(string path, string temporary) => (Path, this.temporary) = (path, temporary);

    /// <summary>The name that the file will have.</summary>
    public string Path { get; }

    /// <summary>The file as it is now, by its temporary name; after <see cref="Commit"/> by its own.</summary>
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
    internal static string TemporaryName(string folder) => System.IO.Path.Combine(folder, $".voicekit-{System.IO.Path.GetRandomFileName()}.tmp");

    /// <summary>The same exception with the file's name instead of the temporary one, which says nothing to the person at the terminal; null where it is not named.</summary>
    internal static Exception? Renamed(Exception exception, string temporary, string target)
    {
        var message = exception.Message.Replace(temporary, target, StringComparison.Ordinal);
        return message == exception.Message ? null : exception switch
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
