using VoiceKit.Cepstra;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.Cepstra;

public class MelCepstrumTests
{
    [Theory]
    [InlineData(8000, 0.312)]
    [InlineData(16000, 0.41)]
    [InlineData(22050, 0.455)]
    [InlineData(44100, 0.544)]
    [InlineData(48000, 0.554)]
    public void AlphaFor_UsualRates_IsTheUsualValue(int sampleRate, double alpha) => Assert.Equal(alpha, FrequencyWarping.AlphaFor(sampleRate), 0.003);

    [Fact]
    public void FromEnvelope_OfToEnvelope_IsTheCepstrum()
    {
        var cepstra = Random(20, 25);
        var transform = new MelCepstrum(1024, 24, 0.41);
        var again = transform.FromEnvelope(transform.ToEnvelope(cepstra));
        for (var i = 0; i < cepstra.Values.Length; i++)
            Assert.Equal(cepstra.Values[i], again.Values[i], 1e-9);
    }

    [Fact]
    public void Transform_ThereAndBack_IsTheSame()
    {
        double[] cepstrum = [1, 0.5, -0.3, 0.2, 0.1];
        var (warped, back) = (new double[200], new double[5]);
        FrequencyWarping.Transform(cepstrum, 0.4, warped);
        FrequencyWarping.Transform(warped, -0.4, back);
        for (var i = 0; i < cepstrum.Length; i++)
            Assert.Equal(cepstrum[i], back[i], 1e-10);
    }

    [Fact]
    public void Levels_OfMelCepstra_EqualThoseOfTheirEnvelope()
    {
        var cepstra = Random(10, 25);
        var envelope = new MelCepstrum(1024, 24, 0.41).ToEnvelope(cepstra);
        var levels = FrameLevel.Of(cepstra, 0.41);
        for (var t = 0; t < levels.Length; t++)
            Assert.Equal(10 * Math.Log10(FrameLevel.PowerOf(envelope[t])), levels[t], 0.05);
    }

    [Fact]
    public void SpeechFrames_LoudAndQuiet_AreTheLoud() =>
        Assert.Equal([1, 2, 4], FrameLevel.SpeechFrames([-60, -20, -25, -80, -30], 20));

    [Fact]
    public void Append_Ramp_HasHalfDeltasAtItsEnds()
    {
        var ramp = new Frames(4, 1, [0, 1, 2, 3]);
        var features = DeltaWindow.Append(ramp);
        Assert.Equal([0.5, 1, 1, 0.5], features.Column(1));
        Assert.Equal([1, 0, 0, -1], features.Column(2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(513)]
    public void Create_OrderOutOfRange_Throws(int order) => Assert.Throws<ArgumentOutOfRangeException>(() => new MelCepstrum(1024, order, 0.41));

    private static Frames Random(int count, int dimension)
    {
        var random = new Random(3);
        return new Frames(count, dimension, [.. Enumerable.Range(0, count * dimension).Select(i => (random.NextDouble() - 0.5) / (1 + (i % dimension)))]);
    }
}
