using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Audio;

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

    /// <summary>The number of samples so far.</summary>
    public long Length { get; private set; }

    /// <summary>The largest magnitude so far; 1 is full scale.</summary>
    public double Peak => Length == 0 ? 0 : Math.Max(Math.Abs(lowest), Math.Abs(highest));

    /// <summary>The mean of the samples so far.</summary>
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

    /// <summary>What was measured so far, with the complaints of <see cref="SignalCheck"/>.</summary>
    public SignalReport Report()
    {
        var report = new SignalReport
        {
            Peak = Peak,
            LevelDb = Level(),
            DcOffset = DcOffset,
            ClippedFraction = Length == 0 ? 0 : (double)clipped / Length,
            IsSilent = Length == 0 || (highest - lowest) / 2 <= SixteenBitStep,
            IsTooShort = (double)Length / sampleRate < SignalCheck.ShortestDuration.TotalSeconds,
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
