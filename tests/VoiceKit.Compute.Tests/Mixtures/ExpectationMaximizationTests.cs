using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Mixtures;

public class ExpectationMaximizationTests
{
    private static readonly MixtureOptions Plain = new()
    {
        VarianceFloor = 0,
        CovariancePriorCount = 0,
        Tolerance = -1,
        Iterations = 40,
    };

    [Theory]
    [InlineData(CovarianceStructure.Full, 1)]
    [InlineData(CovarianceStructure.Full, 4)]
    [InlineData(CovarianceStructure.BlockDiagonal, 4)]
    [InlineData(CovarianceStructure.Diagonal, 4)]
    public void Fit_PlainMaximumLikelihood_NeverLowersTheLikelihood(CovarianceStructure structure, int dimension)
    {
        var frames = DrawnClusters.Draw(DrawnClusters.Random(4, dimension, CovarianceStructure.Full, 3), 900);
        var history = new List<double>();
        ExpectationMaximization.Fit(
            frames,
            Plain with
            {
                MixtureCount = 5,
                Structure = structure,
            },
            new SynchronousProgress<FitProgress>(step => history.Add(step.LogLikelihood))
        );
        Assert.Equal(40, history.Count);
        Assert.True(history[^1] > history[0] + 1e-3, "nothing was learnt");
        for (var i = 1; i < history.Count; i++)
            Assert.True(
                history[i] >= history[i - 1] - 1e-8,
                $"iteration {i + 1} lowered {history[i - 1]} by {history[i - 1] - history[i]}"
            );
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(20.0)]
    public void Fit_FramesOfAKnownMixture_RecoversIt(double pooledFrames)
    {
        var truth = new GaussianMixture(
            [0.5, 0.3, 0.2],
            new Frames(3, 2, [0, 0, 6, 0, 0, 8]),
            [
                [1, 0.5, 0.5, 1],
                [0.5, 0, 0, 2],
                [1.5, -0.6, -0.6, 0.8],
            ],
            CovarianceStructure.Full
        );
        var fitted = ExpectationMaximization.Fit(
            DrawnClusters.Draw(truth, 6000),
            Plain with
            {
                MixtureCount = 3,
                CovariancePriorCount = pooledFrames,
            }
        );
        for (var m = 0; m < 3; m++)
        {
            var mean = truth.Means[m].ToArray();
            var found = Enumerable.Range(0, 3).MinBy(k => Math.Abs(fitted.Means[k][0] - mean[0]) + Math.Abs(fitted.Means[k][1] - mean[1]));
            Assert.Equal(truth.Weights[m], fitted.Weights[found], 0.01);
            AssertNear(0.1, mean, fitted.Means[found]);
            AssertNear(0.12, truth.Covariance(m), fitted.Covariance(found));
        }
    }

    [Fact]
    public void Fit_SameSeed_GivesTheSameBits()
    {
        var frames = DrawnClusters.Draw(DrawnClusters.Random(3, 4, CovarianceStructure.Full, 6), 500);
        GaussianMixture Fit(int seed) => ExpectationMaximization.Fit(frames, new MixtureOptions { MixtureCount = 6, Seed = seed });
        var (first, second) = (Fit(1), Fit(1));
        Assert.Equal(first.Weights.ToArray(), second.Weights.ToArray());
        Assert.Equal(first.Means.Values.ToArray(), second.Means.Values.ToArray());
        Assert.Equal(first.Covariance(5).ToArray(), second.Covariance(5).ToArray());
        Assert.NotEqual(first.Means.Values.ToArray(), Fit(2).Means.Values.ToArray());
    }

    [Fact]
    public void Fit_OneMixture_IsTheMeanAndTheVariance()
    {
        var values = RandomMatrices.Vector(50, 1);
        var fitted = ExpectationMaximization.Fit(new Frames(50, 1, values), Plain with { MixtureCount = 1 });
        Assert.Equal(values.Average(), fitted.Means[0][0], 1e-12);
        Assert.Equal(values.Average(x => (x - values.Average()) * (x - values.Average())), fitted.Covariance(0)[0], 1e-10);
        Assert.Equal(1, fitted.Weights[0]);
    }

    [Theory]
    [InlineData(7, 4)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(10, 0)]
    [InlineData(10, -1)]
    public void Fit_TooFewFramesOrMixtures_Throws(int frameCount, int mixtureCount) =>
        Assert.ThrowsAny<ArgumentException>(() =>
            ExpectationMaximization.Fit(
                new Frames(frameCount, 2, RandomMatrices.Vector(2 * frameCount, 1)),
                new MixtureOptions { MixtureCount = mixtureCount }
            )
        );

    [Fact]
    public void Fit_EveryFrameCount_IsAMixture()
    {
        for (var count = 4; count <= 40; count++)
        {
            var frames = new Frames(count, 3, RandomMatrices.Vector(3 * count, count));
            var fitted = ExpectationMaximization.Fit(frames, new MixtureOptions { MixtureCount = 2 });
            Assert.True(double.IsFinite(fitted.Posteriors(frames).LogLikelihood), $"{count} frames");
        }
    }

    [Theory]
    [InlineData(CovarianceStructure.Full)]
    [InlineData(CovarianceStructure.BlockDiagonal)]
    [InlineData(CovarianceStructure.Diagonal)]
    public void Fit_FramesWithoutVariation_StaysFinite(CovarianceStructure structure)
    {
        var options = new MixtureOptions { MixtureCount = 3, Structure = structure };
        var equal = new FrameBuffer(20, 2);
        equal.Values.Fill(2.5);
        Assert.True(double.IsFinite(ExpectationMaximization.Fit(equal, options).Posteriors(equal).LogLikelihood));

        var constantColumn = new Frames(20, 2, [.. RandomMatrices.Vector(40, 1).Select((x, i) => i % 2 == 0 ? x : 7)]);
        Assert.True(double.IsFinite(ExpectationMaximization.Fit(constantColumn, options).Posteriors(constantColumn).LogLikelihood));
    }

    [Fact]
    public void Fit_VarianceFloor_IsAShareOfTheWholeVariance()
    {
        var frames = new Frames(100, 1, [.. Enumerable.Range(0, 100).Select(t => t < 50 ? -1.0 : 1)]);
        Assert.Equal(0.01, ExpectationMaximization.VarianceFloor(frames, new MixtureOptions { VarianceFloor = 0.01 })[0], 1e-12);
        var fitted = ExpectationMaximization.Fit(frames, new MixtureOptions { MixtureCount = 2, VarianceFloor = 0.01 });
        Assert.Equal([-1.0, 1], fitted.Means.Values.ToArray().Order().Select(x => Math.Round(x, 9)));
        Assert.Equal(0.01, fitted.Covariance(0)[0], 1e-3);
    }

    private static void AssertNear(double tolerance, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual) =>
        Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, tolerance));
}
