using VoiceKit.Audio;
using VoiceKit.Pitch;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Pitch;

public class SegmentedF0EstimatorTests
{
    private const int SampleRate = 8000;

    [Theory]
    [InlineData("dio", 70)]
    [InlineData("harvest", 70, Traits = [SlowTests.Category, SlowTests.Slow])]
    [InlineData("dio", 60.0001)]
    [InlineData("dio", 91.3)]
    public void Estimate_LongSignal_AgreesWithTheWhole(string method, double seconds)
    {
        IF0Estimator inner = method == "dio" ? new Dio() : new Harvest();
        var signal = SpeechLike(seconds);
        var (whole, pieces) = (inner.Estimate(signal), new SegmentedF0Estimator(inner).Estimate(signal));
        Assert.Equal(whole.Count, pieces.Count);
        Assert.InRange(whole.VoicedCount, whole.Count / 2, whole.Count);

        // Pieces overlap by a second: at the borders too only the removed mean differs.
        var different = Enumerable
            .Range(0, whole.Count)
            .Where(t => whole[t] > 0 != pieces[t] > 0 || Math.Abs(whole[t] - pieces[t]) > 0.1)
            .ToArray();
        Assert.True(different.Length <= whole.Count / 1000, $"{different.Length} frames differ, the first is {different.FirstOrDefault()}");
    }

    [Fact]
    public void Estimate_ShortSignal_IsTheInnerEstimate()
    {
        var signal = SpeechLike(5);
        Assert.Equal(new Dio().Estimate(signal).Values.ToArray(), new SegmentedF0Estimator(new Dio()).Estimate(signal).Values.ToArray());
    }

    [Fact]
    public void Estimate_FramePeriodThatDoesNotDivideASecond_StaysWithinAFrame()
    {
        var inner = new Dio(new DioOptions { FramePeriod = TimeSpan.FromMilliseconds(7) });
        var signal = Tones.PulseTrain(time => 100 + time, SampleRate, 70);
        var contour = new SegmentedF0Estimator(inner).Estimate(signal);
        Assert.Equal(10001, contour.Count);
        for (var t = 20; t < contour.Count - 20; t++)
            Assert.Equal(100 + (0.007 * t), contour[t], 0.5);
    }

    /// <summary>A voice of changing pitch that pauses every second.</summary>
    private static Waveform SpeechLike(double seconds)
    {
        var tone = Tones.PulseTrain(time => 140 + (40 * Math.Sin(5 * time)) + (10 * Math.Sin(0.3 * time)), SampleRate, seconds);
        var noise = Tones.Noise(SampleRate, seconds, 1e-3).Samples;
        var samples = new double[tone.Length];
        for (var n = 0; n < samples.Length; n++)
            samples[n] = (n % SampleRate < 0.75 * SampleRate ? tone.Samples[n] : 0) + noise[n];
        return new Waveform(samples, SampleRate);
    }
}
