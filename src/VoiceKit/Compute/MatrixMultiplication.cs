namespace VoiceKit.Compute;

/// <summary>Products of single-precision matrices. One call at a time.</summary>
internal sealed unsafe class MatrixMultiplication(WorkerPool workers)
{
    private readonly BlockedProduct<MatrixRows, MatrixRows, MatrixRows> blocked = new(workers, new PanelScratch(workers.ThreadCount));

    /// <summary>Multiplies; the destination must not overlap a and b.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public void Multiply(in MatrixProduct product, float* a, float* b, float* destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(product.Rows);
        ArgumentOutOfRangeException.ThrowIfNegative(product.Inner);
        ArgumentOutOfRangeException.ThrowIfNegative(product.Columns);
        ArgumentOutOfRangeException.ThrowIfNegative(product.BatchCount);
        blocked.Run(
            product,
            product.TransposeLeft ? new MatrixRows(a, product.Inner, product.Rows) : new MatrixRows(a, product.Rows, product.Inner),
            product.TransposeRight ? new MatrixRows(b, product.Columns, product.Inner) : new MatrixRows(b, product.Inner, product.Columns),
            new MatrixRows(destination, product.Rows, product.Columns));
    }
}
