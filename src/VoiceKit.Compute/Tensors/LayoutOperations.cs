using VoiceKit.Devices;

namespace VoiceKit.Tensors;

internal sealed class StopGradientOperation : Operation
{
    internal override bool IsView => true;

    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) { }

    internal override Tensor? Gradient(Tensor result, Tensor gradient, int input) => null;
}

internal sealed class ReshapeOperation : Operation
{
    internal override bool IsView => true;

    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) { }

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input) => gradient.Reshape(result.Inputs[0].Shape);
}

internal sealed class PermuteOperation(int[] order, TensorShape shape) : Operation
{
    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) =>
        device.Permute(shape, order, inputs[0], output);

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input)
    {
        var back = new int[order.Length];
        for (var axis = 0; axis < order.Length; axis++)
            back[order[axis]] = axis;
        return gradient.Permute(back);
    }
}

/// <summary>A range of a dimension: rows of the dimensions from it on, cut short.</summary>
internal sealed class SliceOperation(TensorShape shape, int axis, int start, int length) : Operation
{
    private readonly RowCopy rows = AxisRange.Rows(shape, axis, start, length);

    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) =>
        device.CopyRows(rows, inputs[0], output);

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input) => gradient.Pad(axis, start, shape[axis]);
}

/// <summary>Zeros around a tensor: the rows of <see cref="SliceOperation"/> the other way.</summary>
internal sealed class PadOperation(TensorShape padded, int axis, int before, int length) : Operation
{
    private readonly RowCopy rows = AxisRange.Swap(AxisRange.Rows(padded, axis, before, length));

    public int Axis => axis;

    /// <summary>Gets where the tensor begins within the zeros.</summary>
    public int Start => before;

    /// <summary>Gets where it ends.</summary>
    public int End => before + length;

    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output)
    {
        device.Fill(0, output);
        device.CopyRows(rows, inputs[0], output);
    }

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input) => gradient.Slice(axis, before, length);
}

internal sealed class ConcatenateOperation : Operation
{
    private readonly int axis;
    private readonly int[] starts;
    private readonly RowCopy[] rows;

    public ConcatenateOperation(TensorShape joined, int axis, IReadOnlyList<int> lengths)
    {
        this.axis = axis;
        starts = [.. lengths.Select((_, part) => lengths.Take(part).Sum())];
        rows = [.. lengths.Select((length, part) => AxisRange.Swap(AxisRange.Rows(joined, axis, starts[part], length)))];
    }

    /// <summary>Gets whether each part lies in one piece in the whole, so that it can be computed there.</summary>
    public bool IsContiguous => rows[0].Count == 1;

    /// <summary>The place of a part in the whole, if it is contiguous.</summary>
    public DeviceArray Part(DeviceArray whole, int part) => whole.Slice(rows[part].DestinationOffset, rows[part].Length);

    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output)
    {
        for (var part = 0; part < rows.Length; part++)
        {
            if (!IsContiguous || inputs[part] != Part(output, part))
                device.CopyRows(rows[part], inputs[part], output);
        }
    }

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input) =>
        gradient.Slice(axis, starts[input], result.Inputs[input].Shape[axis]);
}

/// <summary>The rows that a range of one dimension is made of.</summary>
internal static class AxisRange
{
    /// <summary>The rows from the whole tensor to the range alone.</summary>
    public static RowCopy Rows(TensorShape whole, int axis, int start, int length)
    {
        var outer = new TensorShape(whole.Dimensions[..axis]).Length;
        var inner = new TensorShape(whole.Dimensions[(axis + 1)..]).Length;
        return new RowCopy(outer, length * inner, start * inner, whole[axis] * inner, 0, length * inner);
    }

    /// <summary>The same rows, copied the other way.</summary>
    public static RowCopy Swap(RowCopy rows) =>
        new(rows.Count, rows.Length, rows.DestinationOffset, rows.DestinationStride, rows.SourceOffset, rows.SourceStride);
}
