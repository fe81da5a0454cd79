using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Synthesis;

/// <summary>
/// WORLD's synthesis: at each glottal pulse the minimum-phase response of the periodic part plus noise shaped by the aperiodic part.
/// Morise, Yokomori, Ozawa 2016, "WORLD: a vocoder-based high-quality speech synthesis system for real-time applications", section 2.4.
/// </summary>
public sealed class WorldSynthesizer
{
    private readonly int sampleRate;
    private readonly RealFft fft;
    private readonly MinimumPhase minimumPhase;
    private readonly double[] directCurrent;
    private readonly double[] envelope;
    private readonly double[] noiseRatio;
    private readonly double[] power;
    private readonly double[] real;
    private readonly double[] imaginary;
    private readonly double[] noiseReal;
    private readonly double[] noiseImaginary;
    private readonly double[] sine;
    private readonly double[] cosine;
    private readonly double[] response;
    private readonly double[] buffer;

    /// <summary>
    /// Prepares for envelopes of <paramref name="fftLength"/> / 2 + 1 bins. One object for one thread: it owns scratch memory.
    /// </summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="fftLength">The transform's length N, a power of two.</param>
    public WorldSynthesizer(int sampleRate, int fftLength)
    {
        this.sampleRate = sampleRate;
        fft = new RealFft(fftLength);
        minimumPhase = new MinimumPhase(fft);
        var bins = fft.BinCount;
        (envelope, noiseRatio, power) = (new double[bins], new double[bins], new double[bins]);
        (real, imaginary) = (new double[bins], new double[bins]);
        (noiseReal, noiseImaginary) = (new double[bins], new double[bins]);
        (sine, cosine) = (new double[bins], new double[bins]);
        (response, buffer) = (new double[fftLength], new double[fftLength]);
        directCurrent = MakeDirectCurrent(fftLength);
    }

    /// <summary>Synthesises (T - 1) x frame period + 1 samples. The level is that of the analysed signal; nothing is clipped.</summary>
    /// <param name="contour">F0, [T].</param>
    /// <param name="envelopes">The power envelope |H|^2, [T, N / 2 + 1], positive.</param>
    /// <param name="aperiodicity">The aperiodicity 0 .. 1, [T, N / 2 + 1].</param>
    public Waveform Synthesize(F0Contour contour, Frames envelopes, Frames aperiodicity)
    {
        StoredSpectra.Require(contour, envelopes, aperiodicity, fft.BinCount);
        return Waveform.Wrap(Synthesize(contour, new StoredSpectra(envelopes, aperiodicity)), sampleRate);
    }

    /// <summary>Synthesises from spectra that may be decoded on the way.</summary>
    internal double[] Synthesize(F0Contour contour, ISpectrumSource spectra)
    {
        if (contour.Count == 0)
            throw new ArgumentException("There are no frames to synthesise.", nameof(contour));
        var noise = new NormalNoise();
        var samples = new double[(int)((contour.Count - 1) * contour.FramePeriod.TotalSeconds * sampleRate) + 1];
        var pulses = PulseTrain.Place(contour, sampleRate, samples.Length, (sampleRate / fft.Length) + 1);
        for (var i = 0; i < pulses.Count; i++)
        {
            var pulse = pulses[i];
            var noiseLength = pulses[Math.Min(i + 1, pulses.Count - 1)].Sample - pulse.Sample;
            Interpolate(pulse.Sample / (contour.FramePeriod.TotalSeconds * sampleRate), spectra);
            WritePeriodic(pulse, Math.Sqrt(noiseLength));
            AddAperiodic(pulse, noiseLength, noise);

            var offset = pulse.Sample - (fft.Length / 2) + 1;
            var from = Math.Max(0, -offset);
            var to = Math.Min(fft.Length, samples.Length - offset);
            if (from < to)
                TensorPrimitives.Add(
                    samples.AsSpan(from + offset, to - from),
                    response.AsSpan(from, to - from),
                    samples.AsSpan(from + offset)
                );
        }

        return samples;
    }

    /// <summary>The envelope and the share of noise power at a position between frames.</summary>
    private void Interpolate(double position, ISpectrumSource spectra)
    {
        var low = Math.Min((int)position, spectra.Count - 1);
        var high = Math.Min((int)Math.Ceiling(position), spectra.Count - 1);
        TensorPrimitives.Lerp(spectra.Envelope(low), spectra.Envelope(high), position - low, envelope);
        TensorPrimitives.Lerp(spectra.Aperiodicity(low), spectra.Aperiodicity(high), position - low, noiseRatio);
        TensorPrimitives.Clamp(noiseRatio, 0.001, 0.999999999999, noiseRatio);
        TensorPrimitives.Multiply<double>(noiseRatio, noiseRatio, noiseRatio);
    }

    private void WritePeriodic(Pulse pulse, double gain)
    {
        if (!pulse.Voiced || noiseRatio[0] > 0.999)
        {
            Array.Clear(response);
            return;
        }

        TensorPrimitives.Subtract(1, noiseRatio, power);
        TensorPrimitives.Multiply<double>(power, envelope, power);
        TensorPrimitives.Add(power, 1e-12, power);
        minimumPhase.Compute(power, real, imaginary);
        Delay(pulse.Fraction);
        fft.Inverse(real, imaginary, buffer);

        // The response is centred; its mean is taken out under a wide window, so that pulses leave no DC and the acausal half stays small.
        var half = fft.Length / 2;
        var sum = Reductions.Sum(buffer.AsSpan(0, half));
        TensorPrimitives.Multiply(directCurrent, -sum * gain, response);
        TensorPrimitives.MultiplyAdd(buffer.AsSpan(0, half), gain, response.AsSpan(half), response.AsSpan(half));
    }

    /// <summary>Delays the spectrum by a fraction of a sample.</summary>
    private void Delay(double fraction)
    {
        var step = -2 * Math.PI * fraction / fft.Length;
        for (var k = 0; k < cosine.Length; k++)
            cosine[k] = k * step;
        ElementaryFunctions.SinCos(cosine, sine, cosine);
        ComplexSpectrum.MultiplyBy(real, imaginary, cosine, sine);
    }

    private void AddAperiodic(Pulse pulse, int noiseLength, NormalNoise noise)
    {
        Array.Clear(buffer);
        if (noiseLength == 0)
            return;
        for (var i = 0; i < noiseLength && i < buffer.Length; i++)
            buffer[i] = noise.Next();
        var excitation = buffer.AsSpan(0, Math.Min(noiseLength, buffer.Length));
        TensorPrimitives.Subtract(excitation, Reductions.Sum(excitation) / noiseLength, excitation);
        fft.Forward(buffer, noiseReal, noiseImaginary);

        if (pulse.Voiced)
            TensorPrimitives.Multiply<double>(envelope, noiseRatio, power);
        else
            envelope.CopyTo(power, 0);
        minimumPhase.Compute(power, real, imaginary);
        ComplexSpectrum.MultiplyBy(real, imaginary, noiseReal, noiseImaginary);
        fft.Inverse(real, imaginary, buffer);

        var half = fft.Length / 2;
        TensorPrimitives.Add(response.AsSpan(half), buffer.AsSpan(0, half), response.AsSpan(half));
        TensorPrimitives.Add(response.AsSpan(0, half), buffer.AsSpan(half), response);
    }

    private static double[] MakeDirectCurrent(int length)
    {
        var result = new double[length];
        for (var i = 0; i < length / 2; i++)
            result[i] = result[length - i - 1] = 0.5 - (0.5 * Math.Cos(2 * Math.PI * (i + 1.0) / (1.0 + length)));
        TensorPrimitives.Divide(result, Reductions.Sum(result), result);
        return result;
    }
}

/// <summary>The minimum-phase spectrum of a power spectrum, by folding its cepstrum (Oppenheim and Schafer).</summary>
internal sealed class MinimumPhase(RealFft fft)
{
    private readonly double[] buffer = new double[fft.Length];
    private readonly double[] angle = new double[fft.BinCount];

    /// <summary>Writes H with |H|^2 = <paramref name="power"/> and minimum phase, as real and imaginary parts, N / 2 + 1 bins.</summary>
    internal void Compute(ReadOnlySpan<double> power, Span<double> real, Span<double> imaginary)
    {
        ElementaryFunctions.Log(power, buffer);
        Fold(real, imaginary);
        ElementaryFunctions.Exp(real, real);
        ElementaryFunctions.SinCos(imaginary, imaginary, angle);
        TensorPrimitives.Multiply(imaginary, real, imaginary);
        TensorPrimitives.Multiply(real, angle, real);
    }

    /// <summary>Writes the minimum phase that belongs to ln |H|^2, in radians, N / 2 + 1 bins.</summary>
    internal void ComputePhase(ReadOnlySpan<double> logPower, Span<double> phase)
    {
        logPower.CopyTo(buffer);
        Fold(angle, phase);
    }

    /// <summary>From ln |H|^2 in the buffer to ln |H| and the phase.</summary>
    private void Fold(Span<double> real, Span<double> imaginary)
    {
        var half = fft.Length / 2;
        ComplexSpectrum.Mirror(buffer);
        fft.Forward(buffer, real, imaginary);

        // The cepstrum of ln |H|, its negative quefrencies folded onto the positive ones; 1 / 2 turns ln |H|^2 into ln |H|.
        TensorPrimitives.Multiply(real, 1.0 / fft.Length, buffer);
        buffer[0] /= 2;
        buffer[half] /= 2;
        Array.Clear(buffer, half + 1, half - 1);
        fft.Forward(buffer, real, imaginary);
    }
}

/// <summary>One excitation instant of the vocoder.</summary>
/// <param name="Sample">The sample at or before the instant.</param>
/// <param name="Fraction">How far the instant lies behind it, 0 .. 1 samples.</param>
/// <param name="Voiced">Whether it is a glottal pulse; else only noise starts here.</param>
internal readonly record struct Pulse(int Sample, double Fraction, bool Voiced)
{
    /// <summary>The instant in samples.</summary>
    public double Position => Sample + Fraction;
}

/// <summary>Places the excitation instants of an F0 contour: where the phase of the fundamental completes a turn.</summary>
internal static class PulseTrain
{
    private const double UnvoicedF0 = 500;

    /// <summary>Lists the instants within <paramref name="sampleCount"/> samples.</summary>
    internal static List<Pulse> Place(F0Contour contour, int sampleRate, int sampleCount, double lowestF0)
    {
        var frameSeconds = contour.FramePeriod.TotalSeconds;
        var pulses = new List<Pulse>();
        double phase = 0,
            previous = 0;
        var previousVoiced = false;
        for (var i = 0; i < sampleCount; i++)
        {
            var (f0, voiced) = At(contour, i / (frameSeconds * sampleRate), lowestF0);
            phase += 2 * Math.PI * f0 / sampleRate;
            var wrapped = phase % (2 * Math.PI);
            if (i > 0 && Math.Abs(wrapped - previous) > Math.PI)
            {
                // The turn lies where the straight line between the two samples' phases crosses it.
                var before = previous - (2 * Math.PI);
                pulses.Add(new Pulse(i - 1, -before / (wrapped - before), previousVoiced));
            }

            (previous, previousVoiced) = (wrapped, voiced);
        }

        return pulses;
    }

    /// <summary>
    /// F0 and voicing between frames. The midpoint between a voiced and an unvoiced frame counts as unvoiced: rounding must not decide.
    /// </summary>
    private static (double F0, bool Voiced) At(F0Contour contour, double position, double lowestF0)
    {
        var t = Math.Min((int)position, contour.Count - 1);
        var fraction = position - t;
        var left = Floored(contour[t], lowestF0);
        double Previous() => t > 0 ? Floored(contour[t - 1], lowestF0) : left;

        // Beyond the last frame the line through the last two goes on.
        var right = t + 1 < contour.Count ? Floored(contour[t + 1], lowestF0) : (2 * left) - Previous();
        var rightVoiced = t + 1 < contour.Count ? (right > 0 ? 1.0 : 0) : ((left > 0 ? 2.0 : 0) - (Previous() > 0 ? 1.0 : 0));
        var leftVoiced = left > 0 ? 1.0 : 0;
        var voiced = leftVoiced + (fraction * (rightVoiced - leftVoiced)) > 0.5 + 1e-9;
        return (voiced ? left + (fraction * (right - left)) : UnvoicedF0, voiced);
    }

    private static double Floored(double f0, double lowest) => f0 < lowest ? 0 : f0;
}

/// <summary>Gives the synthesizer the spectra of the frames that it is at.</summary>
internal interface ISpectrumSource
{
    /// <summary>The number of frames T.</summary>
    int Count { get; }

    /// <summary>The power envelope of frame <paramref name="t"/>, [N / 2 + 1].</summary>
    ReadOnlySpan<double> Envelope(int t);

    /// <summary>The aperiodicity 0 .. 1 of frame <paramref name="t"/>, [N / 2 + 1].</summary>
    ReadOnlySpan<double> Aperiodicity(int t);
}

/// <summary>Spectra that are there in full.</summary>
internal sealed class StoredSpectra(Frames envelopes, Frames aperiodicity) : ISpectrumSource
{
    public int Count => envelopes.Count;

    public ReadOnlySpan<double> Envelope(int t) => envelopes[t];

    public ReadOnlySpan<double> Aperiodicity(int t) => aperiodicity[t];

    /// <summary>Throws where the parts of an utterance do not fit each other.</summary>
    public static void Require(F0Contour contour, Frames envelopes, Frames aperiodicity, int binCount)
    {
        ArgumentNullException.ThrowIfNull(contour);
        ArgumentNullException.ThrowIfNull(envelopes);
        ArgumentNullException.ThrowIfNull(aperiodicity);
        if (envelopes.Count != contour.Count || aperiodicity.Count != contour.Count)
            throw new ArgumentException(
                $"F0 ({contour.Count}), envelope ({envelopes.Count}) and aperiodicity ({aperiodicity.Count}) must have the same "
                    + $"number of frames.",
                nameof(contour)
            );
        if (envelopes.Dimension != binCount || aperiodicity.Dimension != binCount)
            throw new ArgumentException(
                $"Envelope ({envelopes.Dimension}) and aperiodicity ({aperiodicity.Dimension}) must have {binCount} bins.",
                nameof(envelopes)
            );
    }
}

/// <summary>Spectra decoded from features a few frames at a time: whole spectra of a long recording would not fit in memory.</summary>
internal sealed class DecodedSpectra(SpeechFeatures features, MelCepstrum melCepstrum) : ISpectrumSource
{
    private const int PieceFrames = 256;
    private readonly BandAperiodicity bands = new(features.SampleRate, melCepstrum.FftLength);
    private Frames envelopes = new FrameBuffer(0, 1);
    private Frames aperiodicity = new FrameBuffer(0, 1);
    private int first;

    public int Count => features.Count;

    public ReadOnlySpan<double> Envelope(int t)
    {
        Decode(t);
        return envelopes[t - first];
    }

    public ReadOnlySpan<double> Aperiodicity(int t)
    {
        Decode(t);
        return aperiodicity[t - first];
    }

    private void Decode(int t)
    {
        if (t >= first && t < first + envelopes.Count)
            return;

        // Neighbours are asked for together: a piece starts one frame early so that a border does not decode twice.
        first = Math.Max(0, t - 1);
        var count = Math.Min(PieceFrames, Count - first);
        envelopes = melCepstrum.ToEnvelope(features.MelCepstrum.Slice(first, count));
        aperiodicity = bands.Decode(features.Aperiodicity.Slice(first, count));
    }
}
