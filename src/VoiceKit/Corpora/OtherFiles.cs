using VoiceKit.Audio;

namespace VoiceKit.Corpora;

/// <summary>Files of one kind below a corpus' folder that are not read.</summary>
/// <param name="Extension">What their names end in, in lower case, with its dot; "" where that is nothing.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Reason">Why they are not read.</param>
public sealed record OtherFiles(string Extension, int Count, string Reason)
{
    private static readonly string[] Unsupported =
    [
        ".m4a", ".mp4", ".aac", ".wma", ".amr", ".3gp", ".ape", ".wv", ".tta", ".dsf", ".dff", ".webm", ".mka", ".mkv", ".mov", ".avi", ".ac3", ".ra", ".mpc", ".spx", ".gsm", ".vox",
        ".raw", ".pcm", ".sd2", ".mp2", ".mid", ".midi",
    ];

    /// <summary>Counts the files below a folder that <see cref="CorpusFolder.List"/> leaves out, hidden ones excepted, by the endings of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The kinds, the most frequent first.</returns>
    public static IReadOnlyList<OtherFiles> Below(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden };
        return [.. Directory.EnumerateFiles(folder, "*", options)
            .Where(path => !AudioFile.HasAudioName(path) && !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.')))
            .GroupBy(path => Path.GetExtension(path).ToLowerInvariant(), StringComparer.Ordinal)
            .Select(group => new OtherFiles(group.Key, group.Count(), Unsupported.Contains(group.Key) ? "not supported" : "not named as audio"))
            .OrderByDescending(kind => kind.Count).ThenBy(kind => kind.Extension, StringComparer.Ordinal)];
    }

    /// <summary>All kinds in words: "10 other files: 7 .txt (not named as audio), 3 .m4a (not supported)"; empty where there are none.</summary>
    /// <param name="kinds">The kinds.</param>
    public static string Describe(IReadOnlyList<OtherFiles> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        var all = kinds.Sum(kind => kind.Count);
        return all == 0 ? "" : $"{all} other {(all == 1 ? "file" : "files")}: {string.Join(", ", kinds.Select(kind => $"{kind.Count} {(kind.Extension.Length > 0 ? kind.Extension : "without an ending")} ({kind.Reason})"))}";
    }
}
