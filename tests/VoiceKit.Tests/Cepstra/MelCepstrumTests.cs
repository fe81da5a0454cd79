using VoiceKit.Cepstra;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cepstra;

public class MelCepstrumTests
{
    [Theory]
    [InlineData(1024, 24, 0.42)]
    [InlineData(1024, 24, 0)]
    [InlineData(512, 1, 0.31)]
    [InlineData(2048, 44, 0.554)]
    public void FromEnvelope_OfToEnvelope_IsTheSame(int fftLength, int order, double alpha)
    {
        var transform = new MelCepstrum(fftLength, order, alpha);
        var melCepstra = new Frames(
            5,
            order + 1,
            [.. RandomMatrices.Vector(5 * (order + 1), 1).Select((x, i) => 2 * x / (1 + (i % (order + 1))))]
        );
        AssertNear(1e-6, melCepstra.Values, transform.FromEnvelope(transform.ToEnvelope(melCepstra)).Values);
    }

    [Fact]
    public void ToEnvelope_OneCoefficient_IsACosineOfTheWarpedAxis()
    {
        var envelope = new MelCepstrum(64, 3, 0.4).ToEnvelope(new Frames(1, 4, [0.5, 0, 0.25, 0]));
        for (var k = 0; k <= 32; k++)
            Assert.Equal(1 + (0.5 * Math.Cos(2 * FrequencyWarping.Warp(Math.PI * k / 32, 0.4))), Math.Log(envelope[0][k]), 1e-12);
    }

    [Fact]
    public void FromEnvelope_Gain_MovesOnlyTheFirstCoefficient()
    {
        var transform = new MelCepstrum(1024, 24, 0.42);
        var envelope = Golden.Matrix("slt_01", "sp").Slice(100, 3);
        var louder = new Frames(3, envelope.Dimension, [.. envelope.Values.ToArray().Select(power => 100 * power)]);
        var (plain, raised) = (transform.FromEnvelope(envelope), transform.FromEnvelope(louder));
        for (var t = 0; t < 3; t++)
        {
            Assert.Equal(plain[t][0] + Math.Log(10), raised[t][0], 1e-9);
            AssertNear(1e-9, plain[t][1..], raised[t][1..]);
        }
    }

    [Theory]
    [InlineData(0.42)]
    [InlineData(-0.3)]
    [InlineData(0)]
    public void Transform_ThereAndBack_IsTheSame(double alpha)
    {
        var cepstrum = RandomMatrices.Vector(25, 1);
        var (warped, back) = (new double[600], new double[25]);
        FrequencyWarping.Transform(cepstrum, alpha, warped);
        FrequencyWarping.Transform(warped, -alpha, back);
        AssertNear(1e-9, cepstrum, back);
    }

    [Fact]
    public void Transform_OfACepstrum_KeepsTheSpectrumOnTheWarpedAxis()
    {
        double[] cepstrum = [0.3, -0.7, 0.4, 0.1];
        var warped = new double[200];
        FrequencyWarping.Transform(cepstrum, 0.42, warped);
        for (var omega = 0.0; omega <= Math.PI; omega += 0.1)
        {
            var bent = FrequencyWarping.Warp(omega, 0.42);
            Assert.Equal(Series(cepstrum, omega), Series(warped, bent), 1e-9);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(Math.PI, Math.PI)]
    public void Warp_EndsOfTheAxis_Stay(double omega, double expected) => Assert.Equal(expected, FrequencyWarping.Warp(omega, 0.42), 1e-12);

    [Theory]
    [InlineData(8000, 0.312)]
    [InlineData(16000, 0.41)]
    [InlineData(22050, 0.455)]
    [InlineData(44100, 0.544)]
    [InlineData(48000, 0.554)]
    public void AlphaFor_UsualRates_IsNearestToTheMelScale(int sampleRate, double expected) =>
        Assert.Equal(expected, FrequencyWarping.AlphaFor(sampleRate), 0.003);

    [Theory]
    [InlineData(1000, 24, 0.4)]
    [InlineData(1024, 0, 0.4)]
    [InlineData(1024, 513, 0.4)]
    [InlineData(1024, 24, 1)]
    [InlineData(1024, 24, -0.1)]
    [InlineData(1024, 24, double.NaN)]
    public void Constructor_Impossible_Throws(int fftLength, int order, double alpha) =>
        Assert.ThrowsAny<ArgumentException>(() => new MelCepstrum(fftLength, order, alpha));

    [Fact]
    public void Transforms_OtherShape_Throw()
    {
        var transform = new MelCepstrum(64, 5, 0.4);
        Assert.Throws<ArgumentException>(() => transform.FromEnvelope(new FrameBuffer(1, 32)));
        Assert.Throws<ArgumentException>(() => transform.ToEnvelope(new FrameBuffer(1, 5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrequencyWarping.Transform([1], 1, new double[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrequencyWarping.AlphaFor(0));
    }

    private static double Series(double[] cepstrum, double omega) => cepstrum.Select((c, m) => c * Math.Cos(m * omega)).Sum();

    private static void AssertNear(double tolerance, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual) =>
        Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, tolerance));
}
