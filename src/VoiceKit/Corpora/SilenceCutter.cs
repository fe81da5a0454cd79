using VoiceKit.Audio;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>Chooses where a recording is cut: in the longest pauses, such that the pieces are neither too long nor very short.</summary>
/// <param name="recording">The recording.</param>
/// <param name="speech">Its stretches of speech, at least one.</param>
internal sealed class SilenceCutter(Waveform recording, IReadOnlyList<SampleRange> speech)
{
    /// <summary>Whether silence beyond the margins is left out.</summary>
    public required bool Trim { get; init; }

    /// <summary>The silence in samples that stays on each side of speech.</summary>
    public required int Margin { get; init; }

    /// <summary>From the first speech to the last with its margins, or the whole recording.</summary>
    public SampleRange Extent => Trim ? new(Math.Max(0, speech[0].Start - Margin), Math.Min(recording.Length, speech[^1].End + Margin)) : new(0, recording.Length);

    /// <summary>Cuts the recording into pieces that have at most <paramref name="longest"/> samples.</summary>
    public IReadOnlyList<SampleRange> Split(int longest, List<string> warnings)
    {
        var pauses = Pauses();
        var levels = new FrameLevels(recording);
        var pieces = new List<SampleRange>();
        var rest = Extent;
        while (rest.Length > longest)
        {
            // What is left must not be a scrap: near the end the cut is in the middle third.
            var earliest = Math.Min(longest / 2, rest.Length / 3);
            var latest = Math.Min(longest, 2 * rest.Length / 3);
            if ((Longest(pauses, rest, earliest, latest) ?? Longest(pauses, rest, 0, longest)) is { } pause)
            {
                pieces.Add(new SampleRange(rest.Start, pause.PieceEnd));
                rest = new SampleRange(pause.NextStart, rest.End);
            }
            else
            {
                var cut = Quietest(levels, rest.Start + earliest, rest.Start + latest);
                warnings.Add(Invariant($"There is no pause to cut at around {(double)cut / recording.SampleRate:0.00} s: the cut is at the quietest place, perhaps within a word."));
                pieces.Add(new SampleRange(rest.Start, cut));
                rest = new SampleRange(cut, rest.End);
            }
        }

        pieces.Add(rest);
        return pieces;
    }

    private static Pause? Longest(Pause[] pauses, SampleRange rest, long earliest, long latest) => pauses
        .Where(pause => pause.PieceEnd > rest.Start + earliest && pause.PieceEnd <= rest.Start + latest && pause.NextStart < rest.End)
        .OrderByDescending(pause => pause.Length).ThenBy(pause => pause.PieceEnd).Cast<Pause?>().FirstOrDefault();

    private Pause[] Pauses()
    {
        var pauses = new Pause[speech.Count - 1];
        for (var i = 0; i < pauses.Length; i++)
        {
            var (start, end) = (speech[i].End, speech[i + 1].Start);
            var middle = start + ((end - start) / 2);
            pauses[i] = Trim && 2L * Margin < end - start ? new Pause(start + Margin, end - Margin, end - start) : new Pause(middle, middle, end - start);
        }

        return pauses;
    }

    /// <summary>The middle of the quietest five frames in a row within a range.</summary>
    private static long Quietest(FrameLevels levels, long start, long end)
    {
        const int width = 5;
        var first = (int)(start / levels.FrameLength);
        var last = Math.Min(levels.Count - 1, (int)((end - 1) / levels.FrameLength)) - width;
        return levels.Quietest(width, first, last) is { } frame ? Middle(frame) : start + ((end - start) / 2);

        long Middle(int frame) => (levels.Start(frame) + levels.Start(frame + width)) / 2;
    }

    private readonly record struct Pause(long PieceEnd, long NextStart, long Length);
}
