using System.CommandLine;
using VoiceKit.Corpora;

namespace VoiceKit.Cli;

/// <summary>--speaker-from.</summary>
internal sealed class SpeakerOption
{
    public Option<string?> Option { get; } = new("--speaker-from")
    {
        Description = "Who speaks in a folder's recordings: the number of the folder's level, 1 (the default) for the first below CORPUS; or a regular expression sought in the path below it, such as '^[a-z]+'.",
    };

    /// <summary>The rule that was given, or the first folder.</summary>
    public SpeakerNames Parse(ParseResult result)
    {
        try
        {
            return result.GetValue(Option) is { } text ? SpeakerNames.Parse(text) : SpeakerNames.FirstFolder;
        }
        catch (FormatException exception)
        {
            throw new UsageException($"{Option.Name}: {exception.Message}");
        }
    }
}
