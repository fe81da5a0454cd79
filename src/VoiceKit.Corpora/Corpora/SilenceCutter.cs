using VoiceKit.Audio;
using VoiceKit.Numerics;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>Chooses where a recording is cut: in the longest pauses, such that the pieces are neither too long nor very short.</summary>
/// <param name="recording">The recording.</param>
/// <param name="speech">Its stretches of speech, at least one.</param>
internal sealed class SilenceCutter(Waveform recording, IReadOnlyList<SampleRange> speech)
{
    /// <summary>Gets or sets whether silence beyond the margins is left out.</summary>
    public required bool Trim { get; init; }

    /// <summary>Gets or sets the silence in samples that stays on each side of speech.</summary>
    public required int Margin { get; init; }

    /// <summary>From the first speech to the last with its margins, or the whole recording.</summary>
    public SampleRange Extent =>
        Trim ? new(Math.Max(0, speech[0].Start - Margin), Math.Min(recording.Length, speech[^1].End + Margin)) : new(0, recording.Length);

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
                warnings.Add(
                    Invariant($"There is no pause to cut at around {(double)cut / recording.SampleRate:0.00} s: the cut is at the ")
                        + "quietest place, perhaps within a word."
                );
                pieces.Add(new SampleRange(rest.Start, cut));
                rest = new SampleRange(cut, rest.End);
            }
        }

        pieces.Add(rest);
        return pieces;
    }

    private static Pause? Longest(Pause[] pauses, SampleRange rest, long earliest, long latest) =>
        pauses
            .Where(pause => pause.PieceEnd > rest.Start + earliest && pause.PieceEnd <= rest.Start + latest && pause.NextStart < rest.End)
            .OrderByDescending(pause => pause.Length)
            .ThenBy(pause => pause.PieceEnd)
            .Cast<Pause?>()
            .FirstOrDefault();

    private Pause[] Pauses()
    {
        var pauses = new Pause[speech.Count - 1];
        for (var i = 0; i < pauses.Length; i++)
        {
            var (start, end) = (speech[i].End, speech[i + 1].Start);
            var middle = start + ((end - start) / 2);
            pauses[i] =
                Trim && 2L * Margin < end - start
                    ? new Pause(start + Margin, end - Margin, end - start)
                    : new Pause(middle, middle, end - start);
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

/// <summary>
/// Tells pauses from quiet speech: a pause is as long as one, lies far below the speech, and is not periodic as a voice is. A sustained
/// vowel that is softer than its neighbour, or dies away, is not a pause, and is not cut.
/// </summary>
internal static class Pauses
{
    private const double MinContrastDb = 21;

    // Further down than this even a hum is no voice.
    private const double SureContrastDb = 45;
    private const double PeriodicCorrelation = 0.6;
    private const int Windows = 5;
    private const double LowestVoice = 60;
    private const double HighestVoice = 500;
    internal static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Fading = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Joins stretches of speech, and stretches them to the ends of the recording, where what lies between them is no pause.
    /// </summary>
    /// <param name="recording">The recording.</param>
    /// <param name="speech">The stretches in order.</param>
    public static IReadOnlyList<SampleRange> Between(Waveform recording, IReadOnlyList<SampleRange> speech)
    {
        if (speech.Count == 0)
            return [];
        var level = 10 * Math.Log10(speech.Sum(segment => SumOfSquares(recording, segment)) / speech.Sum(segment => segment.Length));
        var result = new List<SampleRange>();
        var start = Is(new SampleRange(0, speech[0].Start)) ? speech[0].Start : 0;
        for (var i = 1; i < speech.Count; i++)
        {
            if (!Is(new SampleRange(speech[i - 1].End, speech[i].Start)))
                continue;
            result.Add(new SampleRange(start, speech[i - 1].End));
            start = speech[i].Start;
        }

        result.Add(new SampleRange(start, Is(new SampleRange(speech[^1].End, recording.Length)) ? speech[^1].End : recording.Length));
        return result;

        bool Is(SampleRange gap) => gap.Length >= Shortest.TotalSeconds * recording.SampleRate && IsPause(recording, gap, level);
    }

    private static bool IsPause(Waveform recording, SampleRange gap, double speechLevel)
    {
        // Words fade into pauses: what is beside speech tells little.
        var fading = (long)(Fading.TotalSeconds * recording.SampleRate);
        var inner = new SampleRange(gap.Start == 0 ? 0 : gap.Start + fading, gap.End == recording.Length ? gap.End : gap.End - fading);
        var contrast = speechLevel - (10 * Math.Log10(SumOfSquares(recording, inner) / inner.Length));
        return contrast >= SureContrastDb || (contrast >= MinContrastDb && !IsPeriodic(recording, inner));
    }

    private static double SumOfSquares(Waveform recording, SampleRange range) =>
        Reductions.SumOfSquares(recording.Samples.Slice((int)range.Start, (int)range.Length));

    /// <summary>Determines whether most of a few windows repeat themselves within the periods of a voice.</summary>
    private static bool IsPeriodic(Waveform recording, SampleRange range)
    {
        var (shortest, longest) = ((int)(recording.SampleRate / HighestVoice), (int)(recording.SampleRate / LowestVoice));
        var length = 2 * longest;
        if (shortest < 2 || range.Length < length + longest)
            return false;
        var periodic = 0;
        for (var i = 0; i < Windows; i++)
        {
            var start = range.Start + ((range.Length - length - longest) * i / (Windows - 1));
            periodic +=
                Correlation(Differences(recording, start, length + longest), length, shortest, longest) > PeriodicCorrelation ? 1 : 0;
        }

        return 2 * periodic > Windows;
    }

    // Differences, so that rumble does not pass for a voice.
    private static double[] Differences(Waveform recording, long start, int count)
    {
        var samples = recording.Samples.Slice((int)start, count);
        var result = new double[count];
        for (var i = 1; i < count; i++)
            result[i] = samples[i] - samples[i - 1];
        return result;
    }

    /// <summary>The largest normalised correlation of a window with itself later on.</summary>
    private static double Correlation(ReadOnlySpan<double> signal, int length, int shortest, int longest)
    {
        var window = signal[..length];
        var power = Reductions.SumOfSquares(window);
        var largest = 0.0;
        for (var lag = shortest; lag <= longest; lag++)
        {
            var later = signal.Slice(lag, length);
            var scale = Math.Sqrt(power * Reductions.SumOfSquares(later));
            if (scale > 0)
                largest = Math.Max(largest, Reductions.Dot(window, later) / scale);
        }

        return largest;
    }
}
