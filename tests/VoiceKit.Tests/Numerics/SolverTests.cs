using MathNet.Numerics.LinearAlgebra;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.Numerics;

public class SolverTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public void Cholesky_RandomMatrix_SolvesAsMathNet(int n)
    {
        var random = new Random(n);
        var root = Matrix<double>.Build.Dense(n, n, (_, _) => random.NextDouble() - 0.5);
        var matrix = (root * root.Transpose()) + Matrix<double>.Build.DenseIdentity(n);
        var right = Vector<double>.Build.Dense(n, _ => random.NextDouble());
        var factor = matrix.ToRowMajorArray();
        Assert.True(Cholesky.TryFactorize(factor, n));
        var solution = right.ToArray();
        Cholesky.Solve(factor, n, solution);
        var expected = matrix.Solve(right);
        for (var i = 0; i < n; i++)
            Assert.Equal(expected[i], solution[i], 1e-10);
        Assert.Equal(Math.Log(matrix.Determinant()), Cholesky.LogDeterminant(factor, n), 1e-9);
    }

    [Fact]
    public void Cholesky_Indefinite_IsRefused() => Assert.False(Cholesky.TryFactorize([1, 2, 2, 1], 2));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50)]
    public void BandedCholesky_RandomBand_SolvesAsDense(int n)
    {
        var random = new Random(n);
        var dense = Matrix<double>.Build.Dense(n, n);
        var bands = new double[n * 3];
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k <= Math.Min(2, i); k++)
            {
                var value = k == 0 ? 4 + random.NextDouble() : random.NextDouble() - 0.5;
                bands[(i * 3) + k] = value;
                dense[i, i - k] = dense[i - k, i] = value;
            }
        }

        var right = Vector<double>.Build.Dense(n, _ => random.NextDouble());
        var solution = right.ToArray();
        BandedCholesky.Solve(bands, 2, solution);
        var expected = dense.Solve(right);
        for (var i = 0; i < n; i++)
            Assert.Equal(expected[i], solution[i], 1e-12);
    }

    [Fact]
    public void BandedCholesky_Indefinite_Throws() => Assert.Throws<ArithmeticException>(() => BandedCholesky.Solve([-1.0, 0, 0], 2, [1.0]));

    [Fact]
    public void Normalize_LargeLogarithms_AreShares()
    {
        double[] values = [1000, 1000, double.NegativeInfinity];
        Assert.Equal(1000 + Math.Log(2), LogSumExp.Normalize(values), 1e-12);
        Assert.Equal([0.5, 0.5, 0], values);
        double[] nothing = [double.NegativeInfinity, double.NegativeInfinity];
        Assert.Equal(double.NegativeInfinity, LogSumExp.Normalize(nothing));
        Assert.Equal([0.5, 0.5], nothing);
    }

    [Fact]
    public void AtFrames_BeyondTheEnds_GoesStraightOn()
    {
        var result = new double[5];
        LinearInterpolation.AtFrames([1, 2, 3], [10, 20, 40], 1, result);
        Assert.Equal([0, 10, 20, 40, 60], result);
    }

    [Fact]
    public void Reductions_EveryLength_EqualTheLoop()
    {
        var random = new Random(5);
        for (var n = 0; n <= 257; n++)
        {
            var x = Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5).ToArray();
            var y = Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5).ToArray();
            Assert.Equal(x.Sum(), Reductions.Sum(x), 1e-12);
            Assert.Equal(x.Sum(value => value * value), Reductions.SumOfSquares(x), 1e-12);
            Assert.Equal(x.Zip(y, (a, b) => a * b).Sum(), Reductions.Dot(x, y), 1e-12);
            Assert.Equal(Math.Sqrt(x.Zip(y, (a, b) => (a - b) * (a - b)).Sum()), Reductions.Distance(x, y), 1e-12);
        }
    }

    [Fact]
    public void Reductions_AnyPlaceInMemory_AreTheSameBits()
    {
        var random = new Random(6);
        var values = Enumerable.Range(0, 1001).Select(_ => random.NextDouble() - 0.5).ToArray();
        var expected = Reductions.Dot(values, values);
        var buffer = new double[1010];
        for (var offset = 0; offset < 9; offset++)
        {
            values.CopyTo(buffer, offset);
            Assert.Equal(expected, Reductions.Dot(buffer.AsSpan(offset, 1001), buffer.AsSpan(offset, 1001)));
        }
    }

    [Fact]
    public void Frames_WrongShape_Throws()
    {
        Assert.Throws<ArgumentException>(() => new Frames(2, 3, new double[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Frames(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Frames(1, 0));
    }
}
