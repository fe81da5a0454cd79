using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Gpu;

/// <summary>A mixture as a device evaluates it: ln w[m] N(x; m) = constants[m] - |W[m] (x - mean[m])|^2 / 2.</summary>
internal sealed class WhitenedMixture
{
    /// <summary>Factorises the covariances.</summary>
    /// <exception cref="ArithmeticException">A covariance is not positive definite.</exception>
    public WhitenedMixture(GaussianMixture mixture)
    {
        var (count, dimension) = (mixture.MixtureCount, mixture.Dimension);
        var groups = CovarianceGroups.Of(mixture.Structure, dimension);
        Whitening = new double[checked(count * dimension * dimension)];
        Constants = new double[count];
        Parallel.For(0, count, m =>
        {
            var logDeterminant = 0.0;
            foreach (var group in groups)
                logDeterminant += Whiten(mixture.Covariance(m), group, Whitening.AsSpan(m * dimension * dimension, dimension * dimension), dimension);
            Constants[m] = Math.Log(mixture.Weights[m]) - (0.5 * ((dimension * Math.Log(2 * Math.PI)) + logDeterminant));
        });

        // A parallel loop would wrap the exception of one mixture.
        if (Array.Exists(Constants, double.IsNaN))
            throw MixtureEvaluator.NotPositiveDefinite();
    }

    /// <summary>W, [M, D, D]: the inverses of the lower Cholesky factors, with zeros between what the structure leaves independent.</summary>
    public double[] Whitening { get; }

    /// <summary>[M].</summary>
    public double[] Constants { get; }

    /// <summary>Writes the inverse of the factor of one group of dimensions, and returns ln det of the group's covariance; undefined where it is not positive definite.</summary>
    private static double Whiten(ReadOnlySpan<double> covariance, int[] group, Span<double> whitening, int dimension)
    {
        if (MixtureEvaluator.TryFactorize(covariance, group, dimension) is not { } factor)
            return double.NaN;
        var n = group.Length;
        var column = new double[n];
        for (var j = 0; j < n; j++)
        {
            // Column j of the inverse solves L y = e[j]; it begins at row j.
            Array.Clear(column);
            column[j] = 1;
            Cholesky.SolveLower(factor, n, column);
            for (var i = j; i < n; i++)
                whitening[(group[i] * dimension) + group[j]] = column[i];
        }

        return Cholesky.LogDeterminant(factor, n);
    }
}
