using VoiceKit.Alignment;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.Alignment;

public class DynamicTimeWarpingTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(9, 1)]
    [InlineData(4, 6)]
    [InlineData(7, 5)]
    public void Align_RandomSequences_IsMonotoneAndOptimal(int rows, int columns)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (source, target) = (Random(rows, seed), Random(columns, seed + 100));
            var path = DynamicTimeWarping.Align(source, target);
            Assert.Equal((0, 0), (path.Source[0], path.Target[0]));
            Assert.Equal((rows - 1, columns - 1), (path.Source[^1], path.Target[^1]));
            for (var i = 1; i < path.Count; i++)
            {
                var step = (path.Source[i] - path.Source[i - 1], path.Target[i] - path.Target[i - 1]);
                Assert.Contains(step, new[] { (1, 0), (0, 1), (1, 1) });
            }

            Assert.Equal(BruteForce(source, target, rows - 1, columns - 1), path.MeanCost * path.Count, 1e-9);
        }
    }

    [Fact]
    public void Align_EqualSequences_IsTheDiagonal()
    {
        var sequence = Random(30, 1);
        var path = DynamicTimeWarping.Align(sequence, sequence);
        Assert.Equal(Enumerable.Range(0, 30), path.Source);
        Assert.Equal(Enumerable.Range(0, 30), path.Target);
        Assert.Equal(0, path.MeanCost);
    }

    [Fact]
    public void Align_LongSequences_EndsAtTheCorners()
    {
        // 14,000 x 14,000 cells are more than the table may have: a band is searched.
        var (source, target) = (Random(14000, 1), Random(14000, 2));
        var path = DynamicTimeWarping.Align(source, target);
        Assert.Equal((0, 0), (path.Source[0], path.Target[0]));
        Assert.Equal((13999, 13999), (path.Source[^1], path.Target[^1]));
    }

    [Fact]
    public void Align_NoFrames_Throws() => Assert.Throws<ArgumentException>(() => DynamicTimeWarping.Align(new Frames(0, 2), Random(3, 1)));

    private static Frames Random(int count, int seed)
    {
        var random = new Random(seed);
        return new Frames(count, 2, [.. Enumerable.Range(0, 2 * count).Select(_ => random.NextDouble())]);
    }

    private static double BruteForce(Frames source, Frames target, int i, int j)
    {
        var cost = Reductions.Distance(source[i], target[j]);
        if (i == 0 && j == 0)
            return cost;
        var best = double.PositiveInfinity;
        if (i > 0)
            best = Math.Min(best, BruteForce(source, target, i - 1, j));
        if (j > 0)
            best = Math.Min(best, BruteForce(source, target, i, j - 1));
        if (i > 0 && j > 0)
            best = Math.Min(best, BruteForce(source, target, i - 1, j - 1));
        return cost + best;
    }
}
