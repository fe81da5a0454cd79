using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using VoiceKit.Cepstra;
using VoiceKit.Conversion;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Conversion;

/// <summary>The frame and trajectory mappers against dense linear algebra.</summary>
public class TrajectoryTests
{
    public static readonly TheoryData<int> FrameCounts = [1, 2, 3, 4, 5, 12, 40];

    [Fact]
    public void FrameMapper_OneMixture_IsLinearRegression()
    {
        var joint = SmallModels.Mixture(1, 12, 20);
        var source = SmallModels.Normal(9, 2, 21);
        var x = DeltaWindow.Append(source);
        var mapped = new FrameMapper(new JointDensityModel(joint)).Map(source);
        Assert.Equal((9, 2), (mapped.Count, mapped.Dimension));
        var covariance = DenseMatrix.Create(12, 12, (i, j) => joint.Covariance(0)[(i * 12) + j]);
        var regression = covariance.SubMatrix(6, 6, 0, 6) * covariance.SubMatrix(0, 6, 0, 6).Inverse();
        for (var t = 0; t < 9; t++)
        {
            for (var d = 0; d < 2; d++)
            {
                var expected = joint.Means[0][6 + d];
                for (var j = 0; j < 6; j++)
                    expected += regression[d, j] * (x[t][j] - joint.Means[0][j]);
                Assert.Equal(expected, mapped[t][d], 10);
            }
        }
    }

    [Fact]
    public void FrameMapper_FarMixtures_TakesTheNearestOnesRegression()
    {
        // Two mixtures so far apart that the posterior is 0 or 1: each frame follows its own mixture.
        var joint = SmallModels.Mixture(2, 6, 22, spread: 100);
        var source = new Frames(2, 1, [joint.Means[0][0], joint.Means[1][0]]);
        var model = new JointDensityModel(joint);
        var posteriors = model.Posteriors(DeltaWindow.Append(source));
        var mapped = new FrameMapper(model).Map(source);
        for (var t = 0; t < 2; t++)
        {
            var nearest = posteriors[t][0] > 0.5 ? 0 : 1;
            Assert.Equal(1, posteriors[t][nearest], 12);
            var mean = new double[1];
            model.WriteConditionalMean(nearest, DeltaWindow.Append(source)[t], new double[3], mean);
            Assert.Equal(mean[0], mapped[t][0], 9);
        }
    }

    [Theory]
    [MemberData(nameof(FrameCounts))]
    public void TrajectoryMapper_AnyLength_IsTheDenseSolution(int count)
    {
        const int dimension = 2;
        var model = new JointDensityModel(SmallModels.Mixture(3, 6 * dimension, 23));
        var source = SmallModels.Normal(count, dimension, 24);
        var x = DeltaWindow.Append(source);
        var posteriors = model.Posteriors(x);
        var (precisions, weighted) = (new FrameBuffer(count, 3 * dimension), new FrameBuffer(count, 3 * dimension));
        var mean = new double[3 * dimension];
        for (var t = 0; t < count; t++)
        {
            for (var m = 0; m < 3; m++)
            {
                if (!JointDensityModel.Matters(posteriors[t][m]))
                    continue;
                model.WriteConditionalMean(m, x[t], new double[3 * dimension], mean);
                for (var d = 0; d < mean.Length; d++)
                {
                    precisions[t][d] += posteriors[t][m] / model.ConditionalVariances(m)[d];
                    weighted[t][d] += posteriors[t][m] / model.ConditionalVariances(m)[d] * mean[d];
                }
            }
        }

        AssertDense(precisions, weighted, new TrajectoryMapper(model).Map(source));
    }

    [Theory]
    [MemberData(nameof(FrameCounts))]
    public void Solve_RandomPrecisions_IsTheDenseSolution(int count)
    {
        var (precisions, weighted) = RandomSystem(count, 3, 25);
        AssertDense(precisions, weighted, new TrajectorySystem(precisions, weighted).Solve());
    }

    [Theory]
    [MemberData(nameof(FrameCounts))]
    public void Gradient_AtTheSolution_IsZero(int count)
    {
        var (precisions, weighted) = RandomSystem(count, 2, 26);
        var system = new TrajectorySystem(precisions, weighted);
        var solution = system.Solve();
        var gradient = new double[count];
        for (var d = 0; d < 2; d++)
        {
            system.Gradient(d, solution.Column(d), gradient);
            Assert.All(gradient, value => Assert.Equal(0, value, 9));
        }
    }

    [Theory]
    [MemberData(nameof(FrameCounts))]
    public void Gradient_Anywhere_IsThatOfTheLogLikelihood(int count)
    {
        const int dimension = 2;
        var (precisions, weighted) = RandomSystem(count, dimension, 27);
        var system = new TrajectorySystem(precisions, weighted);
        var y = SmallModels.Normal(count, dimension, 28).ToBuffer();
        var gradient = new double[count];
        for (var d = 0; d < dimension; d++)
        {
            system.Gradient(d, y.Column(d), gradient);
            for (var t = 0; t < count; t++)
            {
                const double step = 1e-4;
                var center = y[t][d];
                y[t][d] = center + step;
                var above = LogLikelihood(precisions, weighted, y);
                y[t][d] = center - step;
                var below = LogLikelihood(precisions, weighted, y);
                y[t][d] = center;
                Assert.Equal((above - below) / (2 * step), gradient[t], 5);
            }
        }
    }

    /// <summary>(W y)^T P E - (W y)^T P (W y) / 2, with W y made by the delta windows themselves.</summary>
    private static double LogLikelihood(Frames precisions, Frames weighted, Frames y)
    {
        var features = DeltaWindow.Append(y);
        var sum = 0.0;
        for (var i = 0; i < features.Values.Length; i++)
            sum += features.Values[i] * (weighted.Values[i] - (0.5 * precisions.Values[i] * features.Values[i]));
        return sum;
    }

    private static (Frames Precisions, Frames Weighted) RandomSystem(int count, int dimension, int seed)
    {
        var precisions = SmallModels.Normal(count, 3 * dimension, seed).ToBuffer();
        for (var i = 0; i < precisions.Values.Length; i++)
            precisions.Values[i] = 0.2 + (precisions.Values[i] * precisions.Values[i]);
        return (precisions, SmallModels.Normal(count, 3 * dimension, seed + 100));
    }

    /// <summary>
    /// Compares with the solution of W^T P W y = W^T P E, where column t of W is what the delta windows make of a one in frame t.
    /// </summary>
    private static void AssertDense(Frames precisions, Frames weighted, Frames actual)
    {
        var (count, dimension) = (actual.Count, actual.Dimension);
        Assert.Equal((precisions.Count, precisions.Dimension), (count, 3 * dimension));
        var window = DenseMatrix.Create(3 * count, count, 0);
        for (var t = 0; t < count; t++)
        {
            var unit = new FrameBuffer(count, 1);
            unit[t][0] = 1;
            window.SetColumn(t, DeltaWindow.Append(unit).Values.ToArray());
        }

        for (var d = 0; d < dimension; d++)
        {
            var column = d;
            var precision = Vector<double>.Build.Dense(3 * count, i => precisions[i / 3][(i % 3 * dimension) + column]);
            var expected = Vector<double>.Build.Dense(3 * count, i => weighted[i / 3][(i % 3 * dimension) + column]);
            var left = window.TransposeThisAndMultiply(DenseMatrix.OfDiagonalVector(precision) * window);
            var solution = left.Solve(window.TransposeThisAndMultiply(expected));
            for (var t = 0; t < count; t++)
                Assert.Equal(solution[t], actual[t][d], 8);
        }
    }
}
