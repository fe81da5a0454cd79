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
    [InlineData(F0ConversionKind.Fitted)]
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
        var statistics = F0Statistics.Measure(
            [Contour(Source)],
            [Contour(Target)],
            [
                [(100, 60)],
                [(200, 90)],
            ]
        );
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
    public void Convert_Fitted_MovesTheMeanAndScalesByTheSlope()
    {
        var statistics = Measure(Source, Target) with { Slope = 0.5 };
        var expected = Math.Exp((0.5 * (Math.Log(200) - statistics.SourceMean)) + statistics.TargetMean);
        Assert.Equal(expected, statistics.Convert(Contour([200]), F0ConversionKind.Fitted)[0], 9);
    }

    [Fact]
    public void Slope_OfAModelWithoutOne_IsTheRatioOfDeviations()
    {
        var statistics = new F0Statistics(5, 0.2, 4.5, 0.3, 0.5);
        Assert.Equal(1.5, statistics.Slope, 12);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(0.9, 1.9)]
    public void Slope_AsFarAsTheCorrelation_GoesToTheRatioOfDeviations(double correlation, double slope)
    {
        // y = 2 (r x + sqrt(1 - r^2) z) with z orthogonal to x and of the same power: deviations 1 to 2, correlation r.
        var sentence = Enumerable
            .Range(0, 400)
            .Select(i =>
            {
                var (x, z) = (0.1 * Math.Sin(2 * Math.PI * i / 40), 0.1 * Math.Cos(2 * Math.PI * i / 40));
                return (x, 2 * ((correlation * x) + (Math.Sqrt(1 - (correlation * correlation)) * z)));
            })
            .ToArray();
        Assert.Equal(slope, F0Slope.Choose([sentence, sentence, sentence, sentence]), 9);
        Assert.Equal(1, F0Slope.Choose([sentence, sentence, sentence]));
    }

    [Fact]
    public void Slope_NoCorrelation_IsOne()
    {
        var sentence = Enumerable
            .Range(0, 400)
            .Select(i => (0.1 * Math.Sin(0.05 * Math.PI * i), 0.2 * Math.Cos(0.05 * Math.PI * i)))
            .ToArray();
        Assert.Equal(1, F0Slope.Choose([sentence, sentence, sentence, sentence]), 9);
    }

    [Fact]
    public void Slope_SentencesThatDisagree_IsOne()
    {
        // The range of half the sentences is wider in the target, that of the others turned around: no slope helps those not seen.
        (double, double)[] Sentence(double factor) =>
            [.. Enumerable.Range(0, 100).Select(i => (0.1 * Math.Sin(0.3 * i), factor * 0.1 * Math.Sin(0.3 * i)))];
        Assert.Equal(1, F0Slope.Choose([Sentence(3), Sentence(-3), Sentence(3), Sentence(-3), Sentence(-1)]));
    }

    [Fact]
    public void Repair_OctaveErrorsAndBorderJumps_AreTakenOut()
    {
        double[] contour = [0, .. Enumerable.Range(0, 40).Select(i => 200 + i), 0, 0];
        var broken = (double[])contour.Clone();
        broken[20] = 109;
        broken[21] = 440;
        broken[1] = 150;
        broken[40] = 300;
        var repaired = F0Outliers.Repair(Contour(broken)).Values.ToArray();
        Assert.All(Enumerable.Range(1, 40), t => Assert.InRange(Math.Abs(repaired[t] - contour[t]), 0, 6));
        Assert.All(Enumerable.Range(2, 15), t => Assert.Equal(contour[t], repaired[t]));
        Assert.Equal([0, 0, 0], [repaired[0], repaired[41], repaired[42]]);
    }

    [Fact]
    public void Repair_SmoothOrShortContour_StaysAsItIs()
    {
        double[] glide = [.. Enumerable.Range(0, 60).Select(i => 100 * Math.Pow(2, i / 60.0))];
        Assert.Equal(glide, F0Outliers.Repair(Contour(glide)).Values.ToArray());
        double[] few = [0, 100, 220, 90, 0];
        Assert.Equal(few, F0Outliers.Repair(Contour(few)).Values.ToArray());
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
