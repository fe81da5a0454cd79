using MathNet.Numerics.LinearAlgebra;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Numerics;

public class BandedCholeskyTests
{
    [Fact]
    public void Solve_EveryShape_EqualsDenseSolve()
    {
        for (var n = 1; n <= 14; n++)
        {
            for (var width = 0; width <= 5; width++)
            {
                var matrix = RandomMatrices.Banded(n, width, (17 * n) + width);
                var right = RandomMatrices.Vector(n, n);
                var expected = matrix.Solve(Vector<double>.Build.DenseOfArray(right));

                var bands = new double[n * (width + 1)];
                for (var i = 0; i < n; i++)
                {
                    for (var k = 0; k <= Math.Min(width, i); k++)
                        bands[(i * (width + 1)) + k] = matrix[i, i - k];
                }

                BandedCholesky.Solve(bands, width, right);
                Assert.All(expected.Zip(right), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
            }
        }
    }

    [Fact]
    public void Solve_NoUnknowns_DoesNothing() => BandedCholesky.Solve([], 2, []);

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(double.NaN)]
    public void Solve_NotPositiveDefinite_NamesTheRow(double pivot)
    {
        var error = Assert.Throws<ArithmeticException>(() => BandedCholesky.Solve(new[] { 1.0, 0, pivot, 0 }, 1, new double[2]));
        Assert.Contains("row 1", error.Message, StringComparison.Ordinal);
    }
}
