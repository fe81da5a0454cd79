using MathNet.Numerics.LinearAlgebra;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.TestKit;

/// <summary>Mixtures, and frames drawn from them, the same for the same seed.</summary>
internal static class DrawnClusters
{
    /// <summary>A mixture of random weights, means and full covariance matrices.</summary>
    public static GaussianMixture Random(int mixtureCount, int dimension, CovarianceStructure structure, int seed)
    {
        var weights = RandomMatrices.Vector(mixtureCount, seed).Select(x => 1.5 + x).ToArray();
        weights = [.. weights.Select(x => x / weights.Sum())];
        var means = new Frames(mixtureCount, dimension, [.. RandomMatrices.Vector(mixtureCount * dimension, seed + 1).Select(x => 3 * x)]);
        var covariances = Enumerable
            .Range(0, mixtureCount)
            .Select(m => RandomMatrices.PositiveDefinite(dimension, seed + 2 + m).ToRowMajorArray())
            .ToArray();
        return new GaussianMixture(weights, means, covariances, structure);
    }

    /// <summary>Draws frames: mixture 0 first, then mixture 1, ..., in numbers in proportion to the weights.</summary>
    public static Frames Draw(GaussianMixture mixture, int count)
    {
        var noise = new NormalNoise();
        var values = new List<double>();
        for (var m = 0; m < mixture.MixtureCount; m++)
        {
            var factor = Covariance(mixture, m).Cholesky().Factor;
            for (var t = 0; t < (int)Math.Round(count * mixture.Weights[m]); t++)
            {
                var draw = factor * Vector<double>.Build.Dense(mixture.Dimension, _ => noise.Next());
                for (var d = 0; d < mixture.Dimension; d++)
                    values.Add(mixture.Means[m][d] + draw[d]);
            }
        }

        return new Frames(values.Count / mixture.Dimension, mixture.Dimension, [.. values]);
    }

    /// <summary>ln w[m] N(x; m) from the definition, with the elements that the structure leaves out as 0.</summary>
    public static double LogDensity(GaussianMixture mixture, int m, ReadOnlySpan<double> frame)
    {
        var covariance = Covariance(mixture, m);
        var difference = Vector<double>.Build.DenseOfArray(frame.ToArray()) - Vector<double>.Build.DenseOfArray(mixture.Means[m].ToArray());
        var distance = difference * covariance.Inverse() * difference;
        return Math.Log(mixture.Weights[m])
            - (0.5 * ((mixture.Dimension * Math.Log(2 * Math.PI)) + Math.Log(covariance.Determinant()) + distance));
    }

    private static Matrix<double> Covariance(GaussianMixture mixture, int m)
    {
        var (n, covariance) = (mixture.Dimension, mixture.Covariance(m).ToArray());
        return Matrix<double>.Build.Dense(
            n,
            n,
            (i, j) =>
                i == j
                || mixture.Structure switch
                {
                    CovarianceStructure.Full => true,
                    CovarianceStructure.BlockDiagonal => Math.Abs(i - j) == n / 2,
                    _ => false,
                }
                    ? covariance[(i * n) + j]
                    : 0
        );
    }
}
