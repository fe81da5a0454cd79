using VoiceKit.Clusters;

namespace VoiceKit.Tests.Clusters;

public class FrameBlocksTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(511, 4, 1)]
    [InlineData(512, 1, 2)]
    [InlineData(512, 4, 2)]
    [InlineData(10_000, 4, 8)]
    [InlineData(10_001, 3, 6)]
    [InlineData(10_001, 1000, 39)]
    [InlineData(int.MaxValue, 10_000, 20_000)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue / 256)]
    public void Cut_AnyCounts_CoversAllFramesOnceInNearlyEqualBlocks(int frameCount, int shards, int expectedBlocks)
    {
        var blocks = FrameBlocks.Cut(frameCount, shards);
        Assert.Equal(expectedBlocks, blocks.Count);
        var next = 0L;
        foreach (var (start, count) in blocks)
        {
            Assert.Equal(next, start);
            next += count;
        }

        Assert.Equal(frameCount, next);
        Assert.InRange(blocks.Max(block => block.Count) - blocks.Min(block => block.Count), 0, 1);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(1, 0)]
    public void Cut_NothingToCut_Throws(int frameCount, int shards) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameBlocks.Cut(frameCount, shards));
}
