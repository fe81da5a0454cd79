namespace VoiceKit.Files;

/// <summary>Opens ordinary files for reading, and says clearly why anything else is refused.</summary>
internal static class InputFile
{
    /// <summary>Opens <paramref name="path"/> for reading. Never waits: a named pipe is refused, not opened.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The path leads to a directory, a pipe or a device.</exception>
    public static FileStream Open(string path)
    {
        RequireRegular(path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (DirectoryNotFoundException)
        {
            throw Missing(path);
        }
    }

    /// <summary>Makes sure that <paramref name="path"/> leads to an ordinary file, with the same exceptions as <see cref="Open"/>.</summary>
    public static void RequireRegular(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        switch (FileKinds.Of(path))
        {
            case FileKind.Missing:
                throw Missing(path);
            case FileKind.Directory:
                throw new BadFileException(path, null, "this is a directory; a file was expected");
            case FileKind.Pipe:
                throw new BadFileException(path, null, "this is a named pipe; an ordinary file was expected (pipe into standard input instead)");
            case FileKind.Device:
                throw new BadFileException(path, null, "this is a device or socket; an ordinary file was expected");
        }
    }

    private static FileNotFoundException Missing(string path) => new($"{path}: there is no such file", path);
}
