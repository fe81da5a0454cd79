namespace VoiceKit.Gpu.Kernels;

/// <summary>The sizes of an expectation step over a block of frames.</summary>
/// <param name="MixtureCount">The mixtures M.</param>
/// <param name="Dimension">The dimension D.</param>
/// <param name="FrameCount">The frames of the block.</param>
/// <param name="IsDiagonal">1 where the covariances are diagonal, so that each output has one input; else 0.</param>
/// <param name="FramesPerSlice">The frames of a slice, which one group adds up.</param>
internal readonly record struct MixtureSizes(int MixtureCount, int Dimension, int FrameCount, int IsDiagonal, int FramesPerSlice)
{
    /// <summary>The order of a matrix of moments: the dimensions, and a 1 that brings the first moments and the occupancy.</summary>
    public int MomentOrder => Dimension + 1;
}
