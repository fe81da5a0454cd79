namespace VoiceKit.Corpora;

/// <summary>Opens a corpus by what was typed.</summary>
public static class CorpusSource
{
    /// <summary>The items of a folder or of a single file.</summary>
    /// <param name="path">What was typed.</param>
    /// <param name="except">A folder that is left out; null for none.</param>
    public static IEnumerable<CorpusItem> Open(string path, string? except = null) =>
        Directory.Exists(path) ? CorpusFolder.List(path, except) : [new CorpusItem(Path.GetFileNameWithoutExtension(path), path)];
}
