using ILGPU;

namespace VoiceKit.Gpu.Kernels;

/// <summary>One index of a matrix, decomposed once and used for many elements. Negative numbers in the first place say: outside.</summary>
internal readonly struct Cursor(int place, int down, int across)
{
    public int Place => place;

    public int Down => down;

    public int Across => across;

    public static Cursor Outside => new(-1, 0, 0);
}

/// <summary>
/// An operand of a product: a matrix by its outer index - the left one's row, the right one's column - and the inner one that is summed over.
/// </summary>
internal interface IProductOperand
{
    /// <summary>Whether neighbours along the inner index lie side by side in memory: neighbouring threads read them together.</summary>
    bool InnerIsDense { get; }

    /// <summary>Where an outer index leads, in a slice.</summary>
    Cursor Outer(int slice, int index);

    /// <summary>Where an inner index leads.</summary>
    Cursor Inner(int index);

    /// <summary>An element; zero outside the matrix.</summary>
    float Read(ArrayView<float> values, Cursor outer, Cursor inner);
}

/// <summary>Where a product's elements go.</summary>
internal interface IProductTarget
{
    /// <summary>The place of an element, negative for none.</summary>
    int Place(int slice, int row, int column);
}

/// <summary>A matrix in memory, or several one after the other: the slices.</summary>
internal readonly struct MatrixOperand(int outerCount, int innerCount, int outerStride, int innerStride, int sliceStride) : IProductOperand
{
    public bool InnerIsDense => innerStride == 1;

    public Cursor Outer(int slice, int index) => index < outerCount ? new Cursor((slice * sliceStride) + (index * outerStride), 0, 0) : Cursor.Outside;

    public Cursor Inner(int index) => index < innerCount ? new Cursor(index * innerStride, 0, 0) : Cursor.Outside;

    public float Read(ArrayView<float> values, Cursor outer, Cursor inner) =>
        outer.Place < 0 || inner.Place < 0 ? 0 : values[outer.Place + inner.Place];
}

/// <summary>Another operand with outer and inner index exchanged. It has no slices.</summary>
internal readonly struct TransposedOperand<TOperand>(TOperand operand) : IProductOperand
    where TOperand : unmanaged, IProductOperand
{
    public bool InnerIsDense => !operand.InnerIsDense;

    public Cursor Outer(int slice, int index) => operand.Inner(index);

    public Cursor Inner(int index) => operand.Outer(0, index);

    public float Read(ArrayView<float> values, Cursor outer, Cursor inner) => operand.Read(values, inner, outer);
}

/// <summary>Row-major matrices one after the other.</summary>
internal readonly struct MatrixTarget(int rows, int columns) : IProductTarget
{
    public int Place(int slice, int row, int column) => row < rows && column < columns ? (((slice * rows) + row) * columns) + column : -1;
}
