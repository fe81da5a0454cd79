using VoiceKit.Audio;
using VoiceKit.Features;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Tests.Features;

/// <summary>Values are checked where they are made, and nothing changes them afterwards.</summary>
public class SpeechFeaturesTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    private static SpeechFeatures Sample => new(16000, F0(100, 0), new FrameBuffer(2, 3), 0.4, new FrameBuffer(2, 1));

    [Fact]
    public void Constructor_BuffersThatChange_AreCopied()
    {
        var (cepstrum, bands, f0) = (new FrameBuffer(2, 3), new FrameBuffer(2, 1), new[] { 100.0, 0 });
        var features = new SpeechFeatures(16000, new F0Contour(f0, Period), cepstrum, 0.4, bands);
        cepstrum.Values.Fill(double.NaN);
        bands.Values.Fill(9);
        f0[0] = -1;
        Assert.Equal(new double[6], features.MelCepstrum.Values.ToArray());
        Assert.Equal([0.0, 0], features.Aperiodicity.Values.ToArray());
        Assert.Equal(100, features.F0[0]);
    }

    [Fact]
    public void WithF0_OtherNumberOfFrames_IsRefused() =>
        Assert.Contains(
            "F0 has 3 frames",
            Assert.Throws<ArgumentException>(() => Sample.WithF0(F0(1, 2, 3))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void WithMelCepstrum_OtherNumberOfFramesOrNaN_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Sample.WithMelCepstrum(new FrameBuffer(1, 3)));
        Assert.Throws<ArgumentException>(() => Sample.WithMelCepstrum(new VoiceKit.Numerics.Frames(2, 1, [0, double.NaN])));
    }

    [Fact]
    public void WithF0_SameFrames_KeepsTheRest()
    {
        var changed = Sample.WithF0(F0(0, 50));
        Assert.Equal([0.0, 50], changed.F0.Values.ToArray());
        Assert.Equal((16000, 0.4, 3), (changed.SampleRate, changed.Alpha, changed.MelCepstrum.Dimension));
    }

    [Theory]
    [InlineData(0, 0.4)]
    [InlineData(16000, 1)]
    [InlineData(16000, double.NaN)]
    public void Constructor_NumberOutOfRange_IsRefused(int sampleRate, double alpha) =>
        Assert.ThrowsAny<ArgumentException>(() =>
            new SpeechFeatures(sampleRate, F0(1), new FrameBuffer(1, 3), alpha, new FrameBuffer(1, 1))
        );

    [Fact]
    public void Waveform_ArrayThatChanges_IsCopied()
    {
        var samples = new[] { 0.5, 0.25 };
        var waveform = new Waveform(samples, 16000);
        samples[0] = double.NaN;
        Assert.Equal([0.5, 0.25], waveform.Samples.ToArray());
        Assert.Throws<ArgumentException>(() => Waveform.Wrap(samples, 16000));
    }

    private static F0Contour F0(params double[] values) => new(values, Period);
}
