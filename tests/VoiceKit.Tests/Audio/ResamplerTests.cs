using VoiceKit.Audio;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

public class ResamplerTests
{
    private const int Edge = 400;

    public static TheoryData<int, int> Rates =>
        new()
        {
            { 44100, 16000 },
            { 16000, 44100 },
            { 48000, 16000 },
            { 16000, 48000 },
            { 11025, 48000 },
            { 22050, 16000 },
            { 22049, 16000 },
            { 16000, 22051 },
            { 8000, 16000 },
        };

    // An output sine equal to the one that belongs there shows gain 1, no delay and no images at once: 1e-5 is 0.0001 dB, or -100 dB.
    [Theory]
    [MemberData(nameof(Rates))]
    public void Resample_SineInThePassband_IsTheSameSine(int sourceRate, int targetRate)
    {
        foreach (var share in (double[])[0.01, 0.3, 0.7, 0.9])
        {
            var frequency = share * Math.Min(sourceRate, targetRate) / 2;
            var result = Resampler.Resample(Sine(frequency, sourceRate, sourceRate / 2), targetRate);
            var expected = Sine(frequency, targetRate, result.Length);
            for (var n = Edge; n < result.Length - Edge; n++)
                Assert.InRange(result.Samples[n] - expected.Samples[n], -1e-5, 1e-5);
        }
    }

    [Theory]
    [InlineData(44100, 16000)]
    [InlineData(48000, 16000)]
    [InlineData(22050, 16000)]
    [InlineData(22049, 16000)]
    [InlineData(16000, 8000)]
    public void Resample_ToneAboveTheTargetsNyquist_IsRejectedBy100Decibels(int sourceRate, int targetRate)
    {
        for (var frequency = targetRate / 2.0 * 1.001; frequency < sourceRate / 2.0; frequency *= 1.09)
        {
            var result = Resampler.Resample(Sine(frequency, sourceRate, sourceRate / 2), targetRate);
            for (var n = Edge; n < result.Length - Edge; n++)
                Assert.InRange(result.Samples[n], -1e-5, 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Resample_Constant_StaysExactlyThatConstant(int sourceRate, int targetRate)
    {
        var result = Resampler.Resample(new Waveform([.. Enumerable.Repeat(0.5, 6000)], sourceRate), targetRate);
        for (var n = Edge; n < result.Length - Edge; n++)
            Assert.Equal(0.5, result.Samples[n], 1e-13);
    }

    [Fact]
    public void Resample_EveryShortLength_HasTheLengthOfItsDuration()
    {
        foreach (var (sourceRate, targetRate) in ((int, int)[])[(44100, 16000), (16000, 44100), (22049, 16000), (1, 16000)])
        {
            var resampler = new Resampler(sourceRate, targetRate);
            for (var length = 0; length <= (sourceRate == 1 ? 3 : 257); length++)
            {
                var result = resampler.Resample(new Waveform([.. Enumerable.Repeat(1.0, length)], sourceRate));
                Assert.Equal((int)Math.Ceiling((decimal)length * targetRate / sourceRate), result.Length);
                Assert.Equal(targetRate, result.SampleRate);
            }
        }
    }

    [Fact]
    public void Resample_EqualRates_ReturnsTheInput()
    {
        var waveform = Sine(100, 16000, 100);
        Assert.Same(waveform, Resampler.Resample(waveform, 16000));
    }

    [Fact]
    public void Resample_UpAndBack_RestoresTheSignal()
    {
        var waveform = Sine(1234, 16000, 16000);
        var back = Resampler.Resample(Resampler.Resample(waveform, 44100), 16000);
        Assert.Equal(waveform.Length, back.Length);
        for (var n = Edge; n < back.Length - Edge; n++)
            Assert.InRange(back.Samples[n] - waveform.Samples[n], -2e-5, 2e-5);
    }

    [Theory]
    [InlineData(44100, 16000, false)]
    [InlineData(11025, 48000, false)]
    [InlineData(22049, 16000, true)]
    [InlineData(768000, 767999, true)]
    public void Resampler_ManyPhases_KeepsItsTableSmall(int sourceRate, int targetRate, bool isInterpolated)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(isInterpolated, new Resampler(sourceRate, targetRate).IsInterpolated);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);
    }

    [Fact]
    public void Resampler_BadArguments_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(0, 16000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(16000, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(768000, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(16000, 8000, new ResamplerOptions { Passband = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(16000, 8000, new ResamplerOptions { StopbandDecibels = 300 }));
        Assert.Throws<ArgumentException>(() => new Resampler(16000, 8000).Resample(Sine(100, 8000, 10)));
    }

    private static Waveform Sine(double frequency, int sampleRate, int length) =>
        new([.. Enumerable.Range(0, length).Select(n => Math.Sin(2 * Math.PI * frequency * n / sampleRate))], sampleRate);

    [Theory]
    [InlineData(16000, 48000, 40_000)]
    [InlineData(48000, 16000, 3_500_001)]
    [InlineData(44100, 16000, 2_300_007)]
    [InlineData(8000, 11025, 5_003)]
    [InlineData(22050, 16000, 1)]
    public void Read_OfParts_IsTheWholeResampled(int from, int to, int length)
    {
        var waveform = Signals.Noise(from, (double)length / from, 0.1, 5);
        var resampler = new Resampler(from, to);
        var whole = resampler.Resample(waveform).Samples.ToArray();
        var reader = AudioReader.Of(waveform);
        Assert.Equal(whole, resampler.Read(reader, 0, waveform.Length).Samples.ToArray());
        var divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(from, to);
        var cut = waveform.Length / 3 / (from / divisor) * (from / divisor);
        double[] parts = [.. resampler.Read(reader, 0, cut).Samples, .. resampler.Read(reader, cut, waveform.Length).Samples];
        Assert.Equal(whole, parts);
    }
}
