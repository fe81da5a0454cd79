namespace VoiceKit.Corpora;

/// <summary>What lhotse knows of a stretch of a recording.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Time">Where it is.</param>
/// <param name="Channels">The numbers of the channels that are meant; null where that is not said.</param>
/// <param name="Speaker">Who speaks.</param>
/// <param name="Text">What is said.</param>
/// <param name="Place">File and line, for errors.</param>
internal sealed record LhotseSupervision(string Id, TimeSegment Time, IReadOnlyList<int>? Channels, string? Speaker, string? Text, (string Path, long Line) Place);

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
    public static ILookup<string, LhotseSupervision> Read(string? path, Action<string> warn) => Lines(path, warn).ToLookup(pair => pair.Recording, pair => pair.Supervision, StringComparer.Ordinal);

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
        return (line.Name("recording_id"), new LhotseSupervision(id, time, line.Channels("channel"), line.OptionalText("speaker"), line.OptionalText("text"), (lines.Path, lines.Number)));
    }
}
