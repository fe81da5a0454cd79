using VoiceKit.Pitch;
using VoiceKit.Synthesis;

namespace VoiceKit.Tests.Synthesis;

public class PulseExcitationTests
{
    private const int SampleRate = 16000;

    [Fact]
    public void Generate_ConstantF0_PutsAPulseInEachPeriod()
    {
        var actual = PulseExcitation.Generate(Contour([.. Enumerable.Repeat(200.0, 101)]), SampleRate).Samples;
        Assert.Equal(8001, actual.Length);
        Assert.Equal(Math.Sqrt(80), actual[0], 1e-12);
        for (var i = 1; i < actual.Length; i++)
            Assert.Equal(i % 80 == 79 ? Math.Sqrt(80) : 0, actual[i], 1e-12);
    }

    [Theory]
    [InlineData(71)]
    [InlineData(213.7)]
    [InlineData(799)]
    [InlineData(8000)]
    public void Generate_ConstantF0_HasThatManyPulsesASecondAndUnitPower(double f0)
    {
        var actual = PulseExcitation.Generate(Contour([f0]), SampleRate, 10 * SampleRate).Samples.ToArray();
        Assert.Equal(10 * f0, actual.Count(value => value != 0), 1.5);
        Assert.Equal(1, actual.Average(value => value * value), 0.002);
    }

    [Fact]
    public void Generate_Unvoiced_IsWhiteNoiseOfUnitPower()
    {
        var contour = Contour(new double[1001]);
        var actual = PulseExcitation.Generate(contour, SampleRate).Samples.ToArray();
        Assert.Equal(0, actual.Average(), 0.01);
        Assert.Equal(1, actual.Average(value => value * value), 0.02);
        Assert.Equal(0, actual.Zip(actual.Skip(1), (a, b) => a * b).Average(), 0.01);
        Assert.Equal(actual, PulseExcitation.Generate(contour, SampleRate).Samples.ToArray());
    }

    [Fact]
    public void Generate_FramesWithAnUnvoicedNeighbour_AreVoicedOnlyBetweenVoicedFrames()
    {
        // A lone voiced frame has no voiced stretch; two have one of a frame period, which starts with a pulse.
        var actual = PulseExcitation.Generate(Contour([0, 100, 0, 100, 100, 0, 0]), SampleRate).Samples.ToArray();
        var expected = Enumerable.Range(0, actual.Length).Where(i => i is >= 240 and < 320);
        Assert.Equal(expected, Enumerable.Range(0, actual.Length).Where(i => actual[i] == 0 || i == 240));
        Assert.Equal(Math.Sqrt(160), actual[240], 1e-12);
    }

    [Fact]
    public void Generate_FractionalFrameShift_FollowsTheTime()
    {
        // 22.05 samples a frame at 4410 Hz: the voiced stretch is samples 23 .. 66, with pulses at 23, 32, 42, 52 and 62.
        var actual = PulseExcitation.Generate(Contour([0, 441, 441, 441, 0]), 4410).Samples.ToArray();
        Assert.Equal(89, actual.Length);
        Assert.Equal(Math.Sqrt(10), actual[23], 1e-12);
        var silent = Enumerable.Range(23, 44).Except([23, 32, 42, 52, 62]);
        Assert.Equal(silent, Enumerable.Range(0, actual.Length).Where(i => actual[i] == 0));
    }

    [Fact]
    public void Generate_NoFrames_IsEmptyOrNoise()
    {
        Assert.Equal(0, PulseExcitation.Generate(Contour([]), SampleRate).Length);
        Assert.DoesNotContain(0.0, PulseExcitation.Generate(Contour([]), SampleRate, 100).Samples.ToArray());
        Assert.Equal(0, PulseExcitation.Generate(Contour([100, 100]), SampleRate, 0).Length);
    }

    [Fact]
    public void Generate_WrongArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PulseExcitation.Generate(Contour([100]), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PulseExcitation.Generate(Contour([100]), SampleRate, -1));
        var error = Assert.Throws<ArgumentException>(() => PulseExcitation.Generate(Contour([100, 8001]), SampleRate));
        Assert.Contains("Frame 1 has F0 8001 Hz", error.Message, StringComparison.Ordinal);
    }

    private static F0Contour Contour(double[] values) => new(values, TimeSpan.FromMilliseconds(5));
}
