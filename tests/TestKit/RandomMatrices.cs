using MathNet.Numerics.LinearAlgebra;

namespace VoiceKit.Tests.TestKit;

/// <summary>Random matrices and vectors, the same for the same seed.</summary>
internal static class RandomMatrices
{
    public static double[] Vector(int n, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    /// <summary>B B^T / n + 0.1 I.</summary>
    public static Matrix<double> PositiveDefinite(int n, int seed)
    {
        var b = Matrix<double>.Build.DenseOfColumnMajor(n, n, Vector(n * n, seed));
        return (b * b.Transpose() / n) + (0.1 * Matrix<double>.Build.DenseIdentity(n));
    }

    /// <summary>A diagonally dominant symmetric matrix with <paramref name="width"/> sub-diagonals.</summary>
    public static Matrix<double> Banded(int n, int width, int seed)
    {
        var values = Vector(n * n, seed);
        return Matrix<double>.Build.Dense(
            n,
            n,
            (i, j) =>
                i == j ? (2 * width) + 1
                : Math.Abs(i - j) <= width ? values[(Math.Max(i, j) * n) + Math.Min(i, j)]
                : 0
        );
    }
}
