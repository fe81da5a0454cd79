using VoiceKit.Files;

namespace VoiceKit.Corpora;

/// <summary>Where the audio file is that a manifest names, and how a manifest names it.</summary>
internal static class ManifestPath
{
    /// <summary>
    /// A relative path is meant from the current directory, as Kaldi and lhotse do; where nothing is there but a file lies at that path from the manifest's
    /// own folder, that one is meant: a corpus stays whole when it is moved.
    /// </summary>
    /// <param name="path">The path in the manifest.</param>
    /// <param name="folder">The manifest's folder; "" for the current directory.</param>
    public static string Resolve(string path, string folder)
    {
        if (Path.IsPathRooted(path) || File.Exists(path))
            return path;
        var beside = Path.Combine(folder, path);
        return File.Exists(beside) ? beside : path;
    }

    /// <summary>A path as it is written: as it is, or from a folder.</summary>
    public static string Written(string path, string? relativeTo) => relativeTo is null ? path : Path.GetRelativePath(relativeTo, path);

    /// <summary>Makes sure that a text can be a path at all.</summary>
    /// <exception cref="BadFileException">It cannot.</exception>
    public static string Require(string path, TextLines lines) => path switch
    {
        "" => throw lines.Bad("the path is empty"),
        _ when path.Contains('\0', StringComparison.Ordinal) => throw lines.Bad("the path holds a NUL character"),
        _ => path,
    };
}
