using System.Numerics;
using System.Numerics.Tensors;
using VoiceKit.Files;
using VoiceKit.Numerics;

namespace VoiceKit.Audio;

/// <summary>
/// Changes the sampling frequency with a windowed-sinc filter, evaluated as a polyphase bank for the exact ratio of the rates. Output
/// sample n is the band-limited signal at input position n M / L, with L / M = target rate / source rate in lowest terms: there is no
/// delay. Beyond its ends the signal is taken as zero. An object may be used by several threads and for many signals.
/// </summary>
/// <remarks>J. O. Smith, "Digital Audio Resampling", CCRMA; R. E. Crochiere and L. R. Rabiner, "Multirate Digital Signal Processing",
/// 1983.</remarks>
public sealed class Resampler
{
    private const int BlockSamples = 1 << 20;
    private readonly int upFactor;
    private readonly int downFactor;
    private readonly SincBank bank;

    /// <summary>Prepares the filter from <paramref name="sourceRate"/> to <paramref name="targetRate"/>, both in Hz.</summary>
    /// <param name="sourceRate">The sampling frequency of the input in Hz, at least 1.</param>
    /// <param name="targetRate">The sampling frequency of the result in Hz, at least 1.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is below 1 Hz, an option is out of its range, or the target rate is so far
    /// below the source rate that the filter would pass 2^22 samples.</exception>
    public Resampler(int sourceRate, int targetRate, ResamplerOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetRate, 1);
        options ??= new ResamplerOptions();
        options.Validate();
        (SourceRate, TargetRate) = (sourceRate, targetRate);
        var divisor = (int)BigInteger.GreatestCommonDivisor(sourceRate, targetRate);
        upFactor = targetRate / divisor;
        downFactor = sourceRate / divisor;
        bank = new SincBank(new KaiserSinc(options), upFactor, Math.Max(1.0, (double)sourceRate / targetRate));
    }

    /// <summary>Gets the sampling frequency of the input in Hz.</summary>
    public int SourceRate { get; }

    /// <summary>Gets the sampling frequency of the output in Hz.</summary>
    public int TargetRate { get; }

    /// <summary>Whether the filter is interpolated, because the ratio of the rates has too many phases to store.</summary>
    internal bool IsInterpolated => bank.IsInterpolated;

    /// <summary>
    /// Resamples <paramref name="waveform"/> to <paramref name="targetRate"/> Hz; at equal rates it is returned as it is.
    /// </summary>
    /// <param name="waveform">The signal.</param>
    /// <param name="targetRate">The sampling frequency of the result in Hz, at least 1.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>A waveform of ceil(length x target rate / source rate) samples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">See the constructor.</exception>
    public static Waveform Resample(Waveform waveform, int targetRate, ResamplerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        return waveform.SampleRate == targetRate ? waveform : new Resampler(waveform.SampleRate, targetRate, options).Resample(waveform);
    }

    /// <summary>Resamples one waveform.</summary>
    /// <param name="waveform">The signal.</param>
    /// <returns>A waveform of ceil(length x target rate / source rate) samples.</returns>
    /// <exception cref="ArgumentException">The waveform is not at <see cref="SourceRate"/>, or the result would be too long for an
    /// array.</exception>
    public Waveform Resample(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        if (waveform.SampleRate != SourceRate)
            throw new ArgumentException(
                $"The waveform is at {waveform.SampleRate} Hz; this resampler takes {SourceRate} Hz.",
                nameof(waveform)
            );
        if (SourceRate == TargetRate)
            return waveform;

        var length = (((long)waveform.Length * upFactor) + downFactor - 1) / downFactor;
        if (length > Array.MaxLength)
            throw new UnusableDataException($"{waveform.Length} samples would become {length}; an array holds {Array.MaxLength}.");
        var result = new double[length];
        Filter(waveform.Samples, result);
        return Waveform.Wrap(result, TargetRate);
    }

    /// <summary>
    /// Resamples a part of a recording as if all of it had been resampled: the samples around the part are read too. A megasample of the
    /// source is in memory at a time.
    /// </summary>
    /// <param name="source">The recording, at <see cref="SourceRate"/>.</param>
    /// <param name="start">The part's first sample, a multiple of source rate / greatest common divisor of the rates.</param>
    /// <param name="end">The sample after its last one; such a multiple too, or the recording's end.</param>
    /// <exception cref="ArgumentException">The part does not start or end at such a sample, or the result would be too long for an
    /// array.</exception>
    public Waveform Read(AudioReader source, long start, long end)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (start % downFactor != 0 || (end % downFactor != 0 && end != source.Length))
            throw new ArgumentException($"The part {start} .. {end} does not start and end at multiples of {downFactor}.", nameof(start));
        long Place(long sample) =>
            sample == source.Length ? ((sample * upFactor) + downFactor - 1) / downFactor : sample / downFactor * upFactor;
        var length = Place(end) - Place(start);
        if (length > Array.MaxLength)
            throw new UnusableDataException($"{end - start} samples would become {length}; an array holds {Array.MaxLength}.");
        var result = new double[length];
        var around = ((long)bank.Reach + downFactor) / downFactor * downFactor;
        var step = Math.Max(1, BlockSamples / downFactor) * (long)downFactor;
        for (var block = start; block < end; block += step)
        {
            var from = Math.Max(0, block - around);
            var samples = Resample(source.Read(from, (int)(Math.Min(end, block + step) + around - from))).Samples;
            var first = (int)((block - from) / downFactor * upFactor);
            var count = (int)(Place(Math.Min(end, block + step)) - Place(block));
            samples.Slice(first, count).CopyTo(result.AsSpan((int)(Place(block) - Place(start))));
        }

        return Waveform.Wrap(result, TargetRate);
    }

    private void Filter(ReadOnlySpan<double> samples, Span<double> destination)
    {
        var position = 0;
        var phase = 0;
        for (var n = 0; n < destination.Length; n++)
        {
            destination[n] = bank.Filter(samples, position, phase);
            position += downFactor / upFactor;
            phase += (downFactor % upFactor) - upFactor;
            if (phase >= 0)
                position++;
            else
                phase += upFactor;
        }
    }
}

/// <summary>The settings of a <see cref="Resampler"/>'s filter. The defaults are below the noise of 16-bit audio.</summary>
public sealed record ResamplerOptions
{
    /// <summary>
    /// Gets or sets the highest frequency that passes unchanged, as a share of the lower of the two Nyquist frequencies: 0.5 .. 0.99. What
    /// lies above that Nyquist frequency is stopped. The filter's length, and the time it takes, grow with 1 / (1 - passband). The default
    /// is 0.92.
    /// </summary>
    public double Passband { get; init; } = 0.92;

    /// <summary>Gets or sets how far aliases and images are pushed down, in dB: 40 .. 160. The default is 110.</summary>
    public double StopbandDecibels { get; init; } = 110;

    /// <summary>Throws where a value is out of its range.</summary>
    internal void Validate()
    {
        if (Passband is not (>= 0.5 and <= 0.99))
            throw new ArgumentOutOfRangeException(nameof(Passband), Passband, "The passband must be 0.5 .. 0.99.");
        if (StopbandDecibels is not (>= 40 and <= 160))
            throw new ArgumentOutOfRangeException(nameof(StopbandDecibels), StopbandDecibels, "The stopband must be 40 .. 160 dB.");
    }
}

/// <summary>
/// The polyphase filter: one row of coefficients for each of the L positions that an output sample can have between two input samples.
/// Where L rows would fill the memory (near co-prime rates), fewer are kept, and the output is interpolated between the two nearest.
/// </summary>
internal sealed class SincBank
{
    private const int MaxExactBank = 1 << 20;
    private const int MaxTapCount = 1 << 22;

    // Rows in a sample of the slower rate. Linear interpolation up to its Nyquist frequency errs by (pi / density)^2 / 8 = -131 dB.
    private const int InterpolationDensity = 2048;

    private readonly int phaseCount;
    private readonly int rowCount;
    private readonly int tapCount;
    private readonly int tapsBefore;
    private readonly double[] bank;

    /// <param name="kernel">The filter, in samples of the slower rate.</param>
    /// <param name="phaseCount">L, the number of positions.</param>
    /// <param name="scale">Input samples for one sample of the slower rate; at least 1.</param>
    public SincBank(KaiserSinc kernel, int phaseCount, double scale)
    {
        var reach = Math.Ceiling(kernel.HalfWidth * scale);
        if (2 * reach > MaxTapCount)
            throw new ArgumentOutOfRangeException(
                nameof(scale),
                scale,
                "The target rate is too far below the source rate for one step: resample in several."
            );
        this.phaseCount = phaseCount;
        tapCount = 2 * (int)reach;
        tapsBefore = (int)reach - 1;
        IsInterpolated = (long)phaseCount * tapCount > MaxExactBank;
        rowCount = IsInterpolated ? Math.Max(1, (int)Math.Ceiling(InterpolationDensity / scale)) : phaseCount;

        // One row more than there are, at the next input sample, so that interpolation has a right neighbour everywhere.
        bank = new double[(rowCount + 1) * tapCount];
        for (var row = 0; row <= rowCount; row++)
            Fill(kernel, scale, (double)row / rowCount, bank.AsSpan(row * tapCount, tapCount));
    }

    /// <summary>Gets whether there are fewer rows than positions.</summary>
    public bool IsInterpolated { get; }

    /// <summary>Gets how many input samples on either side of a position are looked at.</summary>
    public int Reach => tapCount / 2;

    /// <summary>The filtered signal at input position <paramref name="position"/> + <paramref name="phase"/> / L.</summary>
    public double Filter(ReadOnlySpan<double> samples, int position, int phase)
    {
        // Taps outside the signal meet zeros: they are left out.
        var start = position - tapsBefore;
        var first = Math.Max(0, start);
        var end = (int)Math.Min(samples.Length, (long)start + tapCount);
        var signal = samples[first..end];
        var offset = first - start;
        if (!IsInterpolated)
            return Reductions.Dot(signal, Row(phase, offset, signal.Length));

        var place = (double)phase / phaseCount * rowCount;
        var row = (int)place;
        var left = Reductions.Dot(signal, Row(row, offset, signal.Length));
        var right = Reductions.Dot(signal, Row(row + 1, offset, signal.Length));
        return left + ((place - row) * (right - left));
    }

    private ReadOnlySpan<double> Row(int row, int offset, int length) => bank.AsSpan((row * tapCount) + offset, length);

    // Every row is made to sum to 1: a constant stays that constant, with no ripple from phase to phase.
    private void Fill(KaiserSinc kernel, double scale, double position, Span<double> row)
    {
        for (var k = 0; k < row.Length; k++)
            row[k] = kernel[(k - tapsBefore - position) / scale];
        TensorPrimitives.Divide(row, Reductions.Sum(row), row);
    }
}

/// <summary>
/// An ideal low-pass under a Kaiser window, h(x) = c sinc(c x) I0(b sqrt(1 - (x / W)^2)) / I0(b), with x in samples of the slower rate.
/// </summary>
/// <remarks>
/// J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", ISCAS 1974: b = 0.1102 (A - 8.7) for A > 50 dB,
/// and A - 7.95 = 2.285 N dw for N samples and a transition of dw radians a sample.
/// </remarks>
internal sealed class KaiserSinc
{
    private readonly double cutoff;
    private readonly double shape;
    private readonly double shapeNorm;

    public KaiserSinc(ResamplerOptions options)
    {
        var attenuation = options.StopbandDecibels;
        var transition = Math.PI * (1 - options.Passband);
        HalfWidth = (attenuation - 7.95) / (2.285 * transition) / 2;
        cutoff = (1 + options.Passband) / 2;
        shape =
            attenuation > 50 ? 0.1102 * (attenuation - 8.7) : (0.5842 * Math.Pow(attenuation - 21, 0.4)) + (0.07886 * (attenuation - 21));
        shapeNorm = BesselI0(shape);
    }

    /// <summary>W: h is 0 beyond it, on both sides.</summary>
    public double HalfWidth { get; }

    /// <summary>h(<paramref name="x"/>).</summary>
    public double this[double x]
    {
        get
        {
            var inside = 1 - (x / HalfWidth * (x / HalfWidth));
            if (inside <= 0)
                return 0;
            var angle = Math.PI * cutoff * x;
            var sinc = Math.Abs(angle) < 1e-9 ? 1 : Math.Sin(angle) / angle;
            return cutoff * sinc * BesselI0(shape * Math.Sqrt(inside)) / shapeNorm;
        }
    }

    // The power series: sum of ((x / 2)^k / k!)^2. All terms are positive, so it keeps full accuracy.
    private static double BesselI0(double x)
    {
        var quarterSquare = x * x / 4;
        var sum = 1.0;
        var term = 1.0;
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= quarterSquare / ((double)k * k);
            sum += term;
        }

        return sum;
    }
}
