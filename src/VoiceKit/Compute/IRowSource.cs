namespace VoiceKit.Compute;

/// <summary>A matrix of which a product reads rows, or parts of them; it may exist as a rule only, such as the patches of a convolution.</summary>
internal unsafe interface IRowSource
{
    /// <summary>The distance from a row to the next where all rows lie in memory as they are; else 0.</summary>
    nint Stride { get; }

    /// <summary>Where part of a row lies.</summary>
    /// <param name="batch">Which matrix of a batch.</param>
    /// <param name="row">The row.</param>
    /// <param name="first">Its first column that is wanted.</param>
    /// <param name="count">How many columns are.</param>
    /// <param name="space">Room for them, which is used where they do not lie in memory one after the other.</param>
    float* Row(int batch, int row, int first, int count, float* space);
}

/// <summary>The place of a product's rows.</summary>
internal unsafe interface IRowTarget
{
    /// <summary>Where a row begins.</summary>
    float* Row(int batch, int row);
}

/// <summary>Matrices that lie in memory row by row, one after the other.</summary>
internal readonly unsafe struct MatrixRows(float* data, int rows, int columns) : IRowSource, IRowTarget
{
    private readonly nint batchStride = (nint)rows * columns;

    public nint Stride { get; } = columns;

    public float* Row(int batch, int row, int first, int count, float* space) => Row(batch, row) + first;

    public float* Row(int batch, int row) => data + (batch * batchStride) + (row * Stride);
}
