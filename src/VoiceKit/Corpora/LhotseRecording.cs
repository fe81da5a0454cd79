using System.Text.Json;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>A line of a manifest of lhotse's recordings.</summary>
/// <param name="Id">The recording's name.</param>
/// <param name="Path">Its one file.</param>
/// <param name="Claims">What is said of the file.</param>
/// <param name="Channels">The numbers of the channels that the recording has of its file, counted from 0; empty where that is not said.</param>
/// <param name="Place">File and line, for errors.</param>
internal sealed record LhotseRecording(string Id, string Path, RecordingClaims? Claims, IReadOnlyList<int> Channels, (string Path, long Line) Place)
{
    /// <summary>Seconds by which a supervision may miss the recording's end and yet span it: lhotse's own tools round to milliseconds.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>Reads a line.</summary>
    /// <param name="lines">The file.</param>
    /// <param name="line">The line's object.</param>
    /// <param name="folder">The manifest's folder.</param>
    /// <exception cref="BadFileException">The line is not about one file as it is.</exception>
    public static LhotseRecording Read(TextLines lines, JsonLine line, string folder)
    {
        if (line.Value("sources") is not { ValueKind: JsonValueKind.Array } sources)
            throw lines.Bad(line.Value("recording_id") is null ? "this is no recording of lhotse's: \"sources\" is missing" : "this is a supervision; give the manifest of the recordings, which has it beside");
        if (sources.GetArrayLength() != 1)
            throw lines.Bad(Invariant($"the recording is made of {sources.GetArrayLength()} sources; only recordings of one file are read"));
        if (line.Value("transforms") is { } transforms && !(transforms.ValueKind == JsonValueKind.Array && transforms.GetArrayLength() == 0))
            throw lines.Bad("the recording is changed by \"transforms\" when lhotse loads it; save it with lhotse first");
        if (sources[0].ValueKind != JsonValueKind.Object)
            throw lines.Bad("the source is no object");
        var source = new JsonLine(lines, sources[0]);
        if (source.Text("type") is var type and not "file")
        {
            throw lines.Bad(type switch
            {
                "command" => "the source is a command: it is code, not a file, and is not run",
                "url" => "the source is a URL, not a file: download it first",
                "memory" => "the source is bytes in memory, not a file",
                _ => $"the source is of the type '{CorpusId.Shortened(type)}', not a file",
            });
        }

        var audio = ManifestPath.Resolve(ManifestPath.Require(source.Name("source"), lines), folder);
        var claims = RecordingClaims.Of(line.OptionalPositive("sampling_rate"), line.OptionalPositive("num_samples"), line.OptionalPositive("duration"));
        return new LhotseRecording(line.Name("id"), audio, claims, source.Channels("channels") ?? [], (lines.Path, lines.Number));
    }

    /// <summary>The items that the recording is for the supervisions of it.</summary>
    /// <exception cref="BadFileException">A supervision is of several, but not all, channels; or an id leads out of a folder.</exception>
    public CorpusItem[] Items(ILookup<string, LhotseSupervision> supervisions) => supervisions.Contains(Id)
        ? [.. supervisions[Id].Select(Item)]
        : [CorpusId.Admit(Of(new CorpusItem(Id, Path) { Claims = Claims }, Channels), Place)];

    private CorpusItem Item(LhotseSupervision supervision)
    {
        var asked = supervision.Channels ?? Channels;
        if (Channels.Count > 0 && asked.FirstOrDefault(channel => !Channels.Contains(channel), -1) is >= 0 and var other)
            throw new BadFileException(supervision.Place.Path, null, Invariant($"line {supervision.Place.Line}: this is about channel {other}, which the recording '{CorpusId.Shortened(Id)}' has not"));
        if (asked.Count > 1 && asked.Count < Channels.Count)
            throw new BadFileException(supervision.Place.Path, null, Invariant($"line {supervision.Place.Line}: this is about {asked.Count} of {Channels.Count} channels; one or all of them can be read: make a file of these"));
        var isWhole = supervision.Time.Start == 0 && Claims?.Seconds is { } duration && Math.Abs(supervision.Time.End - duration) <= Tolerance;
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
    private CorpusItem Of(CorpusItem item, IReadOnlyList<int> channels) => item with
    {
        Channel = channels is [var channel] ? channel : null,
        Claims = channels.Count > 1 ? (Claims ?? new RecordingClaims(null, null, null)) with { ChannelCount = channels.Count } : Claims,
    };
}
