using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Numerics;

namespace VoiceKit.Synthesis;

/// <summary>From features back to a waveform, by <see cref="WorldSynthesizer"/>.</summary>
public static class Vocoder
{
    /// <summary>Synthesises the features' F0, mel-cepstra and band aperiodicity.</summary>
    public static Waveform Synthesize(SpeechFeatures features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var fftLength = CheapTrick.FftLengthFor(features.SampleRate, new CheapTrickOptions().F0Floor);
        var melCepstrum = new MelCepstrum(fftLength, features.MelCepstrum.Dimension - 1, features.Alpha);
        var waveform = new WorldSynthesizer(features.SampleRate, fftLength).Synthesize(features.F0, new DecodedSpectra(features, melCepstrum));
        return AtLevel(waveform, features.Levels().Average(level => Math.Pow(10, level / 10)));
    }

    /// <summary>Synthesises whole spectra.</summary>
    public static Waveform Synthesize(SpeechAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        var fftLength = (analysis.Envelope.Dimension - 1) * 2;
        var waveform = new WorldSynthesizer(analysis.Features.SampleRate, fftLength).Synthesize(analysis.Features.F0, analysis.Envelope, analysis.Aperiodicity);
        return AtLevel(waveform, Enumerable.Range(0, analysis.Envelope.Count).Average(t => FrameLevel.PowerOf(analysis.Envelope[t])));
    }

    /// <summary>Pulses that ring into each other add up to more or less than the envelopes say (up to a decibel): the whole is set to their power.</summary>
    private static Waveform AtLevel(Waveform waveform, double power)
    {
        var present = Reductions.SumOfSquares(waveform.Samples) / waveform.Length;
        if (!(present > 0))
            return waveform;
        var samples = new double[waveform.Length];
        TensorPrimitives.Multiply(waveform.Samples, Math.Sqrt(power / present), samples);
        return new Waveform(samples, waveform.SampleRate);
    }
}
