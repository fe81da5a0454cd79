using VoiceKit.Audio;
using VoiceKit.Features;
using VoiceKit.Pitch;
using VoiceKit.Synthesis;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Features;

public class OddSignalTests
{
    private static readonly Dictionary<string, Func<int, double[]>> Signals = new()
    {
        ["no samples"] = _ => [],
        ["one sample"] = _ => [0.5],
        ["two samples"] = _ => [0.5, -0.5],
        ["10 ms"] = rate => Tones.PulseTrain(220, rate, 0.01).Samples.ToArray(),
        ["60 ms"] = rate => Tones.PulseTrain(220, rate, 0.06).Samples.ToArray(),
        ["silence"] = rate => new double[rate / 4],
        ["click"] = rate => Fill(rate / 4, n => n == rate / 8 ? 1 : 0),
        ["click at the start"] = rate => Fill(rate / 4, n => n == 0 ? 1 : 0),
        ["direct current"] = rate => Fill(rate / 4, _ => 1),
        ["clipped square wave"] = rate => Fill(rate / 4, n => (long)n * 400 / rate % 2 == 0 ? 1 : -1),
        ["alternating samples"] = rate => Fill(rate / 4, n => n % 2 == 0 ? 1 : -1),
        ["far above full scale"] = rate => Tones.PulseTrain(220, rate, 0.25, 1e6).Samples.ToArray(),
        ["far below hearing"] = rate => Tones.PulseTrain(220, rate, 0.25, 1e-12).Samples.ToArray(),
        ["denormal"] = rate => Fill(rate / 4, n => n % 100 == 0 ? 1e-310 : 0),
        ["noise"] = rate => Tones.Noise(rate, 0.25).Samples.ToArray(),
        ["tone after silence"] = rate => [.. new double[rate / 4], .. Tones.PulseTrain(220, rate, 0.2).Samples],
    };

    public static TheoryData<string, int> NamesAndRates
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var name in Signals.Keys)
            {
                foreach (var rate in new[] { 8000, 16000, 48000 })
                    data.Add(name, rate);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndRates))]
    public void AnalyzeAndSynthesize_OddSignal_IsFiniteAndOfTheRightLength(string name, int sampleRate)
    {
        foreach (var method in Enum.GetValues<F0Method>())
            AssertSound(new Waveform(Signals[name](sampleRate), sampleRate), new FeatureOptions { F0Method = method });
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(4000)]
    [InlineData(6000)]
    [InlineData(11025)]
    [InlineData(96000)]
    [InlineData(192000)]
    public void AnalyzeAndSynthesize_UnusualRate_IsFiniteAndOfTheRightLength(int sampleRate)
    {
        foreach (var method in Enum.GetValues<F0Method>())
            AssertSound(Tones.PulseTrain(110, sampleRate, 0.25), new FeatureOptions { F0Method = method });
    }

    [Fact]
    public void Synthesize_AllUnvoiced_IsNoiseOfTheSameLevel()
    {
        var noise = Tones.Noise(16000, 1, 0.1);
        var features = new FeatureExtractor(new FeatureOptions { F0Method = F0Method.Dio }).Extract(noise);
        var unvoiced = features.WithF0(new F0Contour(new double[features.Count], features.F0.FramePeriod));
        var output = Vocoder.Synthesize(unvoiced).Samples[1600..^1600].ToArray();

        // Spectral recovery makes it 1.2 dB louder.
        Assert.Equal(-20, 10 * Math.Log10(output.Average(x => x * x)), 1.5);
    }

    private static void AssertSound(Waveform waveform, FeatureOptions options)
    {
        var extractor = new FeatureExtractor(options);
        var (analysis, features) = (extractor.Analyze(waveform), extractor.Extract(waveform));
        var count = F0Contour.FrameCount(waveform.Length, waveform.SampleRate, options.FramePeriod);
        Assert.Equal((int)(200.0 * waveform.Length / waveform.SampleRate) + 1, count);
        Assert.Equal(
            [count, count, count, count, count],
            [analysis.Features.Count, features.Count, features.MelCepstrum.Count, analysis.Envelope.Count, analysis.Aperiodicity.Count]
        );
        AssertFinite(features.F0.Values);
        AssertFinite(features.MelCepstrum.Values);
        AssertFinite(features.Aperiodicity.Values);
        AssertFinite(analysis.Envelope.Values);
        Assert.True(analysis.Envelope.Values.ToArray().Min() > 0);
        Assert.All(
            new[] { analysis.Aperiodicity.Values.ToArray().Min(), analysis.Aperiodicity.Values.ToArray().Max() },
            share => Assert.InRange(share, 0, 1)
        );

        foreach (var output in new[] { Vocoder.Synthesize(analysis), Vocoder.Synthesize(features) })
        {
            AssertFinite(output.Samples);
            Assert.Equal((waveform.SampleRate, (int)((count - 1) * 0.005 * waveform.SampleRate) + 1), (output.SampleRate, output.Length));
        }
    }

    private static void AssertFinite(ReadOnlySpan<double> values) => Assert.True(Array.TrueForAll(values.ToArray(), double.IsFinite));

    private static double[] Fill(int length, Func<int, double> value) => [.. Enumerable.Range(0, length).Select(value)];
}
