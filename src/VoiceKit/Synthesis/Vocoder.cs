using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Synthesis;

/// <summary>The ways from spectra and F0 to sound.</summary>
public enum SynthesisMethod
{
    /// <summary><see cref="PulseNoiseSynthesizer"/>: the more natural, most of all for low voices.</summary>
    PulseNoise,

    /// <summary><see cref="WorldSynthesizer"/>: as WORLD does it, sample by sample.</summary>
    World,
}

/// <summary>From features back to a waveform.</summary>
public static class Vocoder
{
    /// <summary>Synthesises the features' F0, mel-cepstra and band aperiodicity.</summary>
    /// <param name="features">The features.</param>
    public static Waveform Synthesize(SpeechFeatures features) => Synthesize(features, SynthesisMethod.PulseNoise);

    /// <summary>Synthesises the features' F0, mel-cepstra and band aperiodicity by a method.</summary>
    /// <param name="features">The features.</param>
    /// <param name="method">How.</param>
    public static Waveform Synthesize(SpeechFeatures features, SynthesisMethod method)
    {
        ArgumentNullException.ThrowIfNull(features);
        var fftLength = CheapTrick.FftLengthFor(features.SampleRate, new CheapTrickOptions().F0Floor);
        var melCepstrum = new MelCepstrum(fftLength, features.MelCepstrum.Dimension - 1, features.Alpha);
        var samples = Run(method, features.SampleRate, fftLength, features.F0, new DecodedSpectra(features, melCepstrum));
        return AtLevel(samples, features.SampleRate, FrameLevel.MeanPower(features.Levels()));
    }

    /// <summary>Synthesises whole spectra.</summary>
    /// <param name="analysis">The spectra.</param>
    public static Waveform Synthesize(SpeechAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        return Synthesize(
            analysis.Features.SampleRate,
            analysis.Features.F0,
            analysis.Envelope,
            analysis.Aperiodicity,
            SynthesisMethod.PulseNoise
        );
    }

    /// <summary>Synthesises whole spectra by a method.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="f0">F0 in Hz, 0 = unvoiced, [T].</param>
    /// <param name="envelope">The power envelope |H|^2, [T, N / 2 + 1], positive.</param>
    /// <param name="aperiodicity">The aperiodicity 0 .. 1, [T, N / 2 + 1].</param>
    /// <param name="method">How.</param>
    /// <exception cref="ArgumentException">The numbers of frames or bins differ.</exception>
    public static Waveform Synthesize(int sampleRate, F0Contour f0, Frames envelope, Frames aperiodicity, SynthesisMethod method)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        StoredSpectra.Require(f0, envelope, aperiodicity, envelope.Dimension);
        var samples = Run(method, sampleRate, (envelope.Dimension - 1) * 2, f0, new StoredSpectra(envelope, aperiodicity));
        return AtLevel(samples, sampleRate, Enumerable.Range(0, envelope.Count).Average(t => FrameLevel.PowerOf(envelope[t])));
    }

    private static double[] Run(SynthesisMethod method, int sampleRate, int fftLength, F0Contour f0, ISpectrumSource spectra) =>
        method == SynthesisMethod.World
            ? new WorldSynthesizer(sampleRate, fftLength).Synthesize(f0, spectra)
            : new PulseNoiseSynthesizer(sampleRate, fftLength).Synthesize(f0, spectra);

    /// <summary>
    /// Pulses that ring into each other add up to more or less than the envelopes say (up to a decibel): the whole is set to their power.
    /// </summary>
    private static Waveform AtLevel(double[] samples, int sampleRate, double power)
    {
        var present = Reductions.SumOfSquares(samples) / samples.Length;
        if (present > 0)
            TensorPrimitives.Multiply(samples, Math.Sqrt(power / present), samples);
        return Waveform.Wrap(samples, sampleRate);
    }
}
