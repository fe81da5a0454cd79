using MathNet.Numerics.LinearAlgebra;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Numerics;

public class CholeskyTests
{
    public static TheoryData<int> Orders => [1, 2, 3, 4, 5, 7, 8, 16, 33, 75];

    [Theory]
    [MemberData(nameof(Orders))]
    public void TryFactorize_PositiveDefinite_EqualsMathNet(int n)
    {
        var matrix = RandomMatrices.PositiveDefinite(n, n);
        var factor = matrix.ToRowMajorArray();
        Assert.True(Cholesky.TryFactorize(factor, n));

        var expected = matrix.Cholesky();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
                Assert.Equal(expected.Factor[i, j], factor[(i * n) + j], 1e-10);
        }

        Assert.Equal(expected.DeterminantLn, Cholesky.LogDeterminant(factor, n), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Solve_PositiveDefinite_GivesTheSolution(int n)
    {
        var matrix = RandomMatrices.PositiveDefinite(n, n + 100);
        var solution = RandomMatrices.Vector(n, n);
        var vector = (matrix * Vector<double>.Build.DenseOfArray(solution)).ToArray();
        var factor = matrix.ToRowMajorArray();
        Assert.True(Cholesky.TryFactorize(factor, n));
        Cholesky.Solve(factor, n, vector);
        Assert.All(solution.Zip(vector), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void TryFactorize_UpperTriangle_IsNotRead()
    {
        double[] matrix = [4, double.NaN, 2, 5];
        Assert.True(Cholesky.TryFactorize(matrix, 2));
        Assert.Equal([2.0, 1.0, 2.0], [matrix[0], matrix[2], matrix[3]]);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(-1, 0, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(double.NaN, 0, 1)]
    [InlineData(1, double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 0, 1)]
    public void TryFactorize_NotPositiveDefinite_IsFalse(double a, double b, double c) =>
        Assert.False(Cholesky.TryFactorize([a, b, b, c], 2));
}
