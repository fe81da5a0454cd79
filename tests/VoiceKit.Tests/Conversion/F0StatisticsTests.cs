using VoiceKit.Conversion;
using VoiceKit.Files;
using VoiceKit.Pitch;

namespace VoiceKit.Tests.Conversion;

public class F0StatisticsTests
{
    private static readonly double[] Source = [180, 0, 200, 220, 190, 0, 210];
    private static readonly double[] Target = [90, 100, 0, 110, 120, 95];

    [Fact]
    public void Measure_NoOutliers_HasTheMomentsOfLogF0()
    {
        var statistics = Measure(Source, Target);
        var logarithms = Source.Where(f0 => f0 > 0).Select(f0 => Math.Log(f0)).ToArray();
        var mean = logarithms.Average();
        Assert.Equal(mean, statistics.SourceMean, 12);
        Assert.Equal(Math.Sqrt(logarithms.Average(value => (value - mean) * (value - mean))), statistics.SourceDeviation, 12);
    }

    [Fact]
    public void Convert_LogGaussian_GivesTheTargetsMeanAndDeviation()
    {
        var statistics = Measure(Source, Target);
        var converted = statistics.Convert(Contour(Source), F0ConversionKind.LogGaussian);
        var again = Measure(converted.Values.ToArray(), Target);
        Assert.Equal(statistics.TargetMean, again.SourceMean, 12);
        Assert.Equal(statistics.TargetDeviation, again.SourceDeviation, 12);
    }

    [Theory]
    [InlineData(F0ConversionKind.LogGaussian)]
    [InlineData(F0ConversionKind.Proportional)]
    [InlineData(F0ConversionKind.None)]
    public void Convert_UnvoicedFrames_StayUnvoicedAndOthersVoiced(F0ConversionKind kind)
    {
        var converted = Measure(Source, Target).Convert(Contour(Source), kind);
        Assert.Equal(Source.Select(f0 => f0 > 0), converted.Values.ToArray().Select(f0 => f0 > 0));
        Assert.Equal(TimeSpan.FromMilliseconds(5), converted.FramePeriod);
    }

    [Fact]
    public void Convert_Proportional_HasTheSlopeOfRegressionThroughTheOrigin()
    {
        // sum x y / sum x^2 = (100 * 60 + 200 * 90) / (100^2 + 200^2) = 24000 / 50000.
        var statistics = F0Statistics.Measure([Contour(Source)], [Contour(Target)], [(100, 60), (200, 90)]);
        Assert.Equal(0.48, statistics.Ratio, 12);
        Assert.Equal(0.48 * 180, statistics.Convert(Contour(Source), F0ConversionKind.Proportional)[0], 9);
    }

    [Fact]
    public void Measure_NothingAligned_TakesTheRatioOfTheMeans()
    {
        var statistics = Measure(Source, Target);
        Assert.Equal(Math.Exp(statistics.TargetMean - statistics.SourceMean), statistics.Ratio, 12);
    }

    [Fact]
    public void Measure_OctaveErrors_DoNotCount()
    {
        var clean = Measure(Source, Target);
        var dirty = Measure([.. Source, 400, 95], [.. Target, 210, 48]);
        Assert.Equal(clean, dirty);
    }

    [Fact]
    public void Convert_None_IsTheSame() =>
        Assert.Equal(Source, Measure(Source, Target).Convert(Contour(Source), F0ConversionKind.None).Values.ToArray());

    [Fact]
    public void Convert_MonotoneSource_StaysFiniteAndNearTheTarget()
    {
        var statistics = Measure([200, 200, 200], Target);
        Assert.InRange(statistics.Convert(Contour([200, 201]), F0ConversionKind.LogGaussian)[1], 90, 125);
    }

    [Fact]
    public void Measure_NoVoicedFrame_NamesTheSpeaker()
    {
        Assert.Contains("source", Assert.Throws<UnusableDataException>(() => Measure([0, 0], Target)).Message, StringComparison.Ordinal);
        Assert.Contains("target", Assert.Throws<UnusableDataException>(() => Measure(Source, [0])).Message, StringComparison.Ordinal);
    }

    private static F0Statistics Measure(double[] source, double[] target) => F0Statistics.Measure([Contour(source)], [Contour(target)], []);

    private static F0Contour Contour(double[] values) => new(values, TimeSpan.FromMilliseconds(5));
}
