using MathNet.Numerics.LinearAlgebra;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.Mixtures;

public class GaussianMixtureTests
{
    public static TheoryData<CovarianceStructure> Structures => [CovarianceStructure.Full, CovarianceStructure.BlockDiagonal, CovarianceStructure.Diagonal];

    [Theory]
    [MemberData(nameof(Structures))]
    public void Posteriors_AnyFrameCount_EqualTheFormula(CovarianceStructure structure)
    {
        var mixture = ExpectationMaximization.Fit(ThreeHeaps(300), new MixtureOptions { MixtureCount = 3, Structure = structure, Iterations = 3 });
        for (var count = 1; count <= 40; count++)
        {
            var frames = ThreeHeaps(count);
            var (posteriors, logLikelihood) = mixture.Posteriors(frames);
            var sum = 0.0;
            for (var t = 0; t < count; t++)
            {
                var densities = Enumerable.Range(0, 3).Select(m => mixture.Weights[m] * Density(mixture, m, frames[t].ToArray())).ToArray();
                sum += Math.Log(densities.Sum());
                for (var m = 0; m < 3; m++)
                    Assert.Equal(densities[m] / densities.Sum(), posteriors[t][m], 1e-9);
                Assert.Equal(1, Reductions.Sum(posteriors[t]), 1e-12);
            }

            Assert.Equal(sum / count, logLikelihood, 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void Fit_PlainLikelihood_NeverFalls(CovarianceStructure structure)
    {
        List<double> likelihoods = [];
        var options = new MixtureOptions { MixtureCount = 4, Structure = structure, Iterations = 30, Tolerance = double.NegativeInfinity, VarianceFloor = 1e-12 };
        ExpectationMaximization.Fit(ThreeHeaps(400), options, (_, likelihood) => likelihoods.Add(likelihood));
        Assert.Equal(30, likelihoods.Count);
        for (var i = 1; i < likelihoods.Count; i++)
            Assert.True(likelihoods[i] >= likelihoods[i - 1] - 1e-9, $"iteration {i}: {likelihoods[i - 1]} -> {likelihoods[i]}");
    }

    [Fact]
    public void Fit_ThreeHeaps_FindsThem()
    {
        var mixture = ExpectationMaximization.Fit(ThreeHeaps(3000), new MixtureOptions { MixtureCount = 3 });
        var means = Enumerable.Range(0, 3).Select(m => mixture.Means[m].ToArray()).OrderBy(mean => mean[0]).ToArray();
        double[][] expected = [[-5, 0, 1, 2], [0, 5, -1, 0], [6, -3, 0, 1]];
        for (var m = 0; m < 3; m++)
        {
            for (var d = 0; d < 4; d++)
                Assert.Equal(expected[m][d], means[m][d], 0.15);
            Assert.Equal(1 / 3.0, mixture.Weights[m], 0.02);
        }
    }

    [Fact]
    public void Add_StatisticsOfHalves_AreThoseOfTheWhole()
    {
        var frames = ThreeHeaps(601);
        var options = new MixtureOptions { MixtureCount = 3, Iterations = 2 };
        var mixture = ExpectationMaximization.Fit(frames, options);
        var whole = MixtureStatistics.Collect(mixture, frames);
        var parts = MixtureStatistics.Collect(mixture, frames.Slice(0, 250));
        parts.Add(MixtureStatistics.Collect(mixture, frames.Slice(250, 351)));
        Assert.Equal(whole.FrameCount, parts.FrameCount);
        Assert.Equal(whole.LogLikelihood, parts.LogLikelihood, 1e-9);
        var floor = ExpectationMaximization.VarianceFloor(frames, options);
        var (a, b) = (ExpectationMaximization.Update(mixture, whole, options, floor), ExpectationMaximization.Update(mixture, parts, options, floor));
        for (var m = 0; m < 3; m++)
        {
            for (var i = 0; i < 16; i++)
                Assert.Equal(a.Covariance(m)[i], b.Covariance(m)[i], 1e-9);
        }
    }

    [Fact]
    public void Fit_SameSeed_IsTheSameBits()
    {
        var frames = ThreeHeaps(500);
        var options = new MixtureOptions { MixtureCount = 5, PooledFrames = 50 };
        var (a, b) = (ExpectationMaximization.Fit(frames, options), ExpectationMaximization.Fit(frames, options));
        for (var m = 0; m < 5; m++)
            Assert.Equal(a.Covariance(m).ToArray(), b.Covariance(m).ToArray());
    }

    [Fact]
    public void Fit_OneDimension_Works()
    {
        var mixture = ExpectationMaximization.Fit(ThreeHeaps(300).Columns(0, 1), new MixtureOptions { MixtureCount = 3 });
        Assert.Equal(1, mixture.Dimension);
    }

    [Fact]
    public void Fit_TooFewFrames_Throws() =>
        Assert.Throws<ArgumentException>(() => ExpectationMaximization.Fit(ThreeHeaps(5), new MixtureOptions { MixtureCount = 3 }));

    [Fact]
    public void Marginal_OfTwoDimensions_HasTheirMoments()
    {
        var mixture = ExpectationMaximization.Fit(ThreeHeaps(300), new MixtureOptions { MixtureCount = 2 });
        var marginal = mixture.Marginal(1, 2, CovarianceStructure.Full);
        Assert.Equal(mixture.Means[1][2], marginal.Means[1][1]);
        Assert.Equal(mixture.Covariance(0)[(1 * 4) + 2], marginal.Covariance(0)[1]);
    }

    [Fact]
    public void Cluster_ThreeHeaps_AreSeparated()
    {
        var labels = KMeans.Cluster(ThreeHeaps(300), 3);
        for (var heap = 0; heap < 3; heap++)
            Assert.Single(Enumerable.Range(0, 300).Where(t => t % 3 == heap).Select(t => labels[t]).Distinct());
        Assert.Equal(3, labels.Distinct().Count());
    }

    /// <summary>Frames of three well-separated Gaussians in turn, four dimensions, the second half correlated with the first.</summary>
    private static Frames ThreeHeaps(int count)
    {
        double[][] centres = [[-5, 0, 1, 2], [0, 5, -1, 0], [6, -3, 0, 1]];
        var random = new Random(7);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var frames = new Frames(count, 4);
        for (var t = 0; t < count; t++)
        {
            for (var d = 0; d < 4; d++)
                frames[t][d] = centres[t % 3][d] + (0.7 * Normal()) + (d >= 2 ? 0.6 * (frames[t][d - 2] - centres[t % 3][d - 2]) : 0);
        }

        return frames;
    }

    private static double Density(GaussianMixture mixture, int m, double[] x)
    {
        var n = mixture.Dimension;
        var covariance = Matrix<double>.Build.Dense(n, n, (i, j) => mixture.Covariance(m)[(i * n) + j]);
        var difference = Vector<double>.Build.Dense(x) - Vector<double>.Build.Dense(mixture.Means[m].ToArray());
        return Math.Exp(-0.5 * (difference * covariance.Inverse() * difference)) / Math.Sqrt(Math.Pow(2 * Math.PI, n) * covariance.Determinant());
    }
}
