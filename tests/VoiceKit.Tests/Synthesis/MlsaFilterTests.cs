using System.Numerics;
using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Numerics;
using VoiceKit.Synthesis;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Synthesis;

public class MlsaFilterTests
{
    private const int SampleRate = 16000;
    private static readonly TimeSpan FiveMilliseconds = TimeSpan.FromMilliseconds(5);

    [Theory]
    [InlineData(0, 0.42)]
    [InlineData(1, 0.42)]
    [InlineData(24, 0)]
    [InlineData(24, 0.42)]
    [InlineData(59, -0.3)]
    public void Filter_ZeroCepstra_LeavesTheSignalAsItIs(int order, double alpha)
    {
        var signal = Noise(3000);
        var actual = new MlsaFilter(order, alpha).Filter(signal, new FrameBuffer(5, order + 1), FiveMilliseconds);
        Assert.Equal(signal.Samples.ToArray(), actual.Samples.ToArray());
    }

    [Theory]
    [InlineData(0, 0.42)]
    [InlineData(1, 0)]
    [InlineData(24, 0.42)]
    public void Filter_ConstantGain_ScalesByItsExponential(int order, double alpha)
    {
        var signal = Noise(3000);
        var frames = Repeat([1.5, .. new double[order]], 20);
        var actual = new MlsaFilter(order, alpha).Filter(signal, frames, FiveMilliseconds).Samples;
        for (var i = 0; i < actual.Length; i++)
            Assert.Equal(Math.Exp(1.5) * signal.Samples[i], actual[i], 1e-12);
    }

    [Theory]
    [InlineData(0, 0.42)]
    [InlineData(1, 0.42)]
    [InlineData(2, 0.42)]
    [InlineData(3, 0)]
    [InlineData(24, -0.5)]
    [InlineData(24, 0.41)]
    [InlineData(49, 0.554)]
    [InlineData(24, 0.9)]
    public void Filter_Impulse_HasTheComplexSpectrumOfTheCepstrum(int order, double alpha)
    {
        // ln H = sum over m of c[m] e^(-j m w~): magnitude and minimum phase.
        var random = new Random(order);
        var cepstrum = Enumerable.Range(0, order + 1).Select(m => (random.NextDouble() - 0.5) * 3 / (1 + m)).ToArray();
        var fft = new RealFft(16384);
        var (real, imaginary) = Respond(new MlsaFilter(order, alpha), cepstrum, fft);
        for (var k = 0; k < fft.BinCount; k++)
        {
            var warped = FrequencyWarping.Warp(2 * Math.PI * k / fft.Length, alpha);
            var logarithm = cepstrum.Select((c, m) => c * Complex.Exp(new Complex(0, -m * warped))).Aggregate(Complex.Add);
            var expected = Complex.Exp(logarithm);
            Assert.True((expected - new Complex(real[k], imaginary[k])).Magnitude < 0.002 * expected.Magnitude, $"bin {k}");
        }
    }

    [Theory]
    [InlineData("slt_01", 5, null, 0.08)]
    [InlineData("rms_02", 5, null, 0.08)]
    [InlineData("rms_02", 5, 3.0, 0.01)]
    [InlineData("rms_02", 5, 1.0, 0.01)]
    [InlineData("slt_01", 4, null, 0.12)]
    public void Filter_SpeechFrame_HasItsEnvelope(string utterance, int padeOrder, double? limit, double decibels)
    {
        var filter = new MlsaFilter(24, 0.42, new MlsaOptions { PadeOrder = padeOrder, SectionLimit = limit });
        var frames = Golden.Matrix(utterance, "mcep_sptk39_from_sp");
        var fft = new RealFft(4096);
        var envelopes = new MelCepstrum(fft.Length, 24, 0.42).ToEnvelope(frames);
        for (var t = 0; t < frames.Count; t += 20)
        {
            var (real, imaginary) = Respond(filter, frames[t].ToArray(), fft);
            for (var k = 0; k < fft.BinCount; k++)
            {
                var difference = 10 * Math.Log10(((real[k] * real[k]) + (imaginary[k] * imaginary[k])) / envelopes[t][k]);
                Assert.True(Math.Abs(difference) < decibels, $"frame {t}, bin {k}: {difference} dB");
            }
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 40)]
    [InlineData(80, 3)]
    [InlineData(80, 40)]
    public void Filter_HugeAndJumpingCoefficients_StaysFiniteAndAccurate(int frameShift, double range)
    {
        // Up to 280 nepers, another filter each frame. That the two orders agree shows that neither approximation is near its limit.
        var random = new Random(7);
        var frames = new FrameBuffer(4000 / frameShift, 25);
        foreach (ref var value in frames.Values)
            value = (random.NextDouble() - 0.5) * range;
        var framePeriod = TimeSpan.FromSeconds((double)frameShift / SampleRate);
        var fourth = new MlsaFilter(24, 0.42, new MlsaOptions { PadeOrder = 4 }).Filter(Noise(4000), frames, framePeriod).Samples;
        var fifth = new MlsaFilter(24, 0.42, new MlsaOptions { PadeOrder = 5 }).Filter(Noise(4000), frames, framePeriod).Samples;
        var peak = Math.Abs(TensorPrimitives.MaxMagnitude(fifth));
        Assert.True(double.IsFinite(peak) && peak > Math.Exp(range));
        for (var i = 0; i < fifth.Length; i++)
            Assert.Equal(0, (fourth[i] - fifth[i]) / peak, 0.005);
    }

    [Fact]
    public void Filter_SpeechCepstrumTimesTwelve_HasItsEnvelope()
    {
        // |F| near 60 nepers takes a dozen sections. The response spans far more than the precision of a double, so only its loud part is
        // compared.
        var cepstrum = Golden.Matrix("slt_01", "mcep_sptk39_from_sp")[60].ToArray().Select((c, m) => m == 0 ? 0 : 12 * c).ToArray();
        var fft = new RealFft(65536);
        var (real, imaginary) = Respond(new MlsaFilter(24, 0.42), cepstrum, fft);
        var envelope = new MelCepstrum(fft.Length, 24, 0.42).ToEnvelope(new Frames(1, 25, cepstrum))[0].ToArray();
        var loudest = envelope.Max();
        Assert.True(loudest > 1e15);
        for (var k = 0; k < fft.BinCount; k++)
        {
            if (envelope[k] > 1e-20 * loudest)
                Assert.Equal(0, 10 * Math.Log10(((real[k] * real[k]) + (imaginary[k] * imaginary[k])) / envelope[k]), 1.0);
        }
    }

    [Fact]
    public void Filter_FractionalFrameShift_InterpolatesByTime()
    {
        // 5 ms are 110.25 samples. With c0 = t alone the gain is e^(position in frames), until the last frame holds.
        var frames = new Frames(4, 1, [0, 1, 2, 3]);
        var actual = new MlsaFilter(0, 0).Filter(new Waveform([.. Enumerable.Repeat(1.0, 500)], 22050), frames, FiveMilliseconds).Samples;
        for (var i = 0; i < actual.Length; i++)
            Assert.Equal(Math.Exp(Math.Min(3, i / 110.25)), actual[i], 1e-12);
    }

    [Fact]
    public void Filter_MoreFramesThanSignal_UsesTheFirst()
    {
        var frames = Golden.Matrix("slt_01", "mcep_sptk39_from_sp");
        var signal = Noise(1000);
        var filter = new MlsaFilter(24, 0.42, new MlsaOptions { SectionLimit = 7 });
        Assert.Equal(
            filter.Filter(signal, frames.Slice(0, 14), FiveMilliseconds).Samples.ToArray(),
            filter.Filter(signal, frames, FiveMilliseconds).Samples.ToArray()
        );
    }

    [Fact]
    public void Filter_LongSilence_ComesToRest()
    {
        var samples = new double[96000];
        samples[0] = 1;
        var frames = Repeat([0, 1, 0.5, 0.3], 1);
        var actual = new MlsaFilter(3, 0.554).Filter(new Waveform(samples, 48000), frames, FiveMilliseconds).Samples;
        Assert.NotEqual(0, actual[200]);
        Assert.True(actual[^1000..].IndexOfAnyExcept(0.0) < 0);
    }

    [Fact]
    public void Filter_EmptySignal_IsEmpty()
    {
        var filter = new MlsaFilter(24, 0.42);
        Assert.Equal(0, filter.Filter(new Waveform([], 8000), new FrameBuffer(0, 25), FiveMilliseconds).Length);
        Assert.Equal(8000, filter.Filter(new Waveform([], 8000), new FrameBuffer(3, 25), FiveMilliseconds).SampleRate);
    }

    [Fact]
    public void Filter_WrongArguments_AreRefused()
    {
        var filter = new MlsaFilter(2, 0.42);
        var signal = Noise(10);
        Assert.Throws<ArgumentException>(() => filter.Filter(signal, new FrameBuffer(1, 4), FiveMilliseconds));
        Assert.Throws<ArgumentException>(() => filter.Filter(signal, new FrameBuffer(0, 3), FiveMilliseconds));
        Assert.Throws<ArgumentOutOfRangeException>(() => filter.Filter(signal, new FrameBuffer(1, 3), TimeSpan.Zero));
        foreach (var bad in new[] { double.NaN, double.PositiveInfinity, 1e6, 1e300 })
        {
            foreach (var m in new[] { 0, 1, 2 })
            {
                var frames = new FrameBuffer(3, 3);
                frames[1][m] = bad;
                Assert.Throws<ArgumentException>(() => filter.Filter(signal, frames, FiveMilliseconds));
            }
        }
    }

    [Fact]
    public void Constructor_WrongArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MlsaFilter(-1, 0.42));
        foreach (var alpha in new[] { 1, -1, double.NaN })
            Assert.Throws<ArgumentOutOfRangeException>(() => new MlsaFilter(24, alpha));
        foreach (var limit in new[] { 0, -1, 7.1, double.NaN })
            Assert.Throws<ArgumentOutOfRangeException>(() => new MlsaFilter(24, 0.42, new MlsaOptions { SectionLimit = limit }));
        foreach (var padeOrder in new[] { 3, 6 })
            Assert.Throws<ArgumentOutOfRangeException>(() => new MlsaFilter(24, 0.42, new MlsaOptions { PadeOrder = padeOrder }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MlsaFilter(24, 0.42, new MlsaOptions { PadeOrder = 4, SectionLimit = 6.1 }));
    }

    private static (double[] Real, double[] Imaginary) Respond(MlsaFilter filter, double[] cepstrum, RealFft fft)
    {
        var impulse = new double[fft.Length];
        impulse[0] = 1;
        var response = filter.Filter(new Waveform(impulse, SampleRate), new Frames(1, cepstrum.Length, cepstrum), FiveMilliseconds);
        var (real, imaginary) = (new double[fft.BinCount], new double[fft.BinCount]);
        fft.Forward(response.Samples, real, imaginary);
        return (real, imaginary);
    }

    private static Frames Repeat(double[] frame, int count) =>
        new(count, frame.Length, [.. Enumerable.Repeat(frame, count).SelectMany(values => values)]);

    private static Waveform Noise(int length)
    {
        var noise = new NormalNoise();
        return new Waveform([.. Enumerable.Range(0, length).Select(_ => noise.Next())], SampleRate);
    }
}
