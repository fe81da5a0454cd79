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

        var (target, folder) = Resolve(path);
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
        switch (FileKinds.Of(path))
        {
            case FileKind.Directory:
                throw new IOException($"{path}: this is a directory; it cannot be replaced by a file");
            case FileKind.Pipe or FileKind.Device:
                return;
        }

        var (target, folder) = Resolve(path);
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

    /// <summary>The file that a path leads to, and its folder, which is created.</summary>
    private static (string Target, string Folder) Resolve(string path)
    {
        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var folder = Path.GetDirectoryName(target) ?? throw new IOException($"{path}: this is not the name of a file");
        Directory.CreateDirectory(folder);
        return (target, folder);
    }
}
