using VoiceKit.Audio;
using VoiceKit.Numerics;

namespace VoiceKit.Corpora;

/// <summary>
/// Tells pauses from quiet speech: a pause is as long as one, lies far below the speech, and is not periodic as a voice is. A sustained vowel that is softer than
/// its neighbour, or dies away, is none, and nothing of it is cut.
/// </summary>
internal static class Pauses
{
    private const double LeastContrastDb = 21;

    // Further down than this even a hum is no voice.
    private const double SureContrastDb = 45;
    private const double PeriodicCorrelation = 0.6;
    private const int Windows = 5;
    private const double LowestVoice = 60;
    private const double HighestVoice = 500;
    internal static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Fading = TimeSpan.FromMilliseconds(50);

    /// <summary>Joins stretches of speech, and stretches them to the ends of the recording, where what lies between them is no pause.</summary>
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
        return contrast >= SureContrastDb || (contrast >= LeastContrastDb && !IsPeriodic(recording, inner));
    }

    private static double SumOfSquares(Waveform recording, SampleRange range) => Reductions.SumOfSquares(recording.Samples.Slice((int)range.Start, (int)range.Length));

    /// <summary>Whether most of a few windows repeat themselves within the periods of a voice.</summary>
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
            periodic += Correlation(Differences(recording, start, length + longest), length, shortest, longest) > PeriodicCorrelation ? 1 : 0;
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
