namespace VoiceKit.Numerics;

/// <summary>Solves symmetric positive definite systems with a narrow band: A x = b in O(n w^2).</summary>
public static class BandedCholesky
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
