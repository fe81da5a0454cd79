using VoiceKit.Audio;
using VoiceKit.Pitch;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Pitch;

public class F0EstimatorTests
{
    private static readonly string[] Methods = ["dio", "harvest"];

    public static TheoryData<string, int> MethodsAndRates
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var method in Methods)
            {
                foreach (var rate in new[] { 8000, 16000, 22050, 44100, 48000, 96000, 192000 })
                    data.Add(method, rate);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(MethodsAndRates))]
    public void Estimate_PulseTrain_IsItsFrequency(string method, int sampleRate)
    {
        var contour = Estimator(method, F0Range.Speech).Estimate(Tones.PulseTrain(220, sampleRate, 0.6));
        Assert.Equal(121, contour.Count);
        Assert.All(contour.Values[10..^10].ToArray(), f0 => Assert.InRange(f0, 219, 221));
    }

    [Fact]
    public void Estimate_PureTone_IsItsFrequencyByDio()
    {
        // Harvest asks the first six harmonics and finds none: to it a pure tone is unvoiced, as to WORLD's.
        var tone = new Waveform([.. Enumerable.Range(0, 9600).Select(n => 0.3 * Math.Sin(2 * Math.PI * 220 * n / 16000))], 16000);
        Assert.All(new Dio().Estimate(tone).Values[10..^10].ToArray(), f0 => Assert.InRange(f0, 219, 221));
    }

    [Theory]
    [InlineData("dio", 16000, 0.05)]
    [InlineData("dio", 48000, 0.05)]
    [InlineData("harvest", 16000, 0.25)]
    [InlineData("harvest", 48000, 0.25)]
    public void Estimate_WhiteNoise_IsMostlyUnvoiced(string method, int sampleRate, double largestRatio)
    {
        var contour = Estimator(method, F0Range.Speech).Estimate(Tones.Noise(sampleRate, 2));
        Assert.InRange((double)contour.VoicedCount / contour.Count, 0, largestRatio);
    }

    [Theory]
    [InlineData("dio")]
    [InlineData("harvest")]
    public void Estimate_Glide_FollowsIt(string method)
    {
        static double F0(double time) => 100 + (150 * time / 1.5);
        var contour = Estimator(method, F0Range.Speech).Estimate(Tones.PulseTrain(F0, 16000, 1.5));
        var errors = Enumerable.Range(10, contour.Count - 20).Select(t => Math.Abs(contour[t] - F0(0.005 * t))).ToArray();
        Assert.True(errors.Max() <= 2.5, $"the largest error is {errors.Max()} Hz");
        Assert.True(errors.Average() <= 0.5, $"the mean error is {errors.Average()} Hz");
    }

    [Theory]
    [InlineData("dio")]
    [InlineData("harvest")]
    public void Estimate_VoicedAndSilentParts_AreToldApart(string method)
    {
        var tone = Tones.PulseTrain(150, 16000, 0.5).Samples;
        var samples = new double[3 * tone.Length];
        tone.CopyTo(samples.AsSpan(tone.Length));
        var contour = Estimator(method, F0Range.Speech).Estimate(new Waveform(samples, 16000));
        Assert.All(contour.Values[..90].ToArray(), f0 => Assert.Equal(0, f0));
        Assert.All(contour.Values[110..190].ToArray(), f0 => Assert.InRange(f0, 149, 151));
        Assert.All(contour.Values[210..].ToArray(), f0 => Assert.Equal(0, f0));
    }

    [Theory]
    [InlineData("dio", 300, 800)]
    [InlineData("dio", 40, 150)]
    [InlineData("harvest", 300, 800)]
    [InlineData("harvest", 40, 150)]
    public void Estimate_ToneOutsideTheRange_IsNotFound(string method, double floor, double ceiling)
    {
        // A sine has no harmonic that DIO could take for F0; Harvest asks for harmonics.
        var tone =
            method == "dio"
                ? new Waveform([.. Enumerable.Range(0, 9600).Select(n => 0.5 * Math.Sin(2 * Math.PI * 220 * n / 16000))], 16000)
                : Tones.PulseTrain(220, 16000, 0.6);
        Assert.InRange(Estimator(method, new F0Range(71, 800)).Estimate(tone).VoicedCount, 100, 121);
        Assert.InRange(Estimator(method, new F0Range(floor, ceiling)).Estimate(tone).VoicedCount, 0, 6);
    }

    [Theory]
    [InlineData("dio", 60)]
    [InlineData("harvest", 60)]
    [InlineData("dio", 1000)]
    [InlineData("harvest", 1000)]
    public void Estimate_WiderRange_FindsWhatTheDefaultMisses(string method, double f0)
    {
        var tone = Tones.PulseTrain(f0, 16000, 0.8);
        Assert.All(
            Estimator(method, new F0Range(45, 1200)).Estimate(tone).Values[20..^20].ToArray(),
            value => Assert.InRange(value, f0 * 0.99, f0 * 1.01)
        );
        Assert.DoesNotContain(Estimator(method, F0Range.Speech).Estimate(tone).Values.ToArray(), value => Math.Abs(value - f0) < f0 * 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(10)]
    public void Estimate_OtherFramePeriod_SamplesTheSameContour(double milliseconds)
    {
        static double F0(double time) => 120 + (100 * time);
        var period = TimeSpan.FromMilliseconds(milliseconds);
        var tone = Tones.PulseTrain(F0, 16000, 0.6);
        foreach (
            var contour in new[]
            {
                new Dio(new DioOptions { FramePeriod = period }).Estimate(tone),
                new Harvest(new HarvestOptions { FramePeriod = period }).Estimate(tone),
            }
        )
        {
            Assert.Equal((int)(600 / milliseconds) + 1, contour.Count);
            for (var t = (int)(100 / milliseconds); t < 500 / milliseconds; t++)
                Assert.Equal(F0(t * milliseconds / 1000), contour[t], 1.0);
        }
    }

    [Theory]
    [InlineData("dio")]
    [InlineData("harvest")]
    public void Estimate_LevelOfTheSignal_DoesNotMatter(string method)
    {
        foreach (var peak in new[] { 1e-3, 1.0, 30 })
        {
            var contour = Estimator(method, F0Range.Speech).Estimate(Tones.PulseTrain(220, 16000, 0.4, peak));
            Assert.All(contour.Values[10..^10].ToArray(), f0 => Assert.InRange(f0, 219, 221));
        }
    }

    [Theory]
    [InlineData(19, 100)]
    [InlineData(100, 100)]
    [InlineData(200, 100)]
    [InlineData(100, 4001)]
    [InlineData(double.NaN, 100)]
    [InlineData(100, double.NaN)]
    public void F0Range_Impossible_Throws(double floor, double ceiling) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new F0Range(floor, ceiling));

    [Fact]
    public void F0Contour_Impossible_Throws()
    {
        Assert.Throws<ArgumentException>(() => new F0Contour([100, double.NaN], Tones.FramePeriod));
        Assert.Throws<ArgumentException>(() => new F0Contour([-1], Tones.FramePeriod));
        Assert.Throws<ArgumentException>(() => new F0Contour([double.PositiveInfinity], Tones.FramePeriod));
        Assert.Throws<ArgumentOutOfRangeException>(() => new F0Contour([100], TimeSpan.Zero));
    }

    [Fact]
    public void F0RangeFinder_OneVoice_KeepsItWithAMargin()
    {
        var range = F0RangeFinder.Find([Tones.PulseTrain(time => 120 + (30 * Math.Sin(6 * time)), 16000, 2)]);
        Assert.InRange(range.Floor, 60, 90);
        Assert.InRange(range.Ceiling, 150, 230);
        Assert.Equal(F0Range.Speech, F0RangeFinder.Find([new Waveform(new double[16000], 16000)]));
        Assert.Equal(F0Range.Speech, F0RangeFinder.Find([]));
    }

    private static IF0Estimator Estimator(string method, F0Range range) =>
        method == "dio" ? new Dio(new DioOptions { Range = range }) : new Harvest(new HarvestOptions { Range = range });
}
