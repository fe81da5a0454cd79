namespace VoiceKit.Devices;

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
            new MatrixRows(destination, product.Rows, product.Columns)
        );
    }
}

/// <summary>A product of row-major matrices, destination[r, c] = sum over k of A[r, k] B[k, c].</summary>
/// <param name="Rows">The rows of A and of the destination.</param>
/// <param name="Inner">The columns of A and rows of B; with none the product is zero.</param>
/// <param name="Columns">The columns of B and of the destination.</param>
/// <param name="TransposeLeft">Whether A is stored as [Inner, Rows].</param>
/// <param name="TransposeRight">Whether B is stored as [Columns, Inner].</param>
/// <param name="Accumulate">Whether to add to what the destination has.</param>
/// <param name="BatchCount">How many products lie one after the other in all three.</param>
public readonly record struct MatrixProduct(
    int Rows,
    int Inner,
    int Columns,
    bool TransposeLeft = false,
    bool TransposeRight = false,
    bool Accumulate = false,
    int BatchCount = 1
);
