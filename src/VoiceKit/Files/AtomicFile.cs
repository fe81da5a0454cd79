namespace VoiceKit.Files;

/// <summary>Writes files so that a reader finds the old content or the whole new content, never a part.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Creates or replaces the file at <paramref name="path"/> with what <paramref name="write"/> writes. The bytes go to a temporary
    /// name in the same folder, are flushed to the disk, and take the final name at the end. Missing parent folders are created.
    /// </summary>
    /// <param name="path">The file to write. A link is replaced, whatever it leads to; a device or pipe, and /dev/stdout wherever it leads, is written to directly.</param>
    /// <param name="write">Writes the content; the stream is seekable unless the path is a device or pipe.</param>
    /// <exception cref="IOException">The file cannot be written; what was at <paramref name="path"/> is untouched.</exception>
    /// <remarks>If <paramref name="write"/> throws, that exception passes through and what was at <paramref name="path"/> is untouched.</remarks>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        switch (KindAt(path))
        {
            case FileKind.Directory:
                throw new IOException($"{path}: this is a directory; it cannot be replaced by a file");

            // A rename would replace the device node itself.
            case FileKind.Pipe or FileKind.Device:
                using (var device = new FileStream(path, FileKinds.Of(path) == FileKind.Regular ? FileMode.Append : FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                    write(device);
                return;
        }

        var (target, folder) = Place(path);
        using var staged = StagedFile.Write(target, folder, write);
        staged.Flush();
        staged.Commit();
    }

    /// <summary>Makes sure that <see cref="Write"/> can create the file: hours of work must not end in a folder that is read-only. Missing parent folders are created.</summary>
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

    /// <summary>Whether a file at the path would be replaced, and not written into, as pipes and devices are.</summary>
    internal static bool IsReplaced(string path) => KindAt(path) is not (FileKind.Pipe or FileKind.Device);

    /// <summary>What is at a path itself: a link is a file like others, but the system's own, such as /dev/stdout, stand for what they lead to.</summary>
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
