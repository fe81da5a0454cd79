using System.Text.Json;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>A line of a manifest of lhotse's recordings.</summary>
/// <param name="Id">The recording's name.</param>
/// <param name="Path">Its one file.</param>
/// <param name="Duration">Its duration in seconds; null where that is not said.</param>
/// <param name="ChannelCount">The number of the file's channels.</param>
/// <param name="Place">File and line, for errors.</param>
internal sealed record LhotseRecording(string Id, string Path, double? Duration, int ChannelCount, (string Path, long Line) Place)
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

        var audio = ManifestPath.Resolve(ManifestPath.Require(source.Text("source"), lines), folder);
        var channels = source.Value("channels") is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : 1;
        return new LhotseRecording(line.Text("id"), audio, line.OptionalNumber("duration"), channels, (lines.Path, lines.Number));
    }

    /// <summary>The items that the recording is for the supervisions of it.</summary>
    /// <exception cref="BadFileException">A supervision is of some channels alone, or the recording is an item and its id cannot be used.</exception>
    public CorpusItem[] Items(ILookup<string, LhotseSupervision> supervisions) => supervisions.Contains(Id)
        ? [.. supervisions[Id].Select(Item)]
        : [new CorpusItem(CorpusId.Require(Id, Place.Path, Place.Line), Path)];

    private CorpusItem Item(LhotseSupervision supervision)
    {
        if (supervision.ChannelCount is { } channels && channels < ChannelCount)
            throw new BadFileException(supervision.Place.Path, null, Invariant($"line {supervision.Place.Line}: this is about {channels} of {ChannelCount} channels; channels cannot be told apart here: make a file of each"));
        var isWhole = supervision.Time.Start == 0 && Duration is { } duration && Math.Abs(supervision.Time.End - duration) <= Tolerance;
        return new CorpusItem(supervision.Id, Path) { Speaker = supervision.Speaker, Text = supervision.Text, Segment = isWhole ? null : supervision.Time };
    }
}
