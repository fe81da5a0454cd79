using VoiceKit.Audio;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

public class RecordingQualityTests
{
    private static Waveform Sentence => TrainedVoice.Shared.HeldOutSource[0];

    [Fact]
    public void Warnings_CleanRecordings_AreNone() =>
        Assert.Empty(RecordingQuality.Warnings("source", [.. TrainedVoice.Shared.HeldOutSource]));

    [Fact]
    public void Warnings_NoRecordingOrNoSound_AreNone()
    {
        Assert.Empty(RecordingQuality.Warnings("source", []));
        Assert.Empty(RecordingQuality.Warnings("source", [new Waveform(new double[16000], 16000), new Waveform([], 16000)]));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(10)]
    public void Warnings_NoisyRecordings_NameTheRatio(int decibels)
    {
        var sentence = Sentence.Samples.ToArray();
        var pause = new double[8000];
        double[] quiet = [.. pause, .. sentence, .. pause];
        var power = sentence.Average(sample => sample * sample);
        var noise = SmallModels.Normal(quiet.Length, 1, 70).Values.ToArray();
        var noisy = quiet.Select((sample, i) => sample + (Math.Sqrt(power / Math.Pow(10, decibels / 10.0)) * noise[i]));
        var warning = Assert.Single(RecordingQuality.Warnings("target", [new Waveform([.. noisy], 16000)]));
        Assert.StartsWith("the target recordings have noise", warning, StringComparison.Ordinal);
        Assert.InRange(RecordingQuality.SignalToNoiseDb([new Waveform([.. noisy], 16000)])!.Value, decibels - 1.5, decibels + 1.5);
    }

    [Theory]
    [InlineData(16000, 48000, 8000)]
    [InlineData(16000, 24000, 8000)]
    [InlineData(8000, 16000, 4000)]
    [InlineData(11025, 44100, 5512.5)]
    public void EmptyAbove_RecordingBroughtUp_IsHalfItsFirstRate(int first, int rate, double edge)
    {
        var broughtUp = Resampler.Resample(Resampler.Resample(WithBreath(), first), rate);
        Assert.Equal(edge, RecordingQuality.EmptyAbove([broughtUp]));
        Assert.Contains($"--rate {first}", Assert.Single(RecordingQuality.Warnings("source", [broughtUp])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16000)]
    [InlineData(8000)]
    public void EmptyAbove_RecordingOfItsOwnRate_IsNull(int rate) =>
        Assert.Null(RecordingQuality.EmptyAbove([Resampler.Resample(WithBreath(), rate)]));

    /// <summary>A sentence with pauses, and a breath of noise 60 dB below it up to the end of the band.</summary>
    private static Waveform WithBreath()
    {
        double[] sentence = [.. new double[4000], .. Sentence.Samples, .. new double[4000]];
        var noise = SmallModels.Normal(sentence.Length, 1, 71).Values.ToArray();
        return new Waveform([.. sentence.Select((sample, i) => sample + (1e-4 * noise[i]))], 16000);
    }
}
