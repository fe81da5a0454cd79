using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Spectra;

namespace VoiceKit.Cepstra;

/// <summary>
/// D4C: how much of the power is noise, band by band, from the group delay; with the V/UV check "Love Train".
/// Morise 2016, "D4C, a band-aperiodicity estimator for high-quality speech synthesis", Speech Communication 84.
/// </summary>
public sealed class D4C
{
    private const double MinF0 = 47;
    private const double Unvoiced = 0;
    private const double MaxVoiced = -1e-12;
    private readonly int sampleRate;
    private readonly double threshold;
    private readonly RealFft fft;
    private readonly SpectralSmoothing smoothing;
    private readonly PitchWindow window = new(1e-6);
    private readonly VoicingCheck voicing;
    private readonly double[] bandWindow;
    private readonly int[] centres;
    private readonly int discarded;

    private readonly double[] ramp;
    private readonly double[] segment;
    private readonly double[] real;
    private readonly double[] imaginary;
    private readonly double[] rampReal;
    private readonly double[] rampImaginary;
    private readonly double[] centroid;
    private readonly double[] delay;
    private readonly double[] power;
    private readonly double[] largest;

    /// <summary>Prepares for signals of <paramref name="sampleRate"/> Hz. One object for one thread: it owns scratch memory.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="threshold">A frame whose share of power below 4 kHz is at most this counts as unvoiced; 0.85 by default, 0 turns the
    /// check off.</param>
    public D4C(int sampleRate, double threshold = 0.85)
    {
        this.sampleRate = sampleRate;
        this.threshold = threshold;
        fft = new RealFft(2 << (int)Math.Log2((4.0 * sampleRate / MinF0) + 1));
        smoothing = new SpectralSmoothing(fft.Length, sampleRate);
        voicing = new VoicingCheck(sampleRate, window);
        var interval = BandAperiodicity.BandInterval(sampleRate);
        bandWindow = Window.Nuttall(((int)(interval * fft.Length / sampleRate) * 2) + 1, symmetric: true);
        discarded = (int)((fft.Length * 8.0 / bandWindow.Length) + 0.5) + 1;
        centres =
        [
            .. Enumerable.Range(1, BandAperiodicity.BandCountFor(sampleRate)).Select(i => (int)(interval * i * fft.Length / sampleRate)),
        ];
        ramp = [.. Enumerable.Range(1, fft.Length).Select(i => (double)i)];
        segment = new double[fft.Length];
        (real, imaginary) = (new double[fft.BinCount], new double[fft.BinCount]);
        (rampReal, rampImaginary) = (new double[fft.BinCount], new double[fft.BinCount]);
        (centroid, delay, power) = (new double[fft.BinCount], new double[fft.BinCount], new double[fft.BinCount]);
        largest = new double[discarded];
    }

    /// <summary>Estimates band aperiodicity in dB (at most 0), [T, bands]; unvoiced frames have 0 dB in all bands.</summary>
    /// <param name="waveform">The signal.</param>
    /// <param name="contour">F0 in Hz, 0 = unvoiced, [T].</param>
    public Frames EstimateBands(Waveform waveform, F0Contour contour)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        ArgumentNullException.ThrowIfNull(contour);
        var result = new FrameBuffer(contour.Count, centres.Length);
        var frameSeconds = contour.FramePeriod.TotalSeconds;
        for (var t = 0; t < result.Count; t++)
        {
            if (contour[t] == 0 || voicing.LowPowerRatio(waveform.Samples, t * frameSeconds, contour[t]) <= threshold)
                continue;
            EstimateFrame(waveform.Samples, t * frameSeconds, Math.Max(MinF0, contour[t]), result[t]);
        }

        return result;
    }

    /// <summary>Estimates aperiodicity 0 .. 1 at the bins of a transform of <paramref name="fftLength"/>, [T, fftLength / 2 + 1].</summary>
    /// <param name="waveform">The signal.</param>
    /// <param name="contour">F0 in Hz, 0 = unvoiced, [T].</param>
    /// <param name="fftLength">The transform's length N, a power of two.</param>
    public Frames Estimate(Waveform waveform, F0Contour contour, int fftLength) => Expand(EstimateBands(waveform, contour), fftLength);

    /// <summary>Draws the bands of <see cref="EstimateBands"/> out to the bins of a transform, [T, fftLength / 2 + 1].</summary>
    /// <param name="bands">Band aperiodicity in dB, [T, bands].</param>
    /// <param name="fftLength">The transform's length N, a power of two.</param>
    public Frames Expand(Frames bands, int fftLength)
    {
        ArgumentNullException.ThrowIfNull(bands);
        var code = new BandAperiodicity(sampleRate, fftLength);
        var result = new FrameBuffer(bands.Count, (fftLength / 2) + 1);
        for (var t = 0; t < bands.Count; t++)
        {
            // A voiced frame can reach 0 dB in every band; only an unvoiced one is wholly aperiodic at 0 Hz too.
            if (bands[t][0] == Unvoiced)
                result[t].Fill(1 - 1e-12);
            else
                code.WriteCurve(bands[t], result[t]);
        }

        return result;
    }

    private void EstimateFrame(ReadOnlySpan<double> signal, double time, double f0, Span<double> bands)
    {
        // The temporally static group delay (eq. 4 - 9): centroids a quarter period before and after, over the smoothed power.
        Array.Clear(centroid);
        AddCentroid(signal, time - (0.25 / f0), f0);
        AddCentroid(signal, time + (0.25 / f0), f0);
        smoothing.CorrectBelowF0(centroid, f0);

        window.Cut(signal, sampleRate, time, f0, 4, PitchWindowShape.Hann, false, segment);
        WritePower();
        smoothing.CorrectBelowF0(power, f0);
        smoothing.Smooth(power, f0, power);

        TensorPrimitives.Divide<double>(centroid, power, delay);
        smoothing.Smooth(delay, f0 / 2, delay);
        smoothing.Smooth(delay, f0, power);
        TensorPrimitives.Subtract<double>(delay, power, delay);

        // Each band's share of power outside the strongest components is its aperiodicity, corrected for F0 (eq. 10 - 12).
        for (var band = 0; band < bands.Length; band++)
        {
            var half = bandWindow.Length / 2;
            Array.Clear(segment);
            TensorPrimitives.Multiply(delay.AsSpan(centres[band] - half, bandWindow.Length), bandWindow, segment);
            WritePower();
            var (rest, total) = SumWithoutLargest();
            bands[band] = Math.Min(MaxVoiced, (10 * Math.Log10(rest / total)) + ((f0 - 100) / 50));
        }
    }

    private void AddCentroid(ReadOnlySpan<double> signal, double time, double f0)
    {
        var length = window.Cut(signal, sampleRate, time, f0, 4, PitchWindowShape.Blackman, false, segment);
        var norm = Math.Sqrt(Reductions.SumOfSquares(segment.AsSpan(0, length)));
        TensorPrimitives.Divide(segment.AsSpan(0, length), norm, segment);
        fft.Forward(segment, real, imaginary);
        TensorPrimitives.Multiply(segment.AsSpan(0, length), ramp.AsSpan(0, length), segment);
        fft.Forward(segment, rampReal, rampImaginary);
        TensorPrimitives.MultiplyAdd<double>(real, rampReal, centroid, centroid);
        TensorPrimitives.MultiplyAdd<double>(imaginary, rampImaginary, centroid, centroid);
    }

    private void WritePower()
    {
        fft.Forward(segment, real, imaginary);
        ComplexSpectrum.Power(real, imaginary, power);
    }

    /// <summary>Sums the power with and without its largest values, which a small sorted list collects.</summary>
    private (double Remainder, double Total) SumWithoutLargest()
    {
        Array.Clear(largest);
        var rest = 0.0;
        foreach (var value in power)
        {
            if (value <= largest[0])
            {
                rest += value;
                continue;
            }

            rest += largest[0];
            var i = 1;
            for (; i < largest.Length && largest[i] < value; i++)
                largest[i - 1] = largest[i];
            largest[i - 1] = value;
        }

        return (rest, rest + Reductions.Sum(largest));
    }
}

/// <summary>D4C's V/UV check "Love Train": voiced speech has most of its power below 4 kHz.</summary>
internal sealed class VoicingCheck
{
    private const double MinF0 = 40;
    private readonly int sampleRate;
    private readonly PitchWindow window;
    private readonly RealFft fft;
    private readonly double[] segment;
    private readonly double[] real;
    private readonly double[] imaginary;
    private readonly int lowest;
    private readonly int middle;
    private readonly int highest;

    internal VoicingCheck(int sampleRate, PitchWindow window)
    {
        this.sampleRate = sampleRate;
        this.window = window;
        fft = new RealFft(2 << (int)Math.Log2((3.0 * sampleRate / MinF0) + 1));
        segment = new double[fft.Length];
        real = new double[fft.BinCount];
        imaginary = new double[fft.BinCount];

        // Below 15.8 kHz of sampling frequency the upper limit lies beyond the Nyquist frequency; at 8 kHz the share is always 1.
        int Bin(double frequency) => Math.Min((int)Math.Ceiling(frequency * fft.Length / sampleRate), fft.Length / 2);
        (lowest, middle, highest) = (Bin(100) + 1, Bin(4000), Bin(7900));
    }

    /// <summary>The power between 100 Hz and 4 kHz over that between 100 Hz and 7.9 kHz, 0 .. 1.</summary>
    internal double LowPowerRatio(ReadOnlySpan<double> signal, double time, double f0)
    {
        window.Cut(signal, sampleRate, time, Math.Max(f0, MinF0), 3, PitchWindowShape.Blackman, false, segment);
        fft.Forward(segment, real, imaginary);
        var low = Power(lowest, middle);
        return low / (low + Power(middle + 1, highest));
    }

    private double Power(int first, int last) =>
        last < first
            ? 0
            : Reductions.SumOfSquares(real.AsSpan(first..(last + 1))) + Reductions.SumOfSquares(imaginary.AsSpan(first..(last + 1)));
}
