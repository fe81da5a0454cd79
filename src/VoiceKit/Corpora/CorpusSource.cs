namespace VoiceKit.Corpora;

/// <summary>Opens a corpus by what was typed.</summary>
public static class CorpusSource
{
    /// <summary>The items of a folder, a manifest, a pattern or a single file.</summary>
    /// <param name="path">What was typed. What is there under that name counts before it is taken for a pattern.</param>
    /// <param name="except">A folder that is left out; null for none.</param>
    /// <param name="speakers">Who speaks in a folder's recordings; null for the first folder below it. Manifests say it themselves.</param>
    /// <param name="warn">Receives what a manifest has that was passed over.</param>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="DirectoryNotFoundException">A pattern's folder does not exist.</exception>
    public static IEnumerable<CorpusItem> Open(string path, string? except = null, SpeakerNames? speakers = null, Action<string>? warn = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (ManifestFile.IsManifest(path))
            return ManifestFile.Read(path, warn);
        if (Directory.Exists(path))
            return CorpusFolder.List(path, except, speakers);
        if (Path.Exists(path))
            return [new CorpusItem(Path.GetFileNameWithoutExtension(path), path)];
        return CorpusPattern.IsPattern(path)
            ? CorpusPattern.List(path, except, speakers)
            : throw new FileNotFoundException($"{path}: there is no such file or folder", path);
    }
}
