using VoiceKit.Cepstra;
using VoiceKit.Conversion;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Conversion;

public class GlobalVarianceTests
{
    private static readonly int[] Speech = [.. Enumerable.Range(5, 30)];

    [Fact]
    public void VarianceOf_KnownValues_IsDividedByT()
    {
        Assert.Equal([1.25, 0], GlobalVariance.VarianceOf(new Frames(4, 2, [1, 7, 2, 7, 3, 7, 4, 7])));
    }

    [Fact]
    public void Measure_TwoUtterances_IsTheMeanAndVarianceOfTheirVariances()
    {
        // Variances 1 and 9: mean 5, variance 16.
        var measured = GlobalVariance.Measure([new Frames(2, 1, [-1, 1]), new Frames(4, 1, [-3, 3, 3, -3])]);
        Assert.Equal(5, measured.Mean[0], 12);
        Assert.Equal(16, measured.Variance[0], 12);
    }

    [Fact]
    public void Measure_OneUtterance_TakesATenthOfTheMeanAsDeviation()
    {
        var measured = GlobalVariance.Measure([new Frames(1, 1, [5]), new Frames(2, 1, [-2, 2])]);
        Assert.Equal(4, measured.Mean[0], 12);
        Assert.Equal(0.16, measured.Variance[0], 12);
    }

    [Fact]
    public void Measure_NoUtteranceOfTwoFrames_Throws()
    {
        Assert.Throws<UnusableDataException>(() => GlobalVariance.Measure([new Frames(1, 1, [5])]));
        Assert.Throws<UnusableDataException>(() => GlobalVariance.Measure([]));
    }

    [Fact]
    public void Map_Scaling_ReachesTheTargetOnSpeechAndKeepsItsMean()
    {
        var plain = SmallModels.Normal(50, 3, 30);
        var target = new GlobalVariance([4, 0.01, 1], [1, 1, 1]);
        var scaled = new VarianceScalingMapper(new Given(plain), target, Speech).Map(plain);
        var variances = GlobalVariance.VarianceOf(scaled.Rows(Speech));
        for (var d = 0; d < 3; d++)
        {
            Assert.Equal(target.Mean[d], variances[d], 10);
            Assert.Equal(plain.Rows(Speech).Column(d).Average(), scaled.Rows(Speech).Column(d).Average(), 10);
        }
    }

    [Fact]
    public void Map_ScalingOfAConstant_StaysTheConstant()
    {
        var plain = new FrameBuffer(50, 1);
        plain.Values.Fill(2);
        var scaled = new VarianceScalingMapper(new Given(plain), new GlobalVariance([4], [1]), Speech).Map(plain);
        Assert.All(scaled.Values.ToArray(), value => Assert.Equal(2, value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Map_TooFewSpeechFrames_LeavesTheTrajectory(int speechCount)
    {
        var plain = SmallModels.Normal(10, 2, 31);
        var mapper = new VarianceScalingMapper(new Given(plain), new GlobalVariance([4, 4], [1, 1]), Speech[..speechCount]);
        Assert.Equal(plain.Values.ToArray(), mapper.Map(plain).Values.ToArray());
    }

    [Fact]
    public void Map_TooLittleSpeech_LeavesTheTrajectory()
    {
        var plain = SmallModels.Normal(50, 2, 32);
        var mapper = new VarianceScalingMapper(new Given(plain), new GlobalVariance([4, 4], [1, 1]), [7]);
        Assert.Equal(plain.Values.ToArray(), mapper.Map(plain).Values.ToArray());
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    public void Map_Gradient_ClimbsAndEndsBetweenTrajectoryAndTarget(double spread)
    {
        var model = new TrajectoryMapper(new JointDensityModel(SmallModels.Mixture(2, 12, 33)));
        var source = SmallModels.Normal(40, 2, 34);
        var plain = model.Map(source);
        var plainVariances = GlobalVariance.VarianceOf(plain.Rows(Speech));
        var target = new GlobalVariance(
            [.. plainVariances.Select(value => 3 * value)],
            [.. plainVariances.Select(value => spread * 9 * value * value)]
        );
        var scaled = new VarianceScalingMapper(model, target, Speech).Map(source);
        var climbed = new GradientVarianceMapper(model, target, Speech).Map(source);
        var system = model.Prepare(source);
        var variances = GlobalVariance.VarianceOf(climbed.Rows(Speech));
        for (var d = 0; d < 2; d++)
        {
            var reached = Objective(system, target, d, climbed);
            Assert.True(reached > Objective(system, target, d, plain), "The result is less likely than the plain trajectory.");
            Assert.True(reached > Objective(system, target, d, scaled), "The result is less likely than the start of the ascent.");
            Assert.InRange(variances[d], plainVariances[d], 1.05 * target.Mean[d]);

            // At the top the slope is 0: no frame can be moved to a gain worth the name.
            var moved = climbed.ToBuffer();
            for (var t = 0; t < moved.Count; t++)
            {
                foreach (var step in new[] { -0.02, 0.02 })
                {
                    moved[t][d] += step;
                    Assert.True(Objective(system, target, d, moved) < reached + 1e-3, $"Frame {t} of dimension {d} is not at the top.");
                    moved[t][d] -= step;
                }
            }
        }
    }

    [Fact]
    public void Map_GradientWithANarrowTarget_EndsNearTheTarget()
    {
        var model = new TrajectoryMapper(new JointDensityModel(SmallModels.Mixture(2, 12, 35)));
        var source = SmallModels.Normal(40, 2, 36);
        var plain = GlobalVariance.VarianceOf(model.Map(source).Rows(Speech));
        var target = new GlobalVariance([.. plain.Select(value => 2 * value)], [.. plain.Select(value => 1e-6 * value * value)]);
        var variances = GlobalVariance.VarianceOf(new GradientVarianceMapper(model, target, Speech).Map(source).Rows(Speech));
        for (var d = 0; d < 2; d++)
            Assert.InRange(variances[d] / target.Mean[d], 0.99, 1.01);
    }

    /// <summary>ln P(y) / (3 T) + ln N(v(y)) up to a constant (Toda, Black, Tokuda 2007, eq. 42), T the speech frames.</summary>
    private static double Objective(TrajectorySystem system, GlobalVariance target, int d, Frames y)
    {
        var column = y.Column(d);
        var gradient = new double[column.Length];
        system.Gradient(d, column, gradient);
        var likelihood = 0.0;
        for (var t = 0; t < column.Length; t++)
            likelihood += column[t] * (system.Right(d)[t] + gradient[t]) / 2;
        var excess = GlobalVariance.VarianceOf(y.Rows(Speech))[d] - target.Mean[d];
        return (likelihood / (DeltaWindow.Count * Speech.Length)) - (excess * excess / (2 * target.Variance[d]));
    }

    private sealed class Given(Frames frames) : ISpectralMapper
    {
        public Frames Map(Frames source) => frames.Slice(0, frames.Count);
    }
}
