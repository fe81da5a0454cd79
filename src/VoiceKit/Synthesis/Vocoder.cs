using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Synthesis;

/// <summary>From features back to a waveform, by <see cref="WorldSynthesizer"/>.</summary>
public static class Vocoder
{
    /// <summary>Synthesises the features' F0, mel-cepstra and band aperiodicity.</summary>
    /// <param name="features">The features.</param>
    public static Waveform Synthesize(SpeechFeatures features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var fftLength = CheapTrick.FftLengthFor(features.SampleRate, new CheapTrickOptions().F0Floor);
        var melCepstrum = new MelCepstrum(fftLength, features.MelCepstrum.Dimension - 1, features.Alpha);
        var samples = new WorldSynthesizer(features.SampleRate, fftLength).Synthesize(
            features.F0,
            new DecodedSpectra(features, melCepstrum)
        );
        return AtLevel(samples, features.SampleRate, features.Levels().Average(level => Math.Pow(10, level / 10)));
    }

    /// <summary>Synthesises whole spectra.</summary>
    /// <param name="analysis">The spectra.</param>
    public static Waveform Synthesize(SpeechAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        return Synthesize(analysis.Features.SampleRate, analysis.Features.F0, analysis.Envelope, analysis.Aperiodicity);
    }

    /// <summary>Synthesises whole spectra.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="f0">F0 in Hz, 0 = unvoiced, [T].</param>
    /// <param name="envelope">The power envelope |H|^2, [T, N / 2 + 1], positive.</param>
    /// <param name="aperiodicity">The aperiodicity 0 .. 1, [T, N / 2 + 1].</param>
    /// <exception cref="ArgumentException">The numbers of frames or bins differ.</exception>
    public static Waveform Synthesize(int sampleRate, F0Contour f0, Frames envelope, Frames aperiodicity)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var samples = new WorldSynthesizer(sampleRate, (envelope.Dimension - 1) * 2)
            .Synthesize(f0, envelope, aperiodicity)
            .Samples.ToArray();
        return AtLevel(samples, sampleRate, Enumerable.Range(0, envelope.Count).Average(t => FrameLevel.PowerOf(envelope[t])));
    }

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
