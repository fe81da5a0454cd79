namespace VoiceKit.Gpu.Kernels;

/// <summary>The tiles of products in double precision: each thread holds a block of 4 x 4.</summary>
internal static class DoubleTile
{
    public const int Block = 4, PitchPadding = 4;

    /// <summary>Two slabs of both operands for the largest edge of 16: 8 rows of 64 with their padding.</summary>
    public const int MostShared = 2 * 2 * 8 * ((16 * Block) + PitchPadding);
}
