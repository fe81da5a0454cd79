using System.Numerics.Tensors;
using VoiceKit.Audio;
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
    private readonly double[] noiseShare;
    private readonly double[] power;
    private readonly double[] real;
    private readonly double[] imaginary;
    private readonly double[] noiseReal;
    private readonly double[] noiseImaginary;
    private readonly double[] sine;
    private readonly double[] cosine;
    private readonly double[] response;
    private readonly double[] buffer;

    /// <summary>Prepares for envelopes of <paramref name="fftLength"/> / 2 + 1 bins. One object for one thread: it owns scratch memory.</summary>
    public WorldSynthesizer(int sampleRate, int fftLength)
    {
        this.sampleRate = sampleRate;
        fft = new RealFft(fftLength);
        minimumPhase = new MinimumPhase(fft);
        var bins = fft.BinCount;
        (envelope, noiseShare, power) = (new double[bins], new double[bins], new double[bins]);
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
        ArgumentNullException.ThrowIfNull(contour);
        ArgumentNullException.ThrowIfNull(envelopes);
        ArgumentNullException.ThrowIfNull(aperiodicity);
        if (envelopes.Count != contour.Count || aperiodicity.Count != contour.Count)
            throw new ArgumentException($"F0 ({contour.Count}), envelope ({envelopes.Count}) and aperiodicity ({aperiodicity.Count}) must have the same number of frames.", nameof(contour));
        if (envelopes.Dimension != fft.BinCount || aperiodicity.Dimension != fft.BinCount)
            throw new ArgumentException($"Envelope ({envelopes.Dimension}) and aperiodicity ({aperiodicity.Dimension}) must have {fft.BinCount} bins.", nameof(envelopes));
        return new Waveform(Synthesize(contour, new StoredSpectra(envelopes, aperiodicity)), sampleRate);
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
                TensorPrimitives.Add(samples.AsSpan(from + offset, to - from), response.AsSpan(from, to - from), samples.AsSpan(from + offset));
        }

        return samples;
    }

    /// <summary>The envelope and the share of noise power at a position between frames.</summary>
    private void Interpolate(double position, ISpectrumSource spectra)
    {
        var low = Math.Min((int)position, spectra.Count - 1);
        var high = Math.Min((int)Math.Ceiling(position), spectra.Count - 1);
        TensorPrimitives.Lerp(spectra.Envelope(low), spectra.Envelope(high), position - low, envelope);
        TensorPrimitives.Lerp(spectra.Aperiodicity(low), spectra.Aperiodicity(high), position - low, noiseShare);
        TensorPrimitives.Clamp(noiseShare, 0.001, 0.999999999999, noiseShare);
        TensorPrimitives.Multiply<double>(noiseShare, noiseShare, noiseShare);
    }

    private void WritePeriodic(Pulse pulse, double gain)
    {
        if (!pulse.Voiced || noiseShare[0] > 0.999)
        {
            Array.Clear(response);
            return;
        }

        TensorPrimitives.Subtract(1, noiseShare, power);
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
            TensorPrimitives.Multiply<double>(envelope, noiseShare, power);
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
