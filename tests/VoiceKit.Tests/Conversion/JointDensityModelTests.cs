using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using VoiceKit.Conversion;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Conversion;

public class JointDensityModelTests
{
    [Fact]
    public void WriteConditionalMean_FullCovariances_IsTheTextbookRegression()
    {
        const int sourceDimension = 4;
        const int targetDimension = 6;
        var joint = SmallModels.Mixture(3, sourceDimension + targetDimension, 5);
        var model = new JointDensityModel(joint, sourceDimension);
        var x = Vector<double>.Build.Dense(SmallModels.Normal(1, sourceDimension, 6).Values.ToArray());
        var mean = new double[targetDimension];
        for (var m = 0; m < 3; m++)
        {
            model.WriteConditionalMean(m, x.AsArray(), new double[sourceDimension], mean);
            var expected =
                Regression(joint, m, sourceDimension) * (x - Mean(joint, m, 0, sourceDimension))
                + Mean(joint, m, sourceDimension, targetDimension);
            for (var i = 0; i < targetDimension; i++)
                Assert.Equal(expected[i], mean[i], 10);
        }
    }

    [Fact]
    public void ConditionalVariances_FullCovariances_AreTheDiagonalOfTheSchurComplement()
    {
        const int sourceDimension = 5;
        var joint = SmallModels.Mixture(2, 11, 7);
        var model = new JointDensityModel(joint, sourceDimension);
        for (var m = 0; m < 2; m++)
        {
            var covariance = Covariance(joint, m);
            var crossed = covariance.SubMatrix(0, sourceDimension, sourceDimension, 6);
            var expected = covariance.SubMatrix(sourceDimension, 6, sourceDimension, 6) - (Regression(joint, m, sourceDimension) * crossed);
            for (var i = 0; i < 6; i++)
                Assert.Equal(expected[i, i], model.ConditionalVariances(m)[i], 10);
        }
    }

    [Fact]
    public void ForEachMixture_FitToSamples_IsLeastSquares()
    {
        // y = b + B x + noise: the regression of a single Gaussian with the sample's moments is ordinary least squares.
        const int count = 500;
        var x = SmallModels.Normal(count, 3, 8);
        var noise = SmallModels.Normal(count, 3, 9);
        var joined = new FrameBuffer(count, 6);
        for (var t = 0; t < count; t++)
        {
            x[t].CopyTo(joined[t]);
            for (var i = 0; i < 3; i++)
                joined[t][3 + i] = i + 1 + (0.7 * x[t][i]) - (0.4 * x[t][(i + 1) % 3]) + (0.3 * noise[t][i]);
        }

        var fit = ExpectationMaximization.Fit(joined, new MixtureOptions { MixtureCount = 1, VarianceFloor = 0 });
        var design = DenseMatrix.Create(count, 4, (t, j) => j == 0 ? 1 : x[t][j - 1]);
        double[] probe = [0.3, -1.1, 2.0];
        var mean = new double[3];
        new JointDensityModel(fit).WriteConditionalMean(0, probe, new double[3], mean);
        for (var i = 0; i < 3; i++)
        {
            var coefficients = design.QR().Solve(Vector<double>.Build.Dense(joined.Column(3 + i)));
            var expected = coefficients[0] + Enumerable.Range(0, 3).Sum(j => coefficients[j + 1] * probe[j]);
            Assert.Equal(expected, mean[i], 8);
        }
    }

    [Fact]
    public void Posteriors_TwoMixtures_IsBayesRuleOverTheSource()
    {
        var joint = SmallModels.Mixture(2, 6, 10);
        var x = SmallModels.Normal(4, 3, 11);
        var posteriors = new JointDensityModel(joint).Posteriors(x);
        for (var t = 0; t < x.Count; t++)
        {
            double[] densities = [Density(joint, 0, x[t]), Density(joint, 1, x[t])];
            Assert.Equal(densities[0] / densities.Sum(), posteriors[t][0], 10);
        }
    }

    [Fact]
    public void Constructor_SourceCovarianceNotPositiveDefinite_Throws()
    {
        var covariance = new double[36];
        for (var i = 0; i < 6; i++)
            covariance[7 * i] = i == 1 ? -1 : 1;
        var joint = new GaussianMixture([1], new FrameBuffer(1, 6), [covariance], CovarianceStructure.Full);
        var exception = Assert.ThrowsAny<Exception>(() => new JointDensityModel(joint));
        Assert.Contains("positive definite", exception.ToString(), StringComparison.Ordinal);
    }

    private static double Density(GaussianMixture joint, int m, ReadOnlySpan<double> x)
    {
        var covariance = Covariance(joint, m).SubMatrix(0, 3, 0, 3);
        var difference = Vector<double>.Build.Dense(x.ToArray()) - Mean(joint, m, 0, 3);
        return joint.Weights[m]
            * Math.Exp(-0.5 * difference.DotProduct(covariance.Inverse() * difference))
            / Math.Sqrt(covariance.Determinant());
    }

    private static Matrix<double> Covariance(GaussianMixture joint, int m)
    {
        var values = joint.Covariance(m).ToArray();
        return DenseMatrix.Create(joint.Dimension, joint.Dimension, (i, j) => values[(i * joint.Dimension) + j]);
    }

    private static Vector<double> Mean(GaussianMixture joint, int m, int start, int length) =>
        Vector<double>.Build.Dense(joint.Means[m].Slice(start, length).ToArray());

    private static Matrix<double> Regression(GaussianMixture joint, int m, int n)
    {
        var covariance = Covariance(joint, m);
        return covariance.SubMatrix(n, joint.Dimension - n, 0, n) * covariance.SubMatrix(0, n, 0, n).Inverse();
    }
}
