namespace VoiceKit.Devices;

/// <summary>The lengths that operations ask of their operands: the same on every device.</summary>
internal static class OperandLengths
{
    public static void Require(bool fits, string name)
    {
        if (!fits)
            throw new ArgumentException("The lengths of the arrays do not fit the operation.", name);
    }

    public static void RequireRows(in RowCopy rows, DeviceArray source, DeviceArray destination)
    {
        Require(Holds(source, rows.Count, rows.Length, rows.SourceOffset, rows.SourceStride), nameof(source));
        Require(Holds(destination, rows.Count, rows.Length, rows.DestinationOffset, rows.DestinationStride), nameof(destination));
    }

    public static void RequireChain(ElementwiseFusion chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(chain);
        Require(operands.Length == chain.OperandCount && operands[0].Length == chain.Source.SmallLength, nameof(operands));
        Require(destination.Length == chain.Length, nameof(destination));
        var operand = 1;
        foreach (var step in chain.Steps)
            Require(step.Operand is null || operands[operand++].Length == step.Operand.SmallLength, nameof(operands));
    }

    public static void RequireProduct(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination)
    {
        Require(left.Length == (long)product.BatchCount * product.Rows * product.Inner, nameof(left));
        Require(right.Length == (long)product.BatchCount * product.Inner * product.Columns, nameof(right));
        Require(destination.Length == (long)product.BatchCount * product.Rows * product.Columns, nameof(destination));
    }

    public static void RequireConvolution(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output)
    {
        Require(input.Length == shape.Batch * shape.Height * shape.Width * shape.InputChannels, nameof(input));
        Require(weights.Length == shape.KernelHeight * shape.KernelWidth * shape.InputChannels * shape.OutputChannels, nameof(weights));
        Require(output.Length == shape.Batch * shape.OutputHeight * shape.OutputWidth * shape.OutputChannels, nameof(output));
    }

    /// <summary>Requires rows of a length in both, and returns how many there are.</summary>
    public static int RequireRowsOf(int columns, DeviceArray x, DeviceArray destination)
    {
        RequireColumns(columns, x.Length / Math.Max(columns, 1), destination);
        Require(x.Length == destination.Length, nameof(destination));
        return x.Length / columns;
    }

    public static void RequireColumns(int columns, int rows, DeviceArray destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Require((long)rows * columns == destination.Length, nameof(destination));
    }

    private static bool Holds(DeviceArray array, int count, int length, int offset, int stride) =>
        count >= 0
        && length >= 0
        && offset >= 0
        && stride >= 0
        && (count == 0 || offset + ((long)(count - 1) * stride) + length <= array.Length);

    /// <summary>
    /// Keeps buffers from being collected during an operation: a device works with their addresses, and the caller may hold them no
    /// longer.
    /// </summary>
    public static void KeepAlive(params ReadOnlySpan<DeviceArray> arrays)
    {
        foreach (var array in arrays)
            GC.KeepAlive(array.Buffer);
    }
}
