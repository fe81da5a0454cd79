using VoiceKit.Audio;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

public class SignalCheckTests
{
    [Fact]
    public void Inspect_HalfScaleSine_HasItsLevelAndNoWarnings()
    {
        var report = SignalCheck.Inspect(Sine(0.5));
        Assert.Equal(0.5, report.Peak, 3);
        Assert.Equal(20 * Math.Log10(0.5 / Math.Sqrt(2)), report.LevelDb, 3);
        Assert.Equal(0, report.DcOffset, 6);
        Assert.Empty(report.Warnings);
    }

    [Theory]
    [InlineData(0, 0, "silent")]
    [InlineData(1e-5, 0, "silent")]
    [InlineData(5e-4, 0, "quiet")]
    [InlineData(0.5, 0.1, "offset")]
    [InlineData(1.5, 0, "times full scale")]
    public void Inspect_SpoiltSine_SaysWhat(double amplitude, double offset, string word) =>
        Assert.Contains(SignalCheck.Inspect(Sine(amplitude, offset)).Warnings, warning => warning.Contains(word, StringComparison.Ordinal));

    [Theory]
    [InlineData("data-empty", "no samples")]
    [InlineData("data-1-sample", "25 ms")]
    [InlineData("silence-1s", "silent")]
    [InlineData("dc-1s", "offset")]
    [InlineData("clipped-1s", "clipped")]
    [InlineData("float32-over-1", "full scale")]
    [InlineData("fs-1", "sample rate")]
    public void Inspect_OddFile_SaysWhat(string name, string word)
    {
        var bytes = BadWaveFiles.All.Single(item => item.Name == name).Bytes;
        var report = SignalCheck.Inspect(WaveFile.Read(new MemoryStream(bytes), name).Waveform);
        Assert.Contains(report.Warnings, warning => warning.Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public void Inspect_NoSamples_IsSilentAndTooShort()
    {
        var report = SignalCheck.Inspect(new Waveform([], 16000));
        Assert.True(report.IsSilent && report.IsTooShort);
        Assert.Equal(double.NegativeInfinity, report.LevelDb);
    }

    private static Waveform Sine(double amplitude, double offset = 0) =>
        new([.. Enumerable.Range(0, 16000).Select(i => offset + (amplitude * Math.Sin(2 * Math.PI * 220 * i / 16000)))], 16000);
}
