using ILGPU;
using VoiceKit.Devices;

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
/// An operand of a product: a matrix by its outer index - the left one's row, the right one's column - and the inner one that is summed
/// over.
/// </summary>
internal interface IProductOperand
{
    /// <summary>Whether neighbours along the inner index lie side by side in memory: neighbouring threads read them together.</summary>
    bool InnerIsDense { get; }

    /// <summary>The offset of an outer index, in a slice.</summary>
    Cursor Outer(int slice, int index);

    /// <summary>The offset of an inner index.</summary>
    Cursor Inner(int index);

    /// <summary>An element; zero outside the matrix.</summary>
    float Read(ArrayView<float> values, Cursor outer, Cursor inner);
}

/// <summary>The destination of a product's elements.</summary>
internal interface IProductTarget
{
    /// <summary>The place of an element, negative for none.</summary>
    int Place(int slice, int row, int column);
}

/// <summary>A matrix in memory, or several one after the other: the slices.</summary>
internal readonly struct MatrixOperand(int outerCount, int innerCount, int outerStride, int innerStride, int sliceStride) : IProductOperand
{
    public bool InnerIsDense => innerStride == 1;

    public Cursor Outer(int slice, int index) =>
        index < outerCount ? new Cursor((slice * sliceStride) + (index * outerStride), 0, 0) : Cursor.Outside;

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

/// <summary>
/// The patches of channels-last maps as a matrix that is never made: a row for each place of the kernel, in it for each of the kernel's
/// taps all channels.
/// </summary>
internal readonly struct PatchOperand(int batch, int height, int width, int channels, Divider perTap, PatchAxis down, PatchAxis across)
    : IProductOperand
{
    private readonly int places = batch * down.Places * across.Places,
        innerCount = down.Kernel * across.Kernel * channels;
    private readonly Divider perTap = perTap,
        perLine = new(Math.Max(1, across.Kernel));

    public bool InnerIsDense => true;

    public Cursor Outer(int slice, int index)
    {
        if (index >= places)
            return Cursor.Outside;
        var line = index / across.Places;
        var map = line / down.Places;
        var y = ((line - (map * down.Places)) * down.Step) + down.Origin;
        return new Cursor(map * height * width, y, ((index - (line * across.Places)) * across.Step) + across.Origin);
    }

    public Cursor Inner(int index)
    {
        if (index >= innerCount)
            return Cursor.Outside;
        var tap = perTap.Quotient(index);
        var y = perLine.Quotient(tap);
        return new Cursor(index - (tap * channels), y, tap - (y * across.Kernel));
    }

    public float Read(ArrayView<float> values, Cursor outer, Cursor inner)
    {
        var (y, x) = (outer.Down + inner.Down, outer.Across + inner.Across);
        var isInside = outer.Place >= 0 && inner.Place >= 0 && y >= 0 && y < height && x >= 0 && x < width;
        return isInside ? values[((outer.Place + (y * width) + x) * channels) + inner.Place] : 0;
    }
}

/// <summary>
/// The weights that reach the inputs of one phase of the stride, a column for each input channel: in it the taps in reverse, in each the
/// output channels.
/// </summary>
internal readonly struct TapOperand(
    int inputChannels,
    int outputChannels,
    Divider perTap,
    int kernelWidth,
    StridePhase down,
    StridePhase across
) : IProductOperand
{
    private readonly int lastDown = down.LastTap,
        lastAcross = across.LastTap,
        strideDown = down.Stride,
        strideAcross = across.Stride,
        tapsAcross = across.Outputs.Kernel;
    private readonly Divider perTap = perTap,
        perLine = new(Math.Max(1, across.Outputs.Kernel));
    private readonly int innerCount = down.Outputs.Kernel * across.Outputs.Kernel * outputChannels;

    public bool InnerIsDense => true;

    public Cursor Outer(int slice, int index) => index < inputChannels ? new Cursor(index * outputChannels, 0, 0) : Cursor.Outside;

    public Cursor Inner(int index)
    {
        if (index >= innerCount)
            return Cursor.Outside;
        var tap = perTap.Quotient(index);
        var i = perLine.Quotient(tap);
        var j = tap - (i * tapsAcross);
        var kernel = ((lastDown - (i * strideDown)) * kernelWidth) + lastAcross - (j * strideAcross);
        return new Cursor((kernel * inputChannels * outputChannels) + index - (tap * outputChannels), 0, 0);
    }

    public float Read(ArrayView<float> values, Cursor outer, Cursor inner) =>
        outer.Place < 0 || inner.Place < 0 ? 0 : values[outer.Place + inner.Place];
}

/// <summary>The places of a phase's inputs in the input's gradient.</summary>
internal readonly struct PhaseTarget(int batch, int height, int width, int channels, StridePhase down, StridePhase across) : IProductTarget
{
    private readonly int rows = batch * down.Outputs.Places * across.Outputs.Places,
        placesDown = down.Outputs.Places,
        placesAcross = across.Outputs.Places;
    private readonly int strideDown = down.Stride,
        strideAcross = across.Stride,
        firstDown = down.Remainder,
        firstAcross = across.Remainder;

    public int Place(int slice, int row, int column)
    {
        if (row >= rows || column >= channels)
            return -1;
        var line = row / placesAcross;
        var map = line / placesDown;
        var y = (map * height) + firstDown + ((line - (map * placesDown)) * strideDown);
        return (((y * width) + firstAcross + ((row - (line * placesAcross)) * strideAcross)) * channels) + column;
    }
}

/// <summary>
/// The products that a transposed convolution is made of, one for each phase of the stride: the inputs that are alike modulo the stride,
/// down and across, are reached by the same taps.
/// </summary>
internal readonly struct PhaseProducts(ConvolutionShape shape)
{
    private readonly int batch = shape.Batch,
        inputChannels = shape.InputChannels,
        outputChannels = shape.OutputChannels;
    private readonly Divider perTap = new(shape.OutputChannels);
    private readonly int height = shape.Height,
        kernelHeight = shape.KernelHeight,
        strideHeight = shape.StrideHeight,
        paddingHeight = shape.PaddingHeight,
        outputHeight = shape.OutputHeight;
    private readonly int width = shape.Width,
        kernelWidth = shape.KernelWidth,
        strideWidth = shape.StrideWidth,
        paddingWidth = shape.PaddingWidth,
        outputWidth = shape.OutputWidth;

    /// <summary>Gets how many there are.</summary>
    public int Count => Math.Min(strideHeight, height) * CountAcross;

    private int CountAcross => Math.Min(strideWidth, width);

    public StridePhase Down(int phase) => StridePhase.For(phase / CountAcross, strideHeight, height, kernelHeight, paddingHeight);

    public StridePhase Across(int phase) => StridePhase.For(phase % CountAcross, strideWidth, width, kernelWidth, paddingWidth);

    /// <summary>The rows of a phase's product: its inputs.</summary>
    public int Rows(StridePhase down, StridePhase across) => batch * down.Outputs.Places * across.Outputs.Places;

    /// <summary>The terms of a phase's sums; none where the taps pass its inputs by.</summary>
    public int Inner(StridePhase down, StridePhase across) => down.Outputs.Kernel * across.Outputs.Kernel * outputChannels;

    public PatchOperand Patches(StridePhase down, StridePhase across) =>
        new(batch, outputHeight, outputWidth, outputChannels, perTap, down.Outputs, across.Outputs);

    public TapOperand Taps(StridePhase down, StridePhase across) => new(inputChannels, outputChannels, perTap, kernelWidth, down, across);

    public PhaseTarget Target(StridePhase down, StridePhase across) => new(batch, height, width, inputChannels, down, across);
}

/// <summary>
/// Divides non-negative integers by a divisor that many divisions share: a multiplication and a shift, as a GPU has no division of integers
/// (Granlund and Montgomery 1994, theorem 4.2).
/// </summary>
internal readonly struct Divider
{
    private readonly uint multiplier;
    private readonly int shift;

    /// <summary>Prepares the divisor, at least 1.</summary>
    public Divider(int divisor)
    {
        var bits = 0;
        while ((1L << bits) < divisor)
            bits++;
        shift = 31 + bits;
        multiplier = (uint)(((1UL << shift) / (uint)divisor) + 1);
    }

    /// <summary>The quotient of a number from 0 to 2^31 - 1.</summary>
    public int Quotient(int number) => (int)(((ulong)(uint)number * multiplier) >> shift);
}
