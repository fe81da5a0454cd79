namespace VoiceKit.Audio;

/// <summary>A part of a long recording that is worked on by itself.</summary>
/// <param name="From">The first sample that is read: there is some sound around the part, so that its ends are not those of a recording.</param>
/// <param name="Start">The first sample of the part.</param>
/// <param name="End">The sample after the part's last one: the start of the next part.</param>
/// <param name="To">The sample after the last one that is read.</param>
public readonly record struct RecordingPiece(long From, long Start, long End, long To)
{
    /// <summary>Reads the part and what is around it.</summary>
    /// <param name="stream">The recording.</param>
    public Waveform Read(AudioReader stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.Read(From, (int)(To - From));
    }
}

/// <summary>Cuts long recordings into pieces, in pauses, so that memory does not grow with the recording.</summary>
public static class RecordingPieces
{
    private const int QuietFrames = 20;
    private static readonly TimeSpan LongestPiece = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>The longest recording that is one piece: 10 minutes.</summary>
    public static TimeSpan LongestWhole => TimeSpan.FromMinutes(10);

    /// <summary>Whether a recording is worked on as a whole.</summary>
    public static bool IsWhole(AudioReader stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.Length <= LongestWhole.TotalSeconds * stream.SampleRate;
    }

    /// <summary>The pieces of a recording in order: the whole, or pieces of 3 1/3 to 5 minutes, each cut off at the quietest fifth of a second of its last third.</summary>
    /// <param name="stream">The recording.</param>
    /// <param name="step">Pieces start on a multiple of this many samples.</param>
    public static IEnumerable<RecordingPiece> Of(AudioReader stream, int step = 1)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        if (IsWhole(stream))
        {
            yield return new RecordingPiece(0, 0, stream.Length, stream.Length);
            yield break;
        }

        var margin = ((long)(Margin.TotalSeconds * stream.SampleRate) + step - 1) / step * step;
        var longest = (long)(LongestPiece.TotalSeconds * stream.SampleRate);
        for (var start = 0L; start < stream.Length;)
        {
            var end = stream.Length - start <= longest ? stream.Length : QuietPlace(stream, start + (2 * longest / 3), start + longest) / step * step;
            end = end > start ? end : Math.Min(stream.Length, start + step);
            yield return new RecordingPiece(Math.Max(0, start - margin), start, end, Math.Min(stream.Length, end + margin));
            start = end;
        }
    }

    /// <summary>The middle of the quietest frames in a row within a range.</summary>
    private static long QuietPlace(AudioReader stream, long start, long end)
    {
        var levels = new FrameLevels(stream.Read(start, (int)(end - start)));
        return start + levels.Start((levels.Quietest(QuietFrames, 0, levels.Count) ?? 0) + (QuietFrames / 2));
    }
}
