using System.Numerics.Tensors;
using VoiceKit.Numerics;
using static System.FormattableString;

namespace VoiceKit.Audio;

/// <summary>Looks at a recording's samples for what spoils speech processing: silence, clipping, offset, too short, too quiet.</summary>
public static class SignalCheck
{
    /// <summary>The lowest sampling frequency that carries intelligible speech, in Hz.</summary>
    public const int LowestSampleRate = 8000;

    private const string Empty = "There are no samples.";
    private const string Silent = "The recording is silent.";
    private const double SixteenBitStep = 1.0 / 32768;
    private const double FullScale = 1 - SixteenBitStep;
    private const double QuietDb = -60;
    private const double OffsetLimit = 0.02;
    private const double ClippedLimit = 1e-4;

    /// <summary>One analysis frame, 25 ms: nothing can be measured in less.</summary>
    public static TimeSpan ShortestDuration => TimeSpan.FromMilliseconds(25);

    /// <summary>Measures <paramref name="waveform"/> and says in plain sentences what is wrong with it.</summary>
    public static SignalReport Inspect(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var samples = waveform.Samples;
        var peak = samples.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(samples));
        var mean = samples.IsEmpty ? 0 : Reductions.Sum(samples) / samples.Length;

        // The norm of the scaled samples: the squares of very large samples would overflow.
        var level = peak == 0 ? double.NegativeInfinity : 20 * Math.Log10(peak * RootMeanSquare(samples, peak));
        var report = new SignalReport
        {
            Peak = peak,
            LevelDb = level,
            DcOffset = mean,
            ClippedFraction = samples.IsEmpty ? 0 : (double)CountClipped(samples) / samples.Length,
            IsSilent = peak <= SixteenBitStep,
            IsTooShort = waveform.Duration < ShortestDuration,
            Warnings = [],
        };
        return report with { Warnings = [.. Complaints(waveform, report)] };
    }

    /// <summary>The warning, one of those of <see cref="Inspect"/>, for which the recording cannot be used at all: it is empty, too short or silent; else null.</summary>
    internal static string? Fault(Waveform waveform, SignalReport report) =>
        waveform.Length == 0 ? Empty : report.IsTooShort ? TooShort(waveform) : report.IsSilent ? Silent : null;

    private static string TooShort(Waveform waveform) =>
        Invariant($"The recording has {waveform.Length} samples ({waveform.Duration.TotalMilliseconds:0.#} ms); at least {ShortestDuration.TotalMilliseconds:0} ms are needed.");

    private static IEnumerable<string> Complaints(Waveform waveform, SignalReport report)
    {
        if (waveform.Length == 0)
        {
            yield return Empty;
            yield break;
        }

        if (report.IsTooShort)
            yield return TooShort(waveform);
        if (waveform.SampleRate < LowestSampleRate)
            yield return Invariant($"The sample rate is {waveform.SampleRate} Hz; speech needs at least {LowestSampleRate} Hz.");
        if (report.IsSilent)
            yield return Silent;
        else if (report.LevelDb < QuietDb)
            yield return Invariant($"The recording is very quiet ({report.LevelDb:0} dB).");
        if (report.Peak > 1)
            yield return Invariant($"Samples reach {report.Peak:0.##} times full scale; they would be clipped as integers.");
        if (report.ClippedFraction > ClippedLimit)
            yield return Invariant($"{100 * report.ClippedFraction:0.##} % of the samples are at full scale: the recording is clipped.");
        if (Math.Abs(report.DcOffset) > OffsetLimit)
            yield return Invariant($"The samples have a constant offset of {report.DcOffset:0.###}.");
    }

    private static double RootMeanSquare(ReadOnlySpan<double> samples, double scale)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += sample / scale * (sample / scale);
        return Math.Sqrt(sum / samples.Length);
    }

    private static long CountClipped(ReadOnlySpan<double> samples)
    {
        var count = 0L;
        foreach (var sample in samples)
            count += Math.Abs(sample) >= FullScale ? 1 : 0;
        return count;
    }
}
