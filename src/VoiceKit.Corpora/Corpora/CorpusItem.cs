using System.Text;
using System.Text.RegularExpressions;
using VoiceKit.Audio;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>One recording of a corpus, or a part of one.</summary>
/// <param name="Id">Its name in the corpus: the path below the corpus' folder without its extension, with "/" between folders, or the name
/// in a manifest.</param>
/// <param name="Path">The audio file.</param>
public sealed record CorpusItem(string Id, string Path)
{
    /// <summary>
    /// Who speaks, or null where that is not known. In a folder it is the first subfolder on the way to the file, unless something else was
    /// asked for: see <see cref="SpeakerNames"/>.
    /// </summary>
    public string? Speaker { get; init; }

    /// <summary>Gets or sets what is said, or null where that is not known.</summary>
    public string? Text { get; init; }

    /// <summary>Gets or sets the part of the file that is meant; null for the whole.</summary>
    public TimeSegment? Segment { get; init; }

    /// <summary>
    /// Gets or sets the channel that is meant, counted from 0; null for the mean of all. A file of one channel is that channel, whatever
    /// its number.
    /// </summary>
    public int? Channel { get; init; }

    /// <summary>Gets or sets what a manifest says of the file; null where it says nothing.</summary>
    public RecordingClaims? Claims { get; init; }

    /// <summary>
    /// Why the item cannot be worked on although it is listed, such as a name that no output can have; null where it can.
    /// </summary>
    public string? Fault { get; init; }

    /// <summary>Opens the recording, or its part, to be read as one channel.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file cannot be decoded, ends before the part starts, or has no such channel; or the item has
    /// a <see cref="Fault"/>.</exception>
    public AudioReader Open()
    {
        RequireUsable();
        var whole = AudioFile.Open(Path);
        try
        {
            RequireChannels(whole.ChannelCount);
            var stream = Channel is { } channel && whole.ChannelCount > 1 ? whole.OneChannel(channel) : whole;
            if (Segment is not { } segment)
                return stream;
            var start = (long)Math.Round(segment.Start * stream.SampleRate);
            var end = (long)Math.Min(stream.Length, Math.Round(segment.End * stream.SampleRate));
            return start >= 0 && end > start
                ? stream.Part(start, end)
                : throw new BadFileException(
                    Path,
                    null,
                    Invariant($"the part {Id} is said to be {segment.Start:0.###} .. {segment.End:0.###} s; the recording has ")
                        + Invariant($"{stream.Duration.TotalSeconds:0.###} s")
                );
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that the file has the channels that are meant.</summary>
    /// <param name="count">How many it has.</param>
    /// <exception cref="BadFileException">It has not, or some but not all of several are meant.</exception>
    internal void RequireChannels(int count)
    {
        if (count > 1)
            MonoMixer.RequireChannel(Path, count, Channel);
        if (Channel is null && Claims?.ChannelCount is { } meant && meant != count)
            throw new BadFileException(
                Path,
                null,
                Invariant(
                    $"the manifest means {meant} of the file's {count} channels; one or all of them can be read: make a file of these"
                )
            );
    }

    /// <summary>Makes sure that nothing in the item's names is in the way of working on it.</summary>
    /// <exception cref="BadFileException">It has a <see cref="Fault"/>, or its file's name is not UTF-8.</exception>
    public void RequireUsable()
    {
        if (Fault is not null)
            throw new BadFileException(Path, null, Fault);
        if (Path.Contains('\uFFFD', StringComparison.Ordinal) && !File.Exists(Path))
            throw new BadFileException(Path, null, "the file's name is not UTF-8, so it cannot be opened; rename it");
    }

    /// <summary>Reads the recording, or its part, as one channel.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">See <see cref="Open"/>.</exception>
    public AudioRecording Read()
    {
        using var stream = Open();
        return new AudioRecording(stream.ReadAll(), stream.ChannelCount, stream.Encoding, [.. stream.Warnings, .. Contradictions(stream)]);
    }

    /// <summary>Lists the points in which the file differs from its manifest, one plain sentence each.</summary>
    /// <param name="stream">The opened recording.</param>
    public IEnumerable<string> Contradictions(AudioReader stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Claims is null ? [] : Claims.Contradictions(stream.File);
    }
}

/// <summary>The values that a manifest gives of a recording's file; one that it does not give is null.</summary>
/// <param name="SampleRate">The sampling frequency in Hz.</param>
/// <param name="SampleCount">The number of samples of one channel.</param>
/// <param name="Seconds">The duration in seconds.</param>
public sealed record RecordingClaims(double? SampleRate, double? SampleCount, double? Seconds)
{
    private const double Tolerance = 0.01;

    /// <summary>Of how many channels the recording is made, where these are several; else null.</summary>
    public int? ChannelCount { get; init; }

    /// <summary>The values, or null where there are none.</summary>
    internal static RecordingClaims? Of(double? sampleRate, double? sampleCount, double? seconds, int? channelCount = null) =>
        (sampleRate ?? sampleCount ?? seconds ?? channelCount) is null
            ? null
            : new RecordingClaims(sampleRate, sampleCount, seconds) { ChannelCount = channelCount };

    /// <summary>Lists the points in which the file differs, one plain sentence each.</summary>
    internal IEnumerable<string> Contradictions(AudioDescription file)
    {
        if (SampleRate is { } rate && rate != file.SampleRate)
            yield return Invariant($"The manifest says {rate} Hz; the file has {file.SampleRate} Hz, which counts.");
        if (SampleCount is { } count && count != file.SampleCount)
            yield return Invariant($"The manifest says {count} samples; the file has {file.SampleCount}, which count.");
        else if (Seconds is { } seconds && Math.Abs(seconds - file.Seconds) > Tolerance)
            yield return Invariant($"The manifest says {seconds:0.###} s; the file has {file.Seconds:0.###} s, which count.");
    }
}

/// <summary>A part of a recording.</summary>
/// <param name="Start">Where it starts, in seconds from the recording's start; not negative.</param>
/// <param name="End">Where it ends, in seconds; above <paramref name="Start"/>. Positive infinity is the recording's end.</param>
public readonly record struct TimeSegment(double Start, double End);

/// <summary>
/// Which names of recordings can be used. An id becomes the path of an output file below a folder, so one that would lead out of that
/// folder, or that no file system takes, is refused where it is read.
/// </summary>
public static class CorpusId
{
    /// <summary>
    /// The most UTF-8 bytes of one part between slashes: file systems take 255, and the number of a piece and an extension must fit as
    /// well.
    /// </summary>
    public const int MaxPart = 240;

    /// <summary>The most UTF-8 bytes of one part of an output's name, the number of a piece and the extension included.</summary>
    private const int MaxName = 255;

    /// <summary>The most UTF-8 bytes of an id: Linux takes paths of 4095.</summary>
    public const int Longest = 2048;

    /// <summary>The first part that no id may have: the folder in which a batch keeps its journal.</summary>
    public const string ReservedFolder = ".voicekit";

    /// <summary>The fault of an id, without a full stop; null where it can be used.</summary>
    /// <param name="id">The id, with "/" between folders.</param>
    public static string? Fault(string id) => Fault(id, MaxPart);

    /// <summary>The fault of an output's name, which is an id and an ending; null where it can be used.</summary>
    /// <param name="name">The name below the output folder, with "/" between folders.</param>
    internal static string? OutputFault(string name) => Fault(name, MaxName);

    private static string? Fault(string id, int longestPart)
    {
        if (ContainedPath.Fault(id) is { } fault)
            return fault;
        if (Encoding.UTF8.GetByteCount(id) > Longest)
            return Invariant($"it is longer than {Longest} bytes");
        if (IsReserved(id))
            return $"{ReservedFolder} is the folder of the batch's own files";
        return Array.Exists(id.Split('/'), part => Encoding.UTF8.GetByteCount(part) > longestPart)
            ? Invariant($"a part of it is longer than {longestPart} bytes")
            : null;
    }

    private static bool IsReserved(string id) => id.Split('/')[0].Equals(ReservedFolder, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// An item whose id can be used. One that is only too long, or empty, gets another id, made of a hash, and a
    /// <see cref="CorpusItem.Fault"/>, so that it fails alone; an id that would lead out of a folder is refused, as no one names a
    /// recording so by mistake.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="place">The list and line that it was read from, for errors; null for its file.</param>
    /// <exception cref="BadFileException">The id leads out of a folder, or is that of a batch's own files.</exception>
    public static CorpusItem Admit(CorpusItem item, (string Path, long Line)? place = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (Fault(item.Id) is not { } fault)
            return item;
        if (item.Id.Length > 0 && (ContainedPath.Fault(item.Id) is not null || IsReserved(item.Id)))
            throw new BadFileException(
                place?.Path ?? item.Path,
                null,
                $"{(place is { } at ? Invariant($"line {at.Line}: ") : "")}the id '{Shortened(item.Id)}' cannot be used as the "
                    + $"name of an output: {fault}"
            );
        return item with
        {
            Id = "unusable-name-" + ContentHash.OfText(item.Id + "\0" + item.Path)[..16],
            Fault = $"the name '{Shortened(item.Id)}' cannot be that of an output: {fault}",
        };
    }

    /// <summary>The start of a text, for a message.</summary>
    internal static string Shortened(string text) =>
        text.Length <= 80 ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[79]) ? 79 : 80), "...");
}

/// <summary>
/// Who speaks, by where a recording lies: the folder of one level below the corpus' own, or what a regular expression finds in its path.
/// </summary>
public sealed class SpeakerNames
{
    private readonly int level;
    private readonly Regex? pattern;

    private SpeakerNames(int level, Regex? pattern) => (this.level, this.pattern) = (level, pattern);

    /// <summary>Gets the first folder below the corpus' own, as most corpora have it: speaker/session/recording.</summary>
    public static SpeakerNames FirstFolder { get; } = new(1, null);

    /// <summary>Reads a rule.</summary>
    /// <param name="text">A number, 1 for the first folder below the corpus' own; or a regular expression that is sought in the path below
    /// it without the ending: its first group, or all that it matches, is the speaker.</param>
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
