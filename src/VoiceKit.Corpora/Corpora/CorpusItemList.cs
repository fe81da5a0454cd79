using System.Text.Json;
using VoiceKit.Files;

namespace VoiceKit.Corpora;

/// <summary>
/// VoiceKit's own list of recordings: JSON Lines in UTF-8, one object an item with "id" and "path" and, where they are known, "speaker",
/// "text", "start" and "end" (seconds; a part without "end" goes on to the recording's end), "channel" (counted from 0), what another
/// manifest claims of the file, and a "fault" for which it cannot be worked on. Names may hold any character: line breaks, quotes and
/// controls are escaped, so an item is always one line.
/// </summary>
public static class CorpusItemList
{
    /// <summary>
    /// Writes items, one in memory at a time. Half of a surrogate pair, which no file name in UTF-8 can hold, becomes U+FFFD.
    /// </summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="items">The items.</param>
    /// <returns>How many they were.</returns>
    /// <exception cref="ArgumentException">A segment's start is not finite.</exception>
    public static int Write(Stream stream, IEnumerable<CorpusItem> items)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(items);
        using var lines = new JsonLineWriter(stream);
        var count = 0;
        foreach (var item in items)
        {
            lines.Write(json => Write(json, item));
            count++;
        }

        lines.Flush();
        return count;
    }

    /// <summary>
    /// Reads a list, plain or gzip, one line in memory at a time. Blank lines are passed over, and so are names of values that are not
    /// known.
    /// </summary>
    /// <param name="path">The file. A relative path in it is meant from the current directory, or from the list's own folder where only
    /// there is a file.</param>
    /// <returns>The items as they are read; to read them again is to read the file again. Whether an id is there twice is not looked
    /// at.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">A line is no such object, is longer than 1 MiB, or has an id that <see cref="CorpusId"/>
    /// refuses.</exception>
    public static IEnumerable<CorpusItem> Read(string path)
    {
        InputFile.RequireRegular(path);
        return Items(path);
    }

    private static IEnumerable<CorpusItem> Items(string path)
    {
        using var lines = new TextLines(path);
        var folder = Path.GetDirectoryName(path) ?? "";
        while (JsonLine.Next(lines) is { } document)
        {
            CorpusItem item;
            using (document)
                item = Item(lines, new JsonLine(lines, document.RootElement), folder);
            yield return item;
        }
    }

    private static CorpusItem Item(TextLines lines, JsonLine line, string folder)
    {
        var audio = ManifestPath.Resolve(ManifestPath.Require(line.Name("path"), lines), folder);
        var item = new CorpusItem(line.Name("id"), audio)
        {
            Speaker = line.OptionalText("speaker"),
            Text = line.OptionalText("text"),
            Segment = Segment(lines, line),
            Channel = line.Channel("channel"),
            Fault = line.OptionalText("fault"),
            Claims = RecordingClaims.Of(
                line.OptionalNumber("claimed_sample_rate"),
                line.OptionalNumber("claimed_samples"),
                line.OptionalNumber("claimed_seconds"),
                line.OptionalNumber("claimed_channels") is { } count ? (int)Math.Clamp(count, 0, ushort.MaxValue) : null
            ),
        };
        return CorpusId.Admit(item, (lines.Path, lines.Number));
    }

    private static TimeSegment? Segment(TextLines lines, JsonLine line) =>
        (line.OptionalNumber("start"), line.OptionalNumber("end")) switch
        {
            (null, null) => null,
            (null, _) => throw lines.Bad("\"start\" is missing, but there is an \"end\""),
            var (start, end) => lines.Segment(start.Value, end ?? double.PositiveInfinity),
        };

    private static void Write(Utf8JsonWriter json, CorpusItem item)
    {
        json.WriteString("id", item.Id);
        json.WriteString("path", item.Path);
        if (item.Speaker is not null)
            json.WriteString("speaker", item.Speaker);
        if (item.Text is not null)
            json.WriteString("text", item.Text);
        if (item.Segment is { } segment)
        {
            json.WriteNumber("start", segment.Start);
            if (!double.IsPositiveInfinity(segment.End))
                json.WriteNumber("end", segment.End);
        }

        if (item.Channel is { } channel)
            json.WriteNumber("channel", channel);
        if (item.Fault is not null)
            json.WriteString("fault", item.Fault);
        WriteIf(json, "claimed_sample_rate", item.Claims?.SampleRate);
        WriteIf(json, "claimed_samples", item.Claims?.SampleCount);
        WriteIf(json, "claimed_seconds", item.Claims?.Seconds);
        WriteIf(json, "claimed_channels", item.Claims?.ChannelCount);
    }

    private static void WriteIf(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }
}

/// <summary>
/// The order of texts by their bytes in UTF-8, which is that of their code points and what "LC_ALL=C sort" does. Ordinal order differs
/// above U+FFFF: surrogates are below U+E000 but stand for code points above it.
/// </summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var same = x.AsSpan().CommonPrefixLength(y);
        return same == x.Length || same == y.Length ? x.Length - y.Length : Rank(x[same]) - Rank(y[same]);
    }

    // Surrogates move behind all other units.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
