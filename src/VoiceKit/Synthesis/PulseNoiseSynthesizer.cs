using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Synthesis;

/// <summary>
/// Synthesis from pulses and noise that are added up apart: a minimum-phase response at every glottal instant, and white noise through a
/// filter that moves with the frames.
/// </summary>
/// <remarks>
/// WORLD makes the noise of a period anew at each pulse and takes the spectrum of the pulse's own moment for it, so that the noise of a low
/// voice stands still for 10 ms and jumps. Here it flows: each frame filters the noise around it, and neighbours fade into each other.
/// Spectra are interpolated in the logarithm, in which minimum phase is linear. Within a period the noise swells at the pulse, as breath
/// does.
/// </remarks>
public sealed class PulseNoiseSynthesizer
{
    // How far the noise of voiced frames swells and falls about its mean within a period.
    private const double NoiseSwell = 0.5;
    private const double MinAperiodicity = 0.001;
    private readonly int sampleRate;
    private readonly RealFft fft;
    private readonly double[] directCurrent;
    private readonly double[] taper;
    private readonly double[] magnitude;
    private readonly double[] phase;
    private readonly double[] sine;
    private readonly double[] cosine;
    private readonly double[] periodic;
    private readonly double[] real;
    private readonly double[] imaginary;
    private readonly double[] buffer;

    /// <summary>
    /// Prepares for envelopes of <paramref name="fftLength"/> / 2 + 1 bins. One object for one thread: it owns scratch memory.
    /// </summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="fftLength">The transform's length N, a power of two of at least 32.</param>
    public PulseNoiseSynthesizer(int sampleRate, int fftLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(fftLength, 32);
        this.sampleRate = sampleRate;
        fft = new RealFft(fftLength);
        var bins = fft.BinCount;
        (magnitude, phase, periodic) = (new double[bins], new double[bins], new double[bins]);
        (sine, cosine) = (new double[bins], new double[bins]);
        (real, imaginary) = (new double[bins], new double[bins]);
        buffer = new double[fftLength];
        directCurrent = [.. Enumerable.Range(0, fftLength).Select(i => (1 - Math.Cos(2 * Math.PI * (i + 0.5) / fftLength)) / fftLength)];
        taper = [.. Enumerable.Range(0, fftLength / 16).Select(i => (i + 0.5) / (fftLength / 16))];
    }

    /// <summary>Synthesises (T - 1) x frame period + 1 samples. The level is that of the analysed signal; nothing is clipped.</summary>
    /// <param name="contour">F0, [T].</param>
    /// <param name="envelopes">The power envelope |H|^2, [T, N / 2 + 1], positive.</param>
    /// <param name="aperiodicity">The aperiodicity 0 .. 1, [T, N / 2 + 1].</param>
    /// <exception cref="ArgumentException">The numbers of frames or bins differ, or there are no frames.</exception>
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
        var hop = contour.FramePeriod.TotalSeconds * sampleRate;
        var samples = new double[(int)((contour.Count - 1) * hop) + 1];
        var pulses = PulseTrain.Place(contour, sampleRate, samples.Length, (sampleRate / fft.Length) + 1);
        var noise = MakeNoise(pulses, samples.Length);
        var (current, next) = (new FrameSpectrum(fft), new FrameSpectrum(fft));
        current.Load(spectra, 0);
        var upcoming = 0;
        for (var t = 0; t < contour.Count; t++)
        {
            AddNoise(samples, noise, t, hop, current, contour[t] > 0);
            next.Load(spectra, Math.Min(t + 1, contour.Count - 1));
            for (; upcoming < pulses.Count && (pulses[upcoming].Position < (t + 1) * hop || t == contour.Count - 1); upcoming++)
            {
                if (pulses[upcoming].Voiced)
                {
                    var period =
                        PeriodAt(pulses, upcoming) ?? sampleRate / Math.Max(contour[t], contour[Math.Min(t + 1, contour.Count - 1)]);
                    AddPulse(samples, pulses[upcoming], period, (pulses[upcoming].Position / hop) - t, current, next);
                }
            }

            (current, next) = (next, current);
        }

        return samples;
    }

    /// <summary>
    /// The samples from a pulse to the next, or from the last one at the end of a voiced stretch; null where it is alone.
    /// </summary>
    private static double? PeriodAt(List<Pulse> pulses, int i)
    {
        if (i + 1 < pulses.Count && pulses[i + 1].Voiced)
            return pulses[i + 1].Position - pulses[i].Position;
        return i > 0 && pulses[i - 1].Voiced ? pulses[i].Position - pulses[i - 1].Position : null;
    }

    /// <summary>White noise of power 1 that swells at the pulses of voiced stretches.</summary>
    private static double[] MakeNoise(List<Pulse> pulses, int count)
    {
        var generator = new NormalNoise();
        var noise = new double[count];
        for (var i = 0; i < count; i++)
            noise[i] = generator.Next();
        var norm = Math.Sqrt(1 + (NoiseSwell * NoiseSwell / 2));
        for (var i = 0; i + 1 < pulses.Count; i++)
        {
            if (!pulses[i].Voiced || !pulses[i + 1].Voiced)
                continue;
            var (from, to) = (pulses[i].Position, pulses[i + 1].Position);
            for (var j = (int)Math.Ceiling(from); j < to && j < count; j++)
                noise[j] *= (1 + (NoiseSwell * Math.Cos(2 * Math.PI * (j - from) / (to - from)))) / norm;
        }

        return noise;
    }

    /// <summary>
    /// Adds the noise around frame <paramref name="t"/>, faded in from the last frame and out to the next, through its filter.
    /// </summary>
    private void AddNoise(double[] samples, double[] noise, int t, double hop, FrameSpectrum frame, bool isVoiced)
    {
        var centre = t * hop;
        var first = Math.Max(0, (int)Math.Ceiling(centre - hop));
        var last = Math.Min(Math.Min(samples.Length - 1, (int)Math.Floor(centre + hop)), first + (fft.Length / 2) - 1);
        if (last < first)
            return;
        Array.Clear(buffer);
        for (var i = first; i <= last; i++)
            buffer[i - first] = noise[i] * (1 - (Math.Abs(i - centre) / hop));
        fft.Forward(buffer, real, imaginary);
        ElementaryFunctions.Exp(frame.LogMagnitude, magnitude);
        if (isVoiced)
            TensorPrimitives.Multiply(magnitude, frame.Aperiodicity, magnitude);
        ElementaryFunctions.SinCos(frame.Phase, sine, cosine);
        TensorPrimitives.Multiply(sine, magnitude, sine);
        TensorPrimitives.Multiply(cosine, magnitude, cosine);
        ComplexSpectrum.MultiplyBy(real, imaginary, cosine, sine);
        fft.Inverse(real, imaginary, buffer);
        FadeOut(buffer);
        var count = Math.Min(buffer.Length, samples.Length - first);
        TensorPrimitives.Add(samples.AsSpan(first, count), buffer.AsSpan(0, count), samples.AsSpan(first, count));
    }

    /// <summary>Adds the response at a glottal instant, its spectrum between two frames.</summary>
    private void AddPulse(double[] samples, Pulse pulse, double period, double fraction, FrameSpectrum current, FrameSpectrum next)
    {
        fraction = Math.Clamp(fraction, 0, 1);
        TensorPrimitives.Lerp<double>(current.Aperiodicity, next.Aperiodicity, fraction, periodic);
        TensorPrimitives.Multiply<double>(periodic, periodic, periodic);
        TensorPrimitives.Subtract(1, periodic, periodic);
        TensorPrimitives.Sqrt<double>(periodic, periodic);
        TensorPrimitives.Lerp<double>(current.LogMagnitude, next.LogMagnitude, fraction, magnitude);
        ElementaryFunctions.Exp(magnitude, magnitude);
        TensorPrimitives.Multiply<double>(magnitude, periodic, magnitude);
        TensorPrimitives.Multiply(magnitude, Math.Sqrt(period), magnitude);
        TensorPrimitives.Lerp<double>(current.Phase, next.Phase, fraction, phase);
        var delay = -2 * Math.PI * pulse.Fraction / fft.Length;
        for (var k = 0; k < phase.Length; k++)
            phase[k] += k * delay;
        ElementaryFunctions.SinCos(phase, sine, cosine);
        TensorPrimitives.Multiply<double>(cosine, magnitude, real);
        TensorPrimitives.Multiply<double>(sine, magnitude, imaginary);
        fft.Inverse(real, imaginary, buffer);

        // Pulses must leave no offset: their sum is taken out under a window as wide as the response, half of it before the pulse.
        FadeOut(buffer);
        var sum = Reductions.Sum(buffer);
        var start = pulse.Sample - (fft.Length / 2);
        var from = Math.Max(0, -start);
        var to = Math.Min(fft.Length, samples.Length - start);
        for (var i = from; i < to; i++)
            samples[start + i] -= sum * directCurrent[i];
        var count = Math.Min(buffer.Length, samples.Length - pulse.Sample);
        TensorPrimitives.Add(samples.AsSpan(pulse.Sample, count), buffer.AsSpan(0, count), samples.AsSpan(pulse.Sample, count));
    }

    /// <summary>A response that is longer than the transform must not end in a step.</summary>
    private void FadeOut(Span<double> response)
    {
        for (var i = 0; i < taper.Length; i++)
            response[^(i + 1)] *= taper[i];
    }

    /// <summary>What both excitations need of a frame: ln |H|, its minimum phase, and the aperiodicity.</summary>
    private sealed class FrameSpectrum(RealFft fft)
    {
        private readonly MinimumPhase minimumPhase = new(fft);

        public double[] LogMagnitude { get; } = new double[fft.BinCount];

        public double[] Phase { get; } = new double[fft.BinCount];

        public double[] Aperiodicity { get; } = new double[fft.BinCount];

        public void Load(ISpectrumSource spectra, int t)
        {
            ElementaryFunctions.Log(spectra.Envelope(t), LogMagnitude);
            minimumPhase.ComputePhase(LogMagnitude, Phase);
            TensorPrimitives.Multiply(LogMagnitude, 0.5, LogMagnitude);
            TensorPrimitives.Clamp(spectra.Aperiodicity(t), MinAperiodicity, 1, Aperiodicity);
        }
    }
}
