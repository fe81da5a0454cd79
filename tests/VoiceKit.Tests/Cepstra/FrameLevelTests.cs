using VoiceKit.Cepstra;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cepstra;

public class FrameLevelTests
{
    [Theory]
    [InlineData("slt_01")]
    [InlineData("rms_02")]
    public void Of_SpeechFrames_IsTheMeanPowerOfTheEnvelope(string utterance)
    {
        var melCepstra = Golden.Matrix(utterance, "sp2mc");
        var levels = FrameLevel.Of(melCepstra, 0.42);
        var envelope = new MelCepstrum(4096, 24, 0.42).ToEnvelope(melCepstra);
        for (var t = 0; t < levels.Length; t++)
        {
            var power = envelope[t].ToArray();
            var mean = (power.Sum() - (power[0] / 2) - (power[^1] / 2)) / (power.Length - 1);
            Assert.Equal(10 * Math.Log10(mean), levels[t], 0.05);
        }
    }

    [Fact]
    public void Of_FlatSpectrum_IsItsPower() =>
        Assert.Equal(20 * Math.Log10(0.1), FrameLevel.Of(new Frames(1, 25, [Math.Log(0.1), .. new double[24]]), 0.42)[0], 1e-9);

    [Fact]
    public void SpeechFrames_QuietFrames_AreLeftOut()
    {
        Assert.Equal([0, 1, 3], FrameLevel.SpeechFrames([0, -10, -50, 0], 30));
        Assert.Equal([0, 3], FrameLevel.SpeechFrames([0, -10, -50, 0], 5));
        Assert.Empty(FrameLevel.SpeechFrames([], 30));
        Assert.Empty(FrameLevel.SpeechFrames([double.NegativeInfinity, double.NegativeInfinity], 30));
        Assert.Equal([0, 1], FrameLevel.SpeechFrames([-90, -90], 30));
    }
}
