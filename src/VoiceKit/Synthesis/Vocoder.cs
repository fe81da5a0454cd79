using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Features;

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
        return new WorldSynthesizer(features.SampleRate, fftLength).Synthesize(features.F0, new DecodedSpectra(features, melCepstrum));
    }

    /// <summary>Synthesises whole spectra.</summary>
    public static Waveform Synthesize(SpeechAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        var fftLength = (analysis.Envelope.Dimension - 1) * 2;
        return new WorldSynthesizer(analysis.Features.SampleRate, fftLength).Synthesize(analysis.Features.F0, analysis.Envelope, analysis.Aperiodicity);
    }
}
