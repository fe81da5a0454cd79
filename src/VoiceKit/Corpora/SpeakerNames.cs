using System.Text.RegularExpressions;
using VoiceKit.Files;

namespace VoiceKit.Corpora;

/// <summary>Who speaks, by where a recording lies: the folder of one level below the corpus' own, or what a regular expression finds in its path.</summary>
public sealed class SpeakerNames
{
    private readonly int level;
    private readonly Regex? pattern;

    private SpeakerNames(int level, Regex? pattern) => (this.level, this.pattern) = (level, pattern);

    /// <summary>The first folder below the corpus' own, as most corpora have it: speaker/session/recording.</summary>
    public static SpeakerNames FirstFolder { get; } = new(1, null);

    /// <summary>Reads a rule.</summary>
    /// <param name="text">A number, 1 for the first folder below the corpus' own; or a regular expression that is sought in the path below it without the ending: its first group,
    /// or all that it matches, is the speaker.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static SpeakerNames Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (StrictNumber.Whole(text) is { } number)
            return number >= 1 ? new SpeakerNames(number, null) : throw new FormatException("levels of folders are counted from 1");
        try
        {
            return new SpeakerNames(0, new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"'{text}' is neither a level of folders nor a regular expression: {exception.Message}", exception);
        }
    }

    /// <summary>The speaker of a recording.</summary>
    /// <param name="id">Its path below the corpus' folder without its ending, with "/" between folders.</param>
    /// <returns>The name; null where the recording lies above that level, or the expression finds nothing.</returns>
    public string? Of(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (pattern is null)
            return id.Split('/')[..^1].ElementAtOrDefault(level - 1);
        if (pattern.Match(id) is not { Success: true } match)
            return null;
        var name = match.Groups.Count > 1 ? match.Groups[1].Value : match.Value;
        return name.Length > 0 ? name : null;
    }
}
