using static System.FormattableString;

namespace VoiceKit.Audio;

/// <summary>Looks at a recording's samples for what spoils speech processing: silence, clipping, offset, too short, too quiet.</summary>
public static class SignalCheck
{
    /// <summary>The lowest sampling frequency that carries intelligible speech, in Hz.</summary>
    public const int LowestSampleRate = 8000;

    private const string Empty = "There are no samples.";
    private const string Silent = "The recording is silent.";
    private const double QuietDb = -60;
    private const double OffsetLimit = 0.02;
    private const double ClippedLimit = 1e-4;

    /// <summary>One analysis frame, 25 ms: nothing can be measured in less.</summary>
    public static TimeSpan ShortestDuration => TimeSpan.FromMilliseconds(25);

    /// <summary>Measures <paramref name="waveform"/> and says in plain sentences what is wrong with it.</summary>
    public static SignalReport Inspect(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var meter = new SignalMeter(waveform.SampleRate);
        meter.Add(waveform.Samples);
        return meter.Report();
    }

    /// <summary>The warning, one of those of <see cref="Inspect"/>, for which the recording cannot be used at all: it is empty, too short or silent; else null.</summary>
    internal static string? Fault(long length, int sampleRate, SignalReport report) =>
        length == 0 ? Empty : report.IsTooShort ? TooShort(length, sampleRate) : report.IsSilent ? Silent : null;

    /// <summary>What makes a signal unfit for speech processing, one plain sentence each.</summary>
    internal static IEnumerable<string> Complaints(long length, int sampleRate, SignalReport report)
    {
        if (length == 0)
        {
            yield return Empty;
            yield break;
        }

        if (report.IsTooShort)
            yield return TooShort(length, sampleRate);
        if (sampleRate < LowestSampleRate)
            yield return Invariant($"The sample rate is {sampleRate} Hz; speech needs at least {LowestSampleRate} Hz.");
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

    private static string TooShort(long length, int sampleRate) =>
        Invariant($"The recording has {length} samples ({1000.0 * length / sampleRate:0.#} ms); at least {ShortestDuration.TotalMilliseconds:0} ms are needed.");
}
