using System.Numerics.Tensors;
using VoiceKit.Numerics;
using static System.FormattableString;

namespace VoiceKit.Audio;

/// <summary>Looks at a recording's samples for what spoils speech processing: silence, clipping, offset, too short, too quiet.</summary>
public static class SignalCheck
{
    /// <summary>The lowest sampling frequency that carries intelligible speech, in Hz.</summary>
    public const int MinSampleRate = 8000;

    private const string Empty = "There are no samples.";
    private const string Silent = "The recording is silent.";
    private const double QuietDb = -60;
    private const double OffsetLimit = 0.02;
    private const double ClippedLimit = 1e-4;

    /// <summary>Gets one analysis frame, 25 ms: nothing can be measured in less.</summary>
    public static TimeSpan MinDuration => TimeSpan.FromMilliseconds(25);

    /// <summary>Measures <paramref name="waveform"/> and says in plain sentences what is wrong with it.</summary>
    /// <param name="waveform">The signal.</param>
    public static SignalReport Inspect(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var meter = new SignalMeter(waveform.SampleRate);
        meter.Add(waveform.Samples);
        return meter.Report();
    }

    /// <summary>
    /// The warning, one of those of <see cref="Inspect"/>, for which the recording cannot be used at all: it is empty, too short or silent;
    /// else null.
    /// </summary>
    internal static string? Fault(long length, int sampleRate, SignalReport report) =>
        length == 0 ? Empty
        : report.IsTooShort ? TooShort(length, sampleRate)
        : report.IsSilent ? Silent
        : null;

    /// <summary>Gets the faults that make a signal unfit for speech processing, one plain sentence each.</summary>
    internal static IEnumerable<string> Complaints(long length, int sampleRate, SignalReport report)
    {
        if (length == 0)
        {
            yield return Empty;
            yield break;
        }

        if (report.IsTooShort)
            yield return TooShort(length, sampleRate);
        if (sampleRate < MinSampleRate)
            yield return Invariant($"The sample rate is {sampleRate} Hz; speech needs at least {MinSampleRate} Hz.");
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
        Invariant($"The recording has {length} samples ({1000.0 * length / sampleRate:0.#} ms); at least ")
        + Invariant($"{MinDuration.TotalMilliseconds:0} ms are needed.");
}

/// <summary>Measures a signal that comes in blocks: what <see cref="SignalCheck"/> says of it, in one pass.</summary>
/// <param name="sampleRate">The sampling frequency in Hz.</param>
public sealed class SignalMeter(int sampleRate)
{
    internal const double SixteenBitStep = 1.0 / 32768;
    private const double FullScale = 1 - SixteenBitStep;

    private double sum;
    private double squares;
    private double scale;
    private long clipped;
    private double lowest = double.PositiveInfinity;
    private double highest = double.NegativeInfinity;

    /// <summary>Gets the number of samples so far.</summary>
    public long Length { get; private set; }

    /// <summary>Gets the largest magnitude so far; 1 is full scale.</summary>
    public double Peak => Length == 0 ? 0 : Math.Max(Math.Abs(lowest), Math.Abs(highest));

    /// <summary>Gets the mean of the samples so far.</summary>
    public double DcOffset => Length == 0 ? 0 : sum / Length;

    /// <summary>Measures a whole recording, block by block.</summary>
    /// <param name="stream">The recording.</param>
    public static SignalMeter Measure(AudioReader stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var meter = new SignalMeter(stream.SampleRate);
        foreach (var block in stream.Blocks())
            meter.Add(block.Samples);
        return meter;
    }

    /// <summary>Adds samples that follow those before.</summary>
    /// <param name="samples">The samples; all finite.</param>
    public void Add(ReadOnlySpan<double> samples)
    {
        if (samples.IsEmpty)
            return;
        Length += samples.Length;
        sum += Reductions.Sum(samples);
        lowest = Math.Min(lowest, TensorPrimitives.Min(samples));
        highest = Math.Max(highest, TensorPrimitives.Max(samples));

        // Squares are of samples over the largest so far: those of very large samples would overflow.
        if (Peak > scale)
            (squares, scale) = (squares * (scale / Peak) * (scale / Peak), Peak);
        foreach (var sample in samples)
        {
            squares += scale == 0 ? 0 : sample / scale * (sample / scale);
            clipped += Math.Abs(sample) >= FullScale ? 1 : 0;
        }
    }

    /// <summary>The measurements so far, with the warnings of <see cref="SignalCheck"/>.</summary>
    public SignalReport Report()
    {
        var report = new SignalReport
        {
            Peak = Peak,
            LevelDb = Level(),
            DcOffset = DcOffset,
            ClippedFraction = Length == 0 ? 0 : (double)clipped / Length,
            IsSilent = Length == 0 || (highest - lowest) / 2 <= SixteenBitStep,
            IsTooShort = (double)Length / sampleRate < SignalCheck.MinDuration.TotalSeconds,
            Warnings = [],
        };
        return report with { Warnings = [.. SignalCheck.Complaints(Length, sampleRate, report)] };
    }

    /// <summary>The level without the offset, which is no sound: the mean square less the square of the mean.</summary>
    private double Level()
    {
        if (scale == 0)
            return double.NegativeInfinity;
        var offset = DcOffset / scale;
        var power = (squares / Length) - (offset * offset);
        return power > 0 ? 20 * Math.Log10(scale * Math.Sqrt(power)) : double.NegativeInfinity;
    }
}

/// <summary>The measurements of <see cref="SignalCheck"/>.</summary>
public sealed record SignalReport
{
    /// <summary>Gets or sets the largest magnitude; 1 is full scale.</summary>
    public required double Peak { get; init; }

    /// <summary>
    /// Gets or sets the root of the mean square in dB relative to a root mean square of 1, without the offset; negative infinity for
    /// silence.
    /// </summary>
    public required double LevelDb { get; init; }

    /// <summary>Gets or sets the mean of the samples.</summary>
    public required double DcOffset { get; init; }

    /// <summary>Gets or sets the share of samples at or beyond 16-bit full scale, 0 .. 1.</summary>
    public required double ClippedFraction { get; init; }

    /// <summary>
    /// Gets or sets whether no sample is further than one 16-bit step from the middle of all: silence, with an offset or without.
    /// </summary>
    public required bool IsSilent { get; init; }

    /// <summary>Gets or sets whether the signal is shorter than one analysis frame, <see cref="SignalCheck.MinDuration"/>.</summary>
    public required bool IsTooShort { get; init; }

    /// <summary>
    /// Gets or sets what makes the signal unfit for speech processing, one plain sentence each; empty for a good recording.
    /// </summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
