namespace VoiceKit.Clusters;

/// <summary>Cuts frames into contiguous blocks, the parts of work that shards take. The cut depends on the two counts alone.</summary>
public static class FrameBlocks
{
    /// <summary>The fewest frames that a block has: reading and adding up a smaller block's statistics costs more than collecting them.</summary>
    public const int Fewest = 256;

    // Two a shard: a shard that is late costs half of its share, and what statistics are read and added up stays small.
    private const int BlocksPerShard = 2;

    /// <summary>Returns each block's first frame and number of frames; the numbers differ by at most one.</summary>
    /// <param name="frameCount">The number of frames T, at least 1.</param>
    /// <param name="shards">How many processes share the work, at least 1.</param>
    public static IReadOnlyList<(int Start, int Count)> Cut(int frameCount, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        var blockCount = (int)Math.Clamp((long)BlocksPerShard * shards, 1, Math.Max(1, frameCount / Fewest));
        int Start(int block) => (int)((long)frameCount * block / blockCount);
        return [.. Enumerable.Range(0, blockCount).Select(block => (Start(block), Start(block + 1) - Start(block)))];
    }
}
