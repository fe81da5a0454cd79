using VoiceKit.Files;

namespace VoiceKit.Corpora;

/// <summary>
/// Reads a list of recordings in whichever form it is: a Kaldi data directory, lhotse's recordings, or VoiceKit's own list.
/// </summary>
internal static class ManifestFile
{
    /// <summary>
    /// Whether a path is a manifest by its name: a folder with wav.scp, a wav.scp, or a file whose name ends in .jsonl or .jsonl.gz.
    /// </summary>
    public static bool IsManifest(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Directory.Exists(path) ? File.Exists(Path.Combine(path, KaldiDirectory.WaveList)) : IsWaveList(path) || IsJsonLines(path);
    }

    /// <summary>Reads a manifest: a folder or a wav.scp by <see cref="KaldiDirectory"/>; any other file by <see cref="LhotseManifest"/>
    /// where its first line has "sources", else by
    /// <see cref="CorpusItemList"/>.</summary>
    /// <param name="path">The manifest.</param>
    /// <param name="warn">Receives what was passed over.</param>
    /// <returns>The items; those of files in JSON Lines as they are read. What is there twice is taken once.</returns>
    /// <exception cref="FileNotFoundException">There is no such file, or no wav.scp in the folder.</exception>
    /// <exception cref="BadFileException">The manifest is damaged or of another kind, or names what is no file.</exception>
    public static IEnumerable<CorpusItem> Read(string path, Action<string>? warn = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            return KaldiDirectory.Read(path, warn);
        if (IsWaveList(path))
            return KaldiDirectory.Read(Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".", warn);
        using var lines = new TextLines(path);
        using var first = JsonLine.Next(lines);
        if (first is null)
            return [];
        var line = new JsonLine(lines, first.RootElement);
        if (line.Value("sources") is not null)
            return LhotseManifest.Read(path, warn);
        if (line.Value("path") is not null)
            return CorpusItemList.Read(path).DistinctBy(item => ContentHash.OfText(item.ToString()));
        throw lines.Bad(
            line.Value("recording_id") is not null
                ? "these are lhotse's supervisions; give the manifest of the recordings, which has them beside"
            : line.Value("type") is not null ? "these are lhotse's cuts; give the manifest of the recordings"
            : "this is no list of recordings: neither lhotse's \"sources\" nor VoiceKit's \"path\" is there"
        );
    }

    /// <summary>Determines whether a name is that of a file in JSON Lines: .jsonl or .jsonl.gz.</summary>
    public static bool IsJsonLines(string path) =>
        path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".jsonl.gz", StringComparison.OrdinalIgnoreCase);

    private static bool IsWaveList(string path) => Path.GetFileName(path) == KaldiDirectory.WaveList;
}

/// <summary>Translates between the names of audio files in a manifest and their paths.</summary>
internal static class ManifestPath
{
    /// <summary>
    /// A relative path is meant from the current directory, as Kaldi and lhotse do; where nothing is there but a file lies at that path
    /// from the manifest's own folder, that one is meant: a corpus stays whole when it is moved.
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
    public static string Require(string path, TextLines lines) =>
        path switch
        {
            "" => throw lines.Bad("the path is empty"),
            _ when path.Contains('\0', StringComparison.Ordinal) => throw lines.Bad("the path holds a NUL character"),
            _ => path,
        };
}
