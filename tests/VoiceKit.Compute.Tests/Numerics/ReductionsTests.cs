using VoiceKit.Numerics;

namespace VoiceKit.Tests.Numerics;

public class ReductionsTests
{
    [Fact]
    public void Sums_EveryLength_EqualTheLoop()
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
    public void Dot_AnyPlaceInMemory_IsTheSameBits()
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
}
