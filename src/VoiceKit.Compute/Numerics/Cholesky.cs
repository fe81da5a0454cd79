using System.Numerics.Tensors;

namespace VoiceKit.Numerics;

/// <summary>The Cholesky factorisation A = L L^T of symmetric positive definite matrices, stored row-major, in place.</summary>
internal static class Cholesky
{
    /// <summary>Replaces the lower triangle of A by L; false when A is not positive definite (its contents are then undefined).</summary>
    /// <param name="matrix">A, [n, n]; only its lower triangle is read and written.</param>
    /// <param name="n">The order.</param>
    public static bool TryFactorize(Span<double> matrix, int n)
    {
        for (var i = 0; i < n; i++)
        {
            var row = matrix.Slice(i * n, n);
            for (var j = 0; j <= i; j++)
            {
                var sum = row[j] - Reductions.Dot(row[..j], matrix.Slice(j * n, j));
                if (i > j)
                {
                    row[j] = sum / matrix[(j * n) + j];
                }
                else
                {
                    if (!(sum > 0) || double.IsInfinity(sum))
                        return false;
                    row[j] = Math.Sqrt(sum);
                }
            }
        }

        return true;
    }

    /// <summary>Solves L y = b in place.</summary>
    /// <param name="factor">L, [n, n].</param>
    /// <param name="n">The order.</param>
    /// <param name="vector">b, replaced by y.</param>
    public static void SolveLower(ReadOnlySpan<double> factor, int n, Span<double> vector)
    {
        for (var i = 0; i < n; i++)
            vector[i] = (vector[i] - Reductions.Dot(factor.Slice(i * n, i), vector[..i])) / factor[(i * n) + i];
    }

    /// <summary>Solves A x = b in place, with A = L L^T.</summary>
    /// <param name="factor">L, [n, n].</param>
    /// <param name="n">The order.</param>
    /// <param name="vector">b, replaced by x.</param>
    public static void Solve(ReadOnlySpan<double> factor, int n, Span<double> vector)
    {
        SolveLower(factor, n, vector);
        for (var i = n - 1; i >= 0; i--)
        {
            vector[i] /= factor[(i * n) + i];
            TensorPrimitives.MultiplyAdd(factor.Slice(i * n, i), -vector[i], vector[..i], vector);
        }
    }

    /// <summary>ln det A = 2 sum ln L[i, i].</summary>
    /// <param name="factor">L, [n, n].</param>
    /// <param name="n">The order.</param>
    public static double LogDeterminant(ReadOnlySpan<double> factor, int n)
    {
        var sum = 0.0;
        for (var i = 0; i < n; i++)
            sum += Math.Log(factor[(i * n) + i]);
        return 2 * sum;
    }
}

/// <summary>Solves symmetric positive definite systems with a narrow band: A x = b in O(n w^2).</summary>
internal static class BandedCholesky
{
    /// <summary>Factorises and solves in place.</summary>
    /// <param name="bands">The lower band of A: bands[i * (w + 1) + k] = A[i, i - k], k = 0 .. w; replaced by the factor.</param>
    /// <param name="width">The number of sub-diagonals w.</param>
    /// <param name="vector">b, replaced by x.</param>
    /// <exception cref="ArithmeticException">A is not positive definite.</exception>
    public static void Solve(Span<double> bands, int width, Span<double> vector)
    {
        var (n, stride) = (vector.Length, width + 1);
        for (var i = 0; i < n; i++)
        {
            for (var k = Math.Min(width, i); k >= 0; k--)
            {
                var j = i - k;
                var sum = bands[(i * stride) + k];
                for (var m = Math.Max(0, i - width); m < j; m++)
                    sum -= bands[(i * stride) + i - m] * bands[(j * stride) + j - m];
                if (k > 0)
                    bands[(i * stride) + k] = sum / bands[j * stride];
                else if (sum > 0)
                    bands[i * stride] = Math.Sqrt(sum);
                else
                    throw new ArithmeticException($"The banded matrix is not positive definite at row {i}.");
            }

            for (var k = 1; k <= Math.Min(width, i); k++)
                vector[i] -= bands[(i * stride) + k] * vector[i - k];
            vector[i] /= bands[i * stride];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = 1; k <= Math.Min(width, n - 1 - i); k++)
                vector[i] -= bands[((i + k) * stride) + k] * vector[i + k];
            vector[i] /= bands[i * stride];
        }
    }
}
