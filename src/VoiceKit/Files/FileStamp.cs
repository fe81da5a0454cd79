namespace VoiceKit.Files;

/// <summary>What tells without reading it whether a file has changed.</summary>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Modified">When it was last written, in UTC, in steps of 100 ns.</param>
public readonly record struct FileStamp(long Size, DateTime Modified)
{
    /// <summary>The stamp of a file, links followed.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The path leads to a directory, pipe or device.</exception>
    public static FileStamp Of(string path)
    {
        InputFile.RequireRegular(path);
        var file = new FileInfo(path);
        if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
            file = target;
        return new FileStamp(file.Length, file.LastWriteTimeUtc);
    }
}
