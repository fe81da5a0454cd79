using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Spectra;
using VoiceKit.Synthesis;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Synthesis;

public class ResynthesisTests
{
    public static TheoryData<string> Utterances => Golden.Utterances;

    public static TheoryData<string> OddNames => Signals.OddNames;

    [Theory]
    [MemberData(nameof(Utterances))]
    public void Synthesize_WholeSpectra_SoundsLikeTheOriginal(string utterance)
    {
        var original = Golden.Input(utterance);
        AssertAlike(original, Vocoder.Synthesize(new FeatureExtractor().Analyze(original)), 0.2, 3.0);
    }

    [Theory]
    [MemberData(nameof(Utterances))]
    public void Synthesize_CodedFeatures_SoundsLikeTheOriginal(string utterance)
    {
        var original = Golden.Input(utterance);
        AssertAlike(original, Vocoder.Synthesize(new FeatureExtractor().Extract(original)), 0.8, 3.5);
    }

    [Fact]
    public void Synthesize_Twice_IsTheSameBits()
    {
        var original = Golden.Input("slt_01");
        var first = Vocoder.Synthesize(new FeatureExtractor().Extract(original)).Samples.ToArray();
        Assert.Equal(first, Vocoder.Synthesize(new FeatureExtractor().Extract(original)).Samples.ToArray());
    }

    [Fact]
    public void Synthesize_DecodedOnTheWay_EqualsDecodedBefore()
    {
        var features = new FeatureExtractor().Extract(Golden.Input("rms_02"));
        var melCepstrum = new MelCepstrum(1024, 24, features.Alpha);
        var stored = new WorldSynthesizer(16000, 1024).Synthesize(
            features.F0,
            melCepstrum.ToEnvelope(features.MelCepstrum),
            new BandAperiodicity(16000, 1024).Decode(features.Aperiodicity)
        );
        var decoded = new WorldSynthesizer(16000, 1024).Synthesize(features.F0, new DecodedSpectra(features, melCepstrum));
        Assert.Equal(stored.Samples.ToArray(), decoded);
    }

    [Theory]
    [MemberData(nameof(OddNames))]
    public void Synthesize_OddInput_IsFinite(string name)
    {
        var waveform = Signals.Odd(name);
        var again = Vocoder.Synthesize(new FeatureExtractor().Extract(waveform));
        Assert.All(again.Samples.ToArray(), sample => Assert.True(double.IsFinite(sample)));
        Assert.InRange(again.Length, 1, waveform.Length + (waveform.SampleRate / 100) + 1);
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    [InlineData(48000)]
    public void Estimate_ToneAndNoise_DifferInAperiodicity(int sampleRate)
    {
        var tone = Signals.Harmonic(150, sampleRate, 0.6);
        var noise = Signals.Noise(sampleRate, 0.6);
        var contour = new F0Contour([.. Enumerable.Repeat(150.0, 121)], TimeSpan.FromMilliseconds(5));
        double Mean(Waveform waveform) => new D4C(sampleRate, 0).EstimateBands(waveform, contour).Slice(20, 80).Column(0).Average();
        Assert.True(Mean(tone) < Mean(noise) - 8, $"tone {Mean(tone)} dB, noise {Mean(noise)} dB");
    }

    [Theory]
    [InlineData(8000, 1)]
    [InlineData(16000, 1)]
    [InlineData(48000, 5)]
    public void Decode_OfCode_IsTheCode(int sampleRate, int bands)
    {
        var code = new BandAperiodicity(sampleRate, 2048);
        Assert.Equal(bands, code.BandCount);
        var coded = new Frames(1, bands, [.. Enumerable.Range(1, bands).Select(band => -3.0 * band)]);
        var again = code.Code(code.Decode(coded));
        for (var band = 0; band < bands; band++)
            Assert.Equal(coded[0][band], again[0][band], 0.05);
    }

    /// <summary>
    /// Level within <paramref name="levelDb"/>, mel spectra of active frames within <paramref name="melDb"/> on average, no click.
    /// </summary>
    private static void AssertAlike(Waveform original, Waveform again, double levelDb, double melDb)
    {
        var level = 20 * Math.Log10(Math.Sqrt(Power(again) / Power(original)));
        Assert.InRange(level, -levelDb, levelDb);
        Assert.InRange(again.Length, original.Length - 160, original.Length + 1);
        Assert.InRange(again.Samples.ToArray().Max(Math.Abs), 0, 1.3 * original.Samples.ToArray().Max(Math.Abs));

        var mel = new MelSpectrogram(
            16000,
            new MelSpectrogramOptions
            {
                Transform = new() { FrameLength = 512, FrameShift = 80 },
                Filterbank = new() { FilterCount = 40 },
            }
        );
        var (a, b) = (mel.Compute(original), mel.Compute(again));
        var (sum, count) = (0.0, 0);
        var active = Enumerable.Range(0, b.Count).Select(t => Reductions.Sum(a[t])).Max() * 1e-4;
        for (var t = 0; t < b.Count; t++)
        {
            if (Reductions.Sum(a[t]) < active)
                continue;
            for (var k = 0; k < a.Dimension; k++)
                sum += Math.Abs(10 * Math.Log10((b[t][k] + 1e-9) / (a[t][k] + 1e-9)));
            count += a.Dimension;
        }

        Assert.InRange(sum / count, 0, melDb);
    }

    private static double Power(Waveform waveform) => Reductions.SumOfSquares(waveform.Samples) / waveform.Length;
}
