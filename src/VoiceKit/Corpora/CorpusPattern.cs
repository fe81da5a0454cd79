using Microsoft.Extensions.FileSystemGlobbing;

namespace VoiceKit.Corpora;

/// <summary>Recordings by a pattern of their paths: * within a name, ** across folders.</summary>
public static class CorpusPattern
{
    private const char Wildcard = '*';

    /// <summary>Whether a text is a pattern.</summary>
    public static bool IsPattern(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(Wildcard, StringComparison.Ordinal);
    }

    /// <summary>The recordings whose paths match. The corpus' folder is the part of the pattern before the first name with a wildcard.</summary>
    /// <param name="pattern">The pattern, such as "corpus/**/*.wav".</param>
    /// <param name="except">A folder that is left out; null for none.</param>
    /// <param name="speakers">Who speaks; null for the first folder below the corpus' own.</param>
    /// <exception cref="DirectoryNotFoundException">The corpus' folder does not exist.</exception>
    public static IEnumerable<CorpusItem> List(string pattern, string? except = null, SpeakerNames? speakers = null)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var wildcard = pattern.IndexOf(Wildcard, StringComparison.Ordinal);
        var slash = wildcard < 0 ? pattern.LastIndexOf('/') : pattern.LastIndexOf('/', wildcard);
        var root = slash < 0 ? "." : slash == 0 ? "/" : pattern[..slash];
        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(pattern[(slash + 1)..]);
        return CorpusFolder.List(root, except, speakers).Where(item => matcher.Match(Path.GetRelativePath(root, item.Path)).HasMatches);
    }
}
