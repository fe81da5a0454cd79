namespace VoiceKit.Files;

/// <summary>Writes files so that a reader finds the old content or the whole new content, never a part.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Creates or replaces the file at <paramref name="path"/> with what <paramref name="write"/> writes. The bytes go to a temporary
    /// name in the same folder, are flushed to the disk, and take the final name at the end. Missing parent folders are created.
    /// </summary>
    /// <param name="path">The file to write. A link is followed; a device or pipe (such as /dev/stdout) is written to directly.</param>
    /// <param name="write">Writes the content; the stream is seekable unless the path is a device or pipe.</param>
    /// <exception cref="IOException">The file cannot be written; what was at <paramref name="path"/> is untouched.</exception>
    /// <remarks>If <paramref name="write"/> throws, that exception passes through and what was at <paramref name="path"/> is untouched.</remarks>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        switch (FileKinds.Of(path))
        {
            case FileKind.Directory:
                throw new IOException($"{path}: this is a directory; it cannot be replaced by a file");

            // A rename would replace the device node itself.
            case FileKind.Pipe or FileKind.Device:
                using (var device = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                    write(device);
                return;
        }

        var (target, temporary) = Names(path);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception exception)
        {
            DeleteIfThere(temporary);
            if (Renamed(exception, temporary, target) is { } renamed)
                throw renamed;

            // What .NET makes of the system's "file too large", such as 4 GiB on FAT.
            if (exception is ArgumentOutOfRangeException { ParamName: "value", Source: "System.Private.CoreLib" })
                throw new IOException($"{target}: the file is too large for its file system", exception);
            throw;
        }
    }

    /// <summary>Makes sure that <see cref="Write"/> can create the file: hours of work must not end in a folder that is read-only. Missing parent folders are created.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is read-only.</exception>
    public static void RequireWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        switch (FileKinds.Of(path))
        {
            case FileKind.Directory:
                throw new IOException($"{path}: this is a directory; it cannot be replaced by a file");
            case FileKind.Pipe or FileKind.Device:
                return;
        }

        var (target, temporary) = Names(path);
        try
        {
            File.Create(temporary).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Renamed(exception, temporary, target) ?? exception;
        }
        finally
        {
            DeleteIfThere(temporary);
        }
    }

    /// <summary>The file that a path leads to, and a temporary name in its folder, which is created.</summary>
    private static (string Target, string Temporary) Names(string path)
    {
        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var folder = Path.GetDirectoryName(target) ?? throw new IOException($"{path}: this is not the name of a file");
        Directory.CreateDirectory(folder);
        return (target, Path.Combine(folder, $".voicekit-{Path.GetRandomFileName()}.tmp"));
    }

    /// <summary>The same exception with the file's name instead of the temporary one, which says nothing to the person at the terminal; null where it is not named.</summary>
    private static Exception? Renamed(Exception exception, string temporary, string target)
    {
        var message = exception.Message.Replace(temporary, target, StringComparison.Ordinal);
        return message == exception.Message ? null : exception switch
        {
            UnauthorizedAccessException => new UnauthorizedAccessException(message, exception),
            IOException => new IOException(message, exception),
            _ => null,
        };
    }

    /// <summary>Deletes a file; what went wrong before counts more than a file that cannot be deleted.</summary>
    private static void DeleteIfThere(string path)
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
