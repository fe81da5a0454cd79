using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Synthesis;

namespace VoiceKit.Benchmarks;

/// <summary>Spectral analysis of a sentence of 3.4 s at 16 kHz, mel-cepstra of order 24, and synthesis.</summary>
[MemoryDiagnoser]
public class VocoderBenchmarks
{
    private readonly Waveform sentence = ShippedSpeech.First();
    private readonly CheapTrick cheapTrick = new(16000);
    private readonly D4C d4c = new(16000);
    private readonly MelCepstrum melCepstrum;
    private readonly MelCepstralAnalysis analysis;
    private readonly WorldSynthesizer synthesizer;
    private readonly F0Contour contour;
    private readonly Frames envelopes;
    private readonly Frames aperiodicity;
    private readonly Frames melCepstra;

    /// <summary>Analyses the sentence.</summary>
    public VocoderBenchmarks()
    {
        melCepstrum = new MelCepstrum(cheapTrick.FftLength, 24, 0.42);
        analysis = new MelCepstralAnalysis(cheapTrick.FftLength, 24, 0.42);
        synthesizer = new WorldSynthesizer(16000, cheapTrick.FftLength);
        contour = new Dio().Estimate(sentence);
        envelopes = CheapTrick();
        aperiodicity = D4C();
        melCepstra = FrequencyTransform();
    }

    /// <summary>Spectral envelopes.</summary>
    [Benchmark]
    public Frames CheapTrick() => cheapTrick.Estimate(sentence, contour);

    /// <summary>Aperiodicity.</summary>
    [Benchmark]
    public Frames D4C() => d4c.Estimate(sentence, contour, cheapTrick.FftLength);

    /// <summary>Mel-cepstra by frequency transform.</summary>
    [Benchmark]
    public Frames FrequencyTransform() => melCepstrum.FromEnvelope(envelopes);

    /// <summary>Mel-cepstra by Newton's method.</summary>
    [Benchmark]
    public Frames NewtonAnalysis() => analysis.Estimate(envelopes);

    /// <summary>Envelopes of mel-cepstra.</summary>
    [Benchmark]
    public Frames ToEnvelope() => melCepstrum.ToEnvelope(melCepstra);

    /// <summary>Synthesis.</summary>
    [Benchmark]
    public Waveform Synthesis() => synthesizer.Synthesize(contour, envelopes, aperiodicity);
}
