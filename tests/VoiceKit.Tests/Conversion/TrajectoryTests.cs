using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using VoiceKit.Cepstra;
using VoiceKit.Conversion;
using VoiceKit.Mixtures;
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
        var x = DeltaWindow.Append(source);
        var mapped = new FrameMapper(new JointDensityModel(joint)).Map(source);
        for (var t = 0; t < 2; t++)
        {
            var given = Given(joint, x[t]);
            var nearest = Array.IndexOf(given.Posteriors, given.Posteriors.Max());
            Assert.Equal(1, given.Posteriors[nearest], 12);
            Assert.Equal(given.Means[nearest][0], mapped[t][0], 9);
        }
    }

    [Theory]
    [MemberData(nameof(FrameCounts))]
    public void TrajectoryMapper_AnyLength_IsTheDenseSolution(int count)
    {
        const int dimension = 2;
        var joint = SmallModels.Mixture(3, 6 * dimension, 23);
        var source = SmallModels.Normal(count, dimension, 24);
        var x = DeltaWindow.Append(source);
        var (precisions, weighted) = (new FrameBuffer(count, 3 * dimension), new FrameBuffer(count, 3 * dimension));
        for (var t = 0; t < count; t++)
        {
            var given = Given(joint, x[t]);
            for (var m = 0; m < 3; m++)
            {
                // The mapper leaves out what cannot be heard.
                if (given.Posteriors[m] < 1e-6)
                    continue;
                for (var d = 0; d < 3 * dimension; d++)
                {
                    precisions[t][d] += given.Posteriors[m] / given.Variances[m][d];
                    weighted[t][d] += given.Posteriors[m] / given.Variances[m][d] * given.Means[m][d];
                }
            }
        }

        AssertDense(precisions, weighted, new TrajectoryMapper(new JointDensityModel(joint)).Map(source));
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

    /// <summary>
    /// What each mixture says of Y given x (Toda, Black, Tokuda 2007, eq. 9, 11 and 12), by dense matrices: nothing of the model's own.
    /// </summary>
    private static (double[] Posteriors, double[][] Means, double[][] Variances) Given(GaussianMixture joint, ReadOnlySpan<double> x)
    {
        var half = joint.Dimension / 2;
        var (frame, densities) = (Vector<double>.Build.DenseOfArray(x.ToArray()), new double[joint.MixtureCount]);
        var (means, variances) = (new double[joint.MixtureCount][], new double[joint.MixtureCount][]);
        for (var m = 0; m < joint.MixtureCount; m++)
        {
            var elements = joint.Covariance(m).ToArray();
            var covariance = DenseMatrix.Create(2 * half, 2 * half, (i, j) => elements[(i * 2 * half) + j]);
            var mean = Vector<double>.Build.DenseOfArray(joint.Means[m].ToArray());
            var xx = covariance.SubMatrix(0, half, 0, half);
            var regression = covariance.SubMatrix(half, half, 0, half) * xx.Inverse();
            var rest = frame - mean.SubVector(0, half);
            densities[m] = Math.Log(joint.Weights[m]) - (0.5 * (rest * (xx.Inverse() * rest))) - (0.5 * Math.Log(xx.Determinant()));
            means[m] = [.. mean.SubVector(half, half) + (regression * rest)];
            variances[m] =
            [
                .. (covariance.SubMatrix(half, half, half, half) - (regression * covariance.SubMatrix(0, half, half, half))).Diagonal(),
            ];
        }

        var relative = Array.ConvertAll(densities, density => Math.Exp(density - densities.Max()));
        return (Array.ConvertAll(relative, density => density / relative.Sum()), means, variances);
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
