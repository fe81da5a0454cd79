using VoiceKit.Pitch;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Pitch;

public class F0EstimatorTests
{
    public static TheoryData<string> OddNames => Signals.OddNames;

    [Theory]
    [InlineData("Dio", 8000)]
    [InlineData("Dio", 16000)]
    [InlineData("Dio", 22050)]
    [InlineData("Dio", 44100)]
    [InlineData("Dio", 48000)]
    [InlineData("Dio", 96000)]
    [InlineData("Harvest", 8000)]
    [InlineData("Harvest", 16000)]
    [InlineData("Harvest", 22050)]
    [InlineData("Harvest", 44100)]
    [InlineData("Harvest", 48000)]
    [InlineData("Harvest", 96000)]
    public void Estimate_ToneOf220Hertz_IsWithinOneHertz(string estimator, int sampleRate)
    {
        var contour = Create(estimator).Estimate(Signals.Harmonic(220, sampleRate, 1));
        var middle = contour.Values[40..160].ToArray();
        Assert.All(middle, f0 => Assert.InRange(f0, 219, 221));
    }

    [Theory]
    [InlineData("Dio")]
    [InlineData("Harvest")]
    public void Estimate_Glide_IsFollowed(string estimator)
    {
        // F0(t) = 120 + 80 t: the phase is its integral.
        var glide = Signals.Generate(16000, 1, time =>
        {
            var phase = 2 * Math.PI * ((120 * time) + (40 * time * time));
            return Enumerable.Range(1, 20).Sum(h => 0.05 * Math.Cos(h * phase));
        });
        var contour = Create(estimator).Estimate(glide);
        for (var t = 40; t < 160; t++)
            Assert.InRange(contour[t], 120 + (80 * 0.005 * t) - 2, 120 + (80 * 0.005 * t) + 2);
    }

    [Theory]
    [InlineData("Dio", 0.25)]
    [InlineData("Harvest", 0.6)]
    public void Estimate_Noise_IsMostlyUnvoiced(string estimator, double largestShare)
    {
        var contour = Create(estimator).Estimate(Signals.Noise(16000, 2));
        Assert.InRange(contour.VoicedCount / (double)contour.Count, 0, largestShare);
    }

    [Fact]
    public void Estimate_OutsideTheRange_IsUnvoiced()
    {
        var range = new F0Range(300, 600);
        var contour = new Harvest(new HarvestOptions { Range = range }).Estimate(Signals.Harmonic(120, 16000, 1));
        Assert.All(contour.Values.ToArray(), f0 => Assert.True(f0 == 0 || (f0 >= 290 && f0 <= 620), $"{f0} Hz"));
    }

    [Theory]
    [MemberData(nameof(OddNames))]
    public void Estimate_OddInput_EndsInFiniteFrames(string name)
    {
        var waveform = Signals.Odd(name);
        foreach (var estimator in new[] { "Dio", "Harvest" })
        {
            var contour = Create(estimator).Estimate(waveform);
            Assert.Equal(F0Contour.FrameCount(waveform.Length, waveform.SampleRate, TimeSpan.FromMilliseconds(5)), contour.Count);
        }
    }

    [Fact]
    public void Find_ToneOf200Hertz_IsInsideANarrowRange()
    {
        var range = F0RangeFinder.Find([Signals.Harmonic(200, 16000, 2)]);
        Assert.InRange(range.Floor, 120, 195);
        Assert.InRange(range.Ceiling, 205, 330);
    }

    [Fact]
    public void Find_Silence_IsTheRangeOfSpeech() => Assert.Equal(F0Range.Speech, F0RangeFinder.Find([Signals.Odd("silence")]));

    [Fact]
    public void Segmented_LongSignal_EqualsTheWhole()
    {
        var speechLike = Signals.Generate(8000, 70, time =>
        {
            var phase = 2 * Math.PI * ((140 * time) - (20 / (2 * Math.PI * 0.7) * Math.Cos(2 * Math.PI * 0.7 * time)));
            return time % 1 < 0.7 ? Enumerable.Range(1, 10).Sum(h => 0.05 * Math.Cos(h * phase)) : 0;
        });
        var whole = new Dio().Estimate(speechLike);
        var pieces = new SegmentedF0Estimator(new Dio()).Estimate(speechLike);
        Assert.Equal(whole.Count, pieces.Count);
        var differing = Enumerable.Range(0, whole.Count).Count(t => Math.Abs(whole[t] - pieces[t]) > 0.1);
        Assert.InRange(differing, 0, whole.Count / 200);
    }

    [Theory]
    [InlineData(10, 100)]
    [InlineData(200, 100)]
    [InlineData(50, 5000)]
    [InlineData(double.NaN, 100)]
    public void Range_OutOfBounds_Throws(double floor, double ceiling) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new F0Range(floor, ceiling));

    private static IF0Estimator Create(string name) => name == "Dio" ? new Dio() : new Harvest();
}
