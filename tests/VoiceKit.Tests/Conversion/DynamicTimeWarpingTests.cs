using VoiceKit.Conversion;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Conversion;

public class DynamicTimeWarpingTests
{
    [Fact]
    public void Align_SmallRandomInputs_EqualsTheBestOfAllPaths()
    {
        for (var rows = 1; rows <= 5; rows++)
        {
            for (var columns = 1; columns <= 6; columns++)
            {
                var (source, target) = (Random(rows, 2, rows), Random(columns, 2, 50 + columns));
                var path = DynamicTimeWarping.Align(source, target);
                AssertIsPath(path, rows, columns);
                Assert.Equal(SmallestCost(source, target, 0, 0), path.MeanCost * path.Count, 1e-12);
                Assert.Equal(
                    path.MeanCost,
                    Enumerable.Range(0, path.Count).Average(k => Distance(source[path.Source[k]], target[path.Target[k]])),
                    1e-12
                );
            }
        }
    }

    [Fact]
    public void Align_EqualInputs_IsTheIdentity()
    {
        var frames = Random(40, 3, 1);
        var path = DynamicTimeWarping.Align(frames, frames);
        Assert.Equal(Enumerable.Range(0, 40), path.Source);
        Assert.Equal(Enumerable.Range(0, 40), path.Target);
        Assert.Equal(0, path.MeanCost);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(9, 1)]
    [InlineData(3, 200)]
    [InlineData(200, 3)]
    public void Align_UnequalLengths_IsAPathOfAllFrames(int rows, int columns) =>
        AssertIsPath(DynamicTimeWarping.Align(Random(rows, 2, 1), Random(columns, 2, 2)), rows, columns);

    [Fact]
    public void Align_StretchedInput_FindsTheStretch()
    {
        var source = new Frames(60, 1, [.. Enumerable.Range(0, 60).Select(t => (double)t * t)]);
        var target = source.Rows([.. Enumerable.Range(0, 120).Select(t => t / 2)]);
        var path = DynamicTimeWarping.Align(source, target);
        Assert.Equal(0, path.MeanCost);
        Assert.All(path.Source.Zip(path.Target), pair => Assert.Equal(pair.First, pair.Second / 2));
    }

    [Theory]
    [InlineData(300, 300)]
    [InlineData(300, 500)]
    [InlineData(500, 300)]
    [InlineData(100, 1000)]
    [InlineData(1000, 100)]
    [InlineData(2, 65)]
    [InlineData(300, 1)]
    public void Align_InABand_EndsAtTheCorners(int rows, int columns)
    {
        // A table of so few cells leaves the narrowest band, 64 columns.
        var path = DynamicTimeWarping.Align(Random(rows, 2, 3), Random(columns, 2, 4), 1);
        AssertIsPath(path, rows, columns);
        Assert.True(double.IsFinite(path.MeanCost));
    }

    [Fact]
    public void Align_InABandThatHoldsTheBestPath_EqualsTheCompleteSearch()
    {
        var source = Random(400, 2, 5);
        var target = source.Rows([.. Enumerable.Range(0, 400).Select(t => Math.Clamp(t + (int)(10 * Math.Sin(t / 30.0)), 0, 399))]);
        var complete = DynamicTimeWarping.Align(source, target);
        var banded = DynamicTimeWarping.Align(source, target, 400 * 80);
        AssertIsPath(banded, 400, 400);
        Assert.Equal(complete.MeanCost * complete.Count, banded.MeanCost * banded.Count, 1e-9);
    }

    [Fact]
    public void Align_NothingToAlign_Throws()
    {
        Assert.Throws<ArgumentException>(() => DynamicTimeWarping.Align(new FrameBuffer(0, 1), new FrameBuffer(1, 1)));
        Assert.Throws<ArgumentException>(() => DynamicTimeWarping.Align(new FrameBuffer(1, 1), new FrameBuffer(0, 1)));
        Assert.Throws<ArgumentException>(() => DynamicTimeWarping.Align(new FrameBuffer(1, 1), new FrameBuffer(1, 2)));
        Assert.Throws<ArgumentNullException>(() => DynamicTimeWarping.Align(null!, new FrameBuffer(1, 1)));
    }

    private static void AssertIsPath(WarpingPath path, int rows, int columns)
    {
        Assert.Equal(path.Count, path.Target.Count);
        Assert.Equal((0, 0), (path.Source[0], path.Target[0]));
        Assert.Equal((rows - 1, columns - 1), (path.Source[^1], path.Target[^1]));
        for (var k = 1; k < path.Count; k++)
        {
            var step = (path.Source[k] - path.Source[k - 1], path.Target[k] - path.Target[k - 1]);
            Assert.True(step is (1, 0) or (0, 1) or (1, 1), $"step {step} at pair {k}");
        }
    }

    /// <summary>The cost of the best path from (i, j) to the end, by trying all.</summary>
    private static double SmallestCost(Frames source, Frames target, int i, int j)
    {
        var rest = double.PositiveInfinity;
        if (i + 1 < source.Count)
            rest = Math.Min(rest, SmallestCost(source, target, i + 1, j));
        if (j + 1 < target.Count)
            rest = Math.Min(rest, SmallestCost(source, target, i, j + 1));
        if (i + 1 < source.Count && j + 1 < target.Count)
            rest = Math.Min(rest, SmallestCost(source, target, i + 1, j + 1));
        return Distance(source[i], target[j]) + (double.IsInfinity(rest) ? 0 : rest);
    }

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var d = 0; d < a.Length; d++)
            sum += (a[d] - b[d]) * (a[d] - b[d]);
        return Math.Sqrt(sum);
    }

    private static Frames Random(int count, int dimension, int seed) =>
        new(count, dimension, RandomMatrices.Vector(count * dimension, seed));
}
