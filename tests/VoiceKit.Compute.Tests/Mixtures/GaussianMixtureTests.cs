using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Mixtures;

public class GaussianMixtureTests
{
    public static TheoryData<CovarianceStructure, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<CovarianceStructure, int>();
            foreach (var structure in Enum.GetValues<CovarianceStructure>())
            {
                foreach (var dimension in new[] { 1, 2, 3, 6, 24 })
                {
                    if (structure != CovarianceStructure.BlockDiagonal || dimension % 2 == 0)
                        shapes.Add(structure, dimension);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Posteriors_EveryStructure_EqualTheDefinition(CovarianceStructure structure, int dimension)
    {
        var mixture = DrawnClusters.Random(3, dimension, structure, dimension);
        var frames = new Frames(37, dimension, [.. RandomMatrices.Vector(37 * dimension, 9).Select(x => 4 * x)]);
        var (posteriors, logLikelihood) = mixture.Posteriors(frames);
        var sum = 0.0;
        for (var t = 0; t < frames.Count; t++)
        {
            var logDensities = Enumerable.Range(0, 3).Select(m => DrawnClusters.LogDensity(mixture, m, frames[t])).ToArray();
            var largest = logDensities.Max();
            var total = largest + Math.Log(logDensities.Sum(x => Math.Exp(x - largest)));
            sum += total;
            for (var m = 0; m < 3; m++)
                Assert.Equal(Math.Exp(logDensities[m] - total), posteriors[t][m], 1e-9);
        }

        Assert.Equal(sum / frames.Count, logLikelihood, 1e-9 * Math.Abs(sum));
    }

    [Fact]
    public void Posteriors_EveryFrameCount_SumToOneAndDoNotDependOnNeighbours()
    {
        var mixture = DrawnClusters.Random(4, 3, CovarianceStructure.Full, 5);
        var frames = new Frames(40, 3, [.. RandomMatrices.Vector(120, 6).Select(x => 10 * x)]);
        var whole = mixture.Posteriors(frames).Posteriors;
        for (var count = 1; count <= 40; count++)
        {
            var posteriors = mixture.Posteriors(frames.Slice(40 - count, count)).Posteriors;
            Assert.Equal(whole.Slice(40 - count, count).Values.ToArray(), posteriors.Values.ToArray());
            for (var t = 0; t < count; t++)
                Assert.Equal(1, posteriors[t].ToArray().Sum(), 1e-12);
        }

        Assert.Equal(
            (0, 0.0),
            (mixture.Posteriors(new FrameBuffer(0, 3)).Posteriors.Count, mixture.Posteriors(new FrameBuffer(0, 3)).LogLikelihood)
        );
    }

    [Fact]
    public void Posteriors_FrameFarAway_IsFinite()
    {
        var (posteriors, logLikelihood) = DrawnClusters.Random(3, 2, CovarianceStructure.Full, 1).Posteriors(new Frames(1, 2, [1e8, -1e8]));
        Assert.True(double.IsFinite(logLikelihood));
        Assert.Equal(1, posteriors[0].ToArray().Sum(), 1e-12);
    }

    [Theory]
    [InlineData(CovarianceStructure.Full)]
    [InlineData(CovarianceStructure.BlockDiagonal)]
    [InlineData(CovarianceStructure.Diagonal)]
    public void Marginal_OfTwoDimensions_IsTheIntegralOverTheOther(CovarianceStructure structure)
    {
        var mixture = DrawnClusters.Random(3, 2, structure, 8);
        foreach (var x in new[] { -2.0, 0, 1.5 })
        {
            var integral = 0.0;
            for (var y = -20.0; y <= 20; y += 0.01)
                integral += 0.01 * Math.Exp(mixture.Posteriors(new Frames(1, 2, [x, y])).LogLikelihood);
            var marginal = mixture.Marginal(0, 1, CovarianceStructure.Full).Posteriors(new Frames(1, 1, [x])).LogLikelihood;
            Assert.Equal(Math.Log(integral), marginal, 1e-9);
        }
    }

    [Fact]
    public void Marginal_OfTheSecondHalf_KeepsItsMeansAndCovariances()
    {
        var mixture = DrawnClusters.Random(2, 4, CovarianceStructure.Full, 3);
        var marginal = mixture.Marginal(2, 2, CovarianceStructure.Full);
        Assert.Equal(mixture.Weights.ToArray(), marginal.Weights.ToArray());
        for (var m = 0; m < 2; m++)
        {
            var whole = mixture.Covariance(m);
            Assert.Equal(mixture.Means[m][2..].ToArray(), marginal.Means[m].ToArray());
            Assert.Equal([whole[10], whole[11], whole[14], whole[15]], marginal.Covariance(m).ToArray());
        }
    }

    [Fact]
    public void Constructor_PartsThatMakeNoMixture_Throws()
    {
        static GaussianMixture Make(double[] weights, int means, int covariances, int elements) =>
            new(
                weights,
                new FrameBuffer(means, 2),
                [.. Enumerable.Range(0, covariances).Select(_ => new double[elements])],
                CovarianceStructure.Full
            );
        Assert.Throws<ArgumentException>(() => Make([], 0, 0, 4));
        Assert.Throws<ArgumentException>(() => Make([0.5, 0.5], 1, 2, 4));
        Assert.Throws<ArgumentException>(() => Make([0.5, 0.5], 2, 1, 4));
        Assert.Throws<ArgumentException>(() => Make([0.5, 0.5], 2, 2, 3));
        Assert.Throws<ArgumentException>(() => Make([0.5, 0.6], 2, 2, 4));
        Assert.Throws<ArgumentException>(() => Make([1.5, -0.5], 2, 2, 4));
        Assert.Throws<ArgumentException>(() => Make([double.NaN, 1], 2, 2, 4));
    }

    [Fact]
    public void Posteriors_WrongInput_Throws()
    {
        Assert.Throws<ArgumentException>(() => DrawnClusters.Random(2, 3, CovarianceStructure.Full, 1).Posteriors(new FrameBuffer(1, 2)));
        var singular = new GaussianMixture([1], new FrameBuffer(1, 2), [new double[4]], CovarianceStructure.Full);
        Assert.Throws<ArithmeticException>(() => singular.Posteriors(new FrameBuffer(1, 2)));
        var odd = DrawnClusters.Random(1, 3, CovarianceStructure.BlockDiagonal, 1);
        Assert.Throws<ArgumentException>(() => odd.Posteriors(new FrameBuffer(1, 3)));
    }
}
