using System.IO.Compression;
using System.Text.Json;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>
/// lhotse's manifests as JSON Lines, plain or gzip: recordings ("recordings_X.jsonl.gz") and, beside them, supervisions
/// ("supervisions_X.jsonl.gz"), which say who speaks when and what. The formats are those of lhotse's Recording and SupervisionSegment.
/// </summary>
public static class LhotseManifest
{
    private const string Recordings = "recordings";
    private const string Supervisions = "supervisions";

    /// <summary>
    /// Reads recordings, one line in memory at a time, and the supervisions beside them, which are in memory. A supervision is an item, a
    /// part of its recording unless it spans it; a recording without one is an item itself. Supervisions of recordings that are not listed
    /// are passed over.
    /// </summary>
    /// <param name="path">The manifest of the recordings. A relative source in it is meant from the current directory, or from the
    /// manifest's own folder where only there is a file.</param>
    /// <param name="warn">Receives what was passed over: supervisions of no length.</param>
    /// <returns>The items as they are read. Whether an id is there twice is not looked at.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">A line is not in lhotse's format or is longer than 1 MiB; a recording is not one file (a command,
    /// which is never run, a URL, bytes in memory, several files) or is transformed; a supervision is of several, but not all, of its
    /// channels; a rate, a length or a duration is not above 0; an id is one that <see cref="CorpusId"/> refuses.</exception>
    public static IEnumerable<CorpusItem> Read(string path, Action<string>? warn = null)
    {
        InputFile.RequireRegular(path);
        return Items(path, warn ?? (_ => { }));
    }

    /// <summary>
    /// Writes items: recordings, and supervisions beside them where an item has a speaker, a text or is a part. Sample rates, channels and
    /// lengths come from the files. Items that are parts of one file share a recording when they follow each other; its id is that of the
    /// first.
    /// </summary>
    /// <param name="path">The manifest of the recordings; gzip where the name ends in .gz.</param>
    /// <param name="items">The items, of which the ids are kept to find one that is there twice.</param>
    /// <param name="leaveOut">Gets each item whose file cannot be used, and why; null to end with that exception.</param>
    /// <param name="relativeTo">The folder that written paths start from, such as the manifest's; null, the default, for paths as they
    /// are.</param>
    /// <returns>How many items were written.</returns>
    /// <exception cref="ArgumentException">An id is there twice, or a segment is none.</exception>
    /// <exception cref="BadFileException">A file cannot be decoded, has no samples, or ends before a part starts.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="IOException">A manifest cannot be written, or supervisions of an earlier one would wrongly belong to the new
    /// one.</exception>
    public static int Write(
        string path,
        IEnumerable<CorpusItem> items,
        Action<CorpusItem, Exception>? leaveOut = null,
        string? relativeTo = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(items);
        var count = 0;
        AtomicFile.Write(
            path,
            stream =>
                Pack(
                    path,
                    stream,
                    recordings =>
                    {
                        var writer = new LhotseWriter(recordings, leaveOut, relativeTo);
                        using var rest = items.GetEnumerator();
                        var isMore = rest.MoveNext();
                        for (; isMore && !LhotseWriter.IsSupervised(rest.Current); isMore = rest.MoveNext())
                            writer.Add(rest.Current, null);
                        var beside = SupervisionsBeside(path);
                        if (isMore)
                        {
                            AtomicFile.Write(
                                beside,
                                target =>
                                    Pack(
                                        path,
                                        target,
                                        supervisions =>
                                        {
                                            for (; isMore; isMore = rest.MoveNext())
                                                writer.Add(rest.Current, supervisions);
                                        }
                                    )
                            );
                        }
                        else if (File.Exists(beside))
                        {
                            throw new IOException(
                                $"{beside}: these supervisions of an earlier manifest do not belong to the new one, which has "
                                    + $"none: remove them, or choose another name"
                            );
                        }

                        count = writer.Count;
                    }
                )
        );
        return count;
    }

    /// <summary>
    /// Where the supervisions of recordings are: "recordings" in the name becomes "supervisions", or that comes in front.
    /// </summary>
    internal static string SupervisionsBeside(string path)
    {
        var name = Path.GetFileName(path);
        var at = name.LastIndexOf(Recordings, StringComparison.Ordinal);
        name = at < 0 ? $"{Supervisions}_{name}" : string.Concat(name.AsSpan(0, at), Supervisions, name.AsSpan(at + Recordings.Length));
        return Path.Combine(Path.GetDirectoryName(path) ?? "", name);
    }

    private static IEnumerable<CorpusItem> Items(string path, Action<string> warn)
    {
        var supervisions = LhotseSupervisions.Read(ExistingSupervisions(path), warn);
        using var lines = new TextLines(path);
        var folder = Path.GetDirectoryName(path) ?? "";
        while (JsonLine.Next(lines) is { } document)
        {
            CorpusItem[] items;
            using (document)
                items = LhotseRecording.Read(lines, new JsonLine(lines, document.RootElement), folder).Items(supervisions);
            foreach (var item in items)
                yield return item;
        }
    }

    /// <summary>The supervisions beside a manifest, packed or not, whichever the manifest is; null where there are none.</summary>
    private static string? ExistingSupervisions(string path)
    {
        var beside = SupervisionsBeside(path);
        var other = beside.EndsWith(".gz", StringComparison.Ordinal) ? beside[..^3] : beside + ".gz";
        return beside == path ? null : new[] { beside, other }.FirstOrDefault(File.Exists);
    }

    private static void Pack(string path, Stream stream, Action<JsonLineWriter> write)
    {
        using var packed = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true)
            : null;
        using var lines = new JsonLineWriter(packed ?? stream);
        write(lines);
        lines.Flush();
    }
}

/// <summary>A line of a manifest of lhotse's recordings.</summary>
/// <param name="Id">The recording's name.</param>
/// <param name="Path">Its one file.</param>
/// <param name="Claims">The values that the manifest gives of the file.</param>
/// <param name="Channels">The numbers of the channels that the recording has of its file, counted from 0; empty where that is not
/// said.</param>
/// <param name="Place">File and line, for errors.</param>
internal sealed record LhotseRecording(
    string Id,
    string Path,
    RecordingClaims? Claims,
    IReadOnlyList<int> Channels,
    (string Path, long Line) Place
)
{
    /// <summary>
    /// Seconds by which a supervision may miss the recording's end and yet span it: lhotse's own tools round to milliseconds.
    /// </summary>
    private const double Tolerance = 1e-3;

    /// <summary>Reads a line.</summary>
    /// <param name="lines">The file.</param>
    /// <param name="line">The line's object.</param>
    /// <param name="folder">The manifest's folder.</param>
    /// <exception cref="BadFileException">The line is not about one file as it is.</exception>
    public static LhotseRecording Read(TextLines lines, JsonLine line, string folder)
    {
        if (line.Value("sources") is not { ValueKind: JsonValueKind.Array } sources)
            throw lines.Bad(
                line.Value("recording_id") is null
                    ? "this is no recording of lhotse's: \"sources\" is missing"
                    : "this is a supervision; give the manifest of the recordings, which has it beside"
            );
        if (sources.GetArrayLength() != 1)
            throw lines.Bad(
                Invariant($"the recording is made of {sources.GetArrayLength()} sources; only recordings of one file are read")
            );
        if (
            line.Value("transforms") is { } transforms
            && !(transforms.ValueKind == JsonValueKind.Array && transforms.GetArrayLength() == 0)
        )
            throw lines.Bad("the recording is changed by \"transforms\" when lhotse loads it; save it with lhotse first");
        if (sources[0].ValueKind != JsonValueKind.Object)
            throw lines.Bad("the source is no object");
        var source = new JsonLine(lines, sources[0]);
        if (source.Text("type") is var type and not "file")
        {
            throw lines.Bad(
                type switch
                {
                    "command" => "the source is a command: it is code, not a file, and is not run",
                    "url" => "the source is a URL, not a file: download it first",
                    "memory" => "the source is bytes in memory, not a file",
                    _ => $"the source is of the type '{CorpusId.Shortened(type)}', not a file",
                }
            );
        }

        var audio = ManifestPath.Resolve(ManifestPath.Require(source.Name("source"), lines), folder);
        var claims = RecordingClaims.Of(
            line.OptionalPositive("sampling_rate"),
            line.OptionalPositive("num_samples"),
            line.OptionalPositive("duration")
        );
        return new LhotseRecording(line.Name("id"), audio, claims, source.Channels("channels") ?? [], (lines.Path, lines.Number));
    }

    /// <summary>The items that the recording is for the supervisions of it.</summary>
    /// <exception cref="BadFileException">A supervision is of several, but not all, channels; or an id leads out of a folder.</exception>
    public CorpusItem[] Items(ILookup<string, LhotseSupervision> supervisions) =>
        supervisions.Contains(Id)
            ? [.. supervisions[Id].Select(Item)]
            : [CorpusId.Admit(Of(new CorpusItem(Id, Path) { Claims = Claims }, Channels), Place)];

    private CorpusItem Item(LhotseSupervision supervision)
    {
        var asked = supervision.Channels ?? Channels;
        if (Channels.Count > 0 && asked.FirstOrDefault(channel => !Channels.Contains(channel), -1) is >= 0 and var other)
            throw new BadFileException(
                supervision.Place.Path,
                null,
                Invariant(
                    $"line {supervision.Place.Line}: this is about channel {other}, which the recording '{CorpusId.Shortened(Id)}' has not"
                )
            );
        if (asked.Count > 1 && asked.Count < Channels.Count)
            throw new BadFileException(
                supervision.Place.Path,
                null,
                Invariant($"line {supervision.Place.Line}: this is about {asked.Count} of {Channels.Count} channels; one or all of them ")
                    + "can be read: make a file of these"
            );
        var isWhole =
            supervision.Time.Start == 0 && Claims?.Seconds is { } duration && Math.Abs(supervision.Time.End - duration) <= Tolerance;
        var item = new CorpusItem(supervision.Id, Path)
        {
            Speaker = supervision.Speaker,
            Text = supervision.Text,
            Segment = isWhole ? null : supervision.Time,
            Claims = Claims,
        };
        return CorpusId.Admit(Of(item, asked), supervision.Place);
    }

    /// <summary>An item of one channel, or of all of several.</summary>
    private CorpusItem Of(CorpusItem item, IReadOnlyList<int> channels) =>
        item with
        {
            Channel = channels is [var channel] ? channel : null,
            Claims = channels.Count > 1 ? (Claims ?? new RecordingClaims(null, null, null)) with { ChannelCount = channels.Count } : Claims,
        };
}

/// <summary>The fields of a lhotse supervision: a stretch of a recording.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Time">Where it is.</param>
/// <param name="Channels">The numbers of the channels that are meant; null where that is not said.</param>
/// <param name="Speaker">Who speaks.</param>
/// <param name="Text">What is said.</param>
/// <param name="Place">File and line, for errors.</param>
internal sealed record LhotseSupervision(
    string Id,
    TimeSegment Time,
    IReadOnlyList<int>? Channels,
    string? Speaker,
    string? Text,
    (string Path, long Line) Place
);

/// <summary>Reads lhotse's supervisions.</summary>
internal static class LhotseSupervisions
{
    /// <summary>Longer than any recording, and within the range of decimals.</summary>
    private const double LongestTime = 1e9;

    /// <summary>Reads a manifest of supervisions.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="warn">Receives what was passed over.</param>
    /// <returns>Those of each recording, by its id, in the file's order.</returns>
    /// <exception cref="Files.BadFileException">A line is no supervision.</exception>
    public static ILookup<string, LhotseSupervision> Read(string? path, Action<string> warn) =>
        Lines(path, warn).ToLookup(pair => pair.Recording, pair => pair.Supervision, StringComparer.Ordinal);

    private static IEnumerable<(string Recording, LhotseSupervision Supervision)> Lines(string? path, Action<string> warn)
    {
        if (path is null)
            yield break;
        using var lines = new TextLines(path);
        while (JsonLine.Next(lines) is { } document)
        {
            (string, LhotseSupervision)? pair;
            using (document)
                pair = Parse(lines, new JsonLine(lines, document.RootElement), warn);
            if (pair is { } found)
                yield return found;
        }
    }

    private static (string Recording, LhotseSupervision Supervision)? Parse(TextLines lines, JsonLine line, Action<string> warn)
    {
        var id = line.Name("id");
        var (start, duration) = (line.Number("start"), line.Number("duration"));
        if (Math.Abs(start) > LongestTime || Math.Abs(duration) > LongestTime)
            throw lines.Bad("\"start\" and \"duration\" must be in seconds");
        if (duration == 0)
        {
            warn($"{lines.Path}: line {lines.Number}: left out, '{CorpusId.Shortened(id)}' has no length");
            return null;
        }

        var time = lines.Segment(start, (double)((decimal)start + (decimal)duration));
        return (
            line.Name("recording_id"),
            new LhotseSupervision(
                id,
                time,
                line.Channels("channel"),
                line.OptionalText("speaker"),
                line.OptionalText("text"),
                (lines.Path, lines.Number)
            )
        );
    }
}
