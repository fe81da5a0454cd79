using System.Runtime.InteropServices;
using static VoiceKit.Devices.OperandLengths;

namespace VoiceKit.Devices;

/// <summary>
/// The CPU with SIMD and threads: the default device and the definition of every operation. Each element is computed by one thread in
/// a fixed order, so results do not depend on the number of threads.
/// </summary>
public sealed unsafe class CpuDevice : ComputeDevice
{
    private readonly WorkerPool workers;
    private readonly MatrixMultiplication multiplication;
    private readonly Convolution convolution;
    private readonly UnaryWork unary = new();
    private readonly BinaryWork binary = new();
    private readonly ChainWork chainWork = new();
    private readonly SumWork sum = new();
    private readonly RepeatWork repeat = new();
    private readonly RowWork rowWork = new();
    private readonly RowCopyWork rowCopy = new();
    private readonly AdamWork adam = new();

    /// <summary>Creates the device.</summary>
    /// <param name="threadCount">The number of threads, the caller's included; 0 for one on every core.</param>
    public CpuDevice(int threadCount = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threadCount);
        workers = new WorkerPool(threadCount == 0 ? Environment.ProcessorCount : threadCount);
        multiplication = new MatrixMultiplication(workers);
        convolution = new Convolution(workers);
    }

    /// <inheritdoc/>
    public override string Name => $"CPU, {workers.ThreadCount} {(workers.ThreadCount == 1 ? "thread" : "threads")}";

    /// <inheritdoc/>
    public override DeviceBuffer Allocate(int length) => new CpuBuffer(length);

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<float> source, DeviceArray destination) => source.CopyTo(Span(destination, source.Length));

    /// <inheritdoc/>
    public override void Download(DeviceArray source, Span<float> destination) => Span(source, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public override void CopyRows(in RowCopy rows, DeviceArray source, DeviceArray destination)
    {
        RequireRows(rows, source, destination);
        rowCopy.Run(workers, rows, Pointer(source), Pointer(destination));
    }

    /// <inheritdoc/>
    public override void Fill(float value, DeviceArray destination) => Span(destination, destination.Length).Fill(value);

    /// <inheritdoc/>
    public override void Permute(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Require(source.Length == shape.Length && destination.Length == shape.Length, nameof(destination));
        Require(order.Length == shape.Rank && shape.Rank <= CpuPermutation.MostDimensions, nameof(order));
        CpuPermutation.Permute(shape.Dimensions, order, Pointer(source), Pointer(destination));
    }

    /// <inheritdoc/>
    public override void Apply(in UnaryFunction operation, DeviceArray x, DeviceArray destination)
    {
        Require(x.Length == destination.Length, nameof(destination));
        unary.Run(workers, operation, Pointer(x), Pointer(destination), x.Length);
    }

    /// <inheritdoc/>
    public override void Combine(BinaryFunction operation, Broadcast broadcast, DeviceArray x, DeviceArray y, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(broadcast);
        Require(x.Length == destination.Length && x.Length == broadcast.LargeLength, nameof(destination));
        Require(y.Length == broadcast.SmallLength, nameof(y));
        binary.Run(workers, operation, broadcast, Pointer(x), Pointer(y), Pointer(destination));
    }

    /// <inheritdoc/>
    public override void Evaluate(ElementwiseChain chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination)
    {
        RequireChain(chain, operands, destination);
        for (var i = 0; i < operands.Length; i++)
            chainWork.Operands[i] = (nint)Pointer(operands[i]);
        chainWork.Run(workers, chain, Pointer(destination));
    }

    /// <inheritdoc/>
    public override void Sum(Broadcast broadcast, DeviceArray source, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(broadcast);
        Require(source.Length == broadcast.LargeLength, nameof(source));
        Require(destination.Length == broadcast.SmallLength, nameof(destination));
        Span(destination, destination.Length).Clear();
        sum.Run(workers, broadcast, Pointer(source), Pointer(destination));
    }

    /// <inheritdoc/>
    public override void Repeat(Broadcast broadcast, DeviceArray source, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(broadcast);
        Require(destination.Length == broadcast.LargeLength, nameof(destination));
        Require(source.Length == broadcast.SmallLength, nameof(source));
        repeat.Run(workers, broadcast, Pointer(source), Pointer(destination));
    }

    /// <inheritdoc/>
    public override void Multiply(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination)
    {
        RequireProduct(product, left, right, destination);
        multiplication.Multiply(product, Pointer(left), Pointer(right), Pointer(destination));
    }

    /// <inheritdoc/>
    public override void Convolve(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output)
    {
        RequireConvolution(shape, input, weights, output);
        convolution.Forward(shape, Pointer(input), Pointer(weights), Pointer(output));
    }

    /// <inheritdoc/>
    public override void ConvolveInputGradient(
        ConvolutionShape shape,
        DeviceArray outputGradient,
        DeviceArray weights,
        DeviceArray inputGradient
    )
    {
        RequireConvolution(shape, inputGradient, weights, outputGradient);
        convolution.InputGradient(shape, Pointer(outputGradient), Pointer(weights), Pointer(inputGradient));
    }

    /// <inheritdoc/>
    public override void ConvolveWeightGradient(
        ConvolutionShape shape,
        DeviceArray input,
        DeviceArray outputGradient,
        DeviceArray weightGradient
    )
    {
        RequireConvolution(shape, input, weightGradient, outputGradient);
        convolution.WeightGradient(shape, Pointer(input), Pointer(outputGradient), Pointer(weightGradient));
    }

    /// <inheritdoc/>
    public override void Softmax(int columns, DeviceArray x, DeviceArray destination) =>
        Rows(RowWork.Kind.Softmax, columns, x, RequireRowsOf(columns, x, destination), destination);

    /// <inheritdoc/>
    public override void OneHotOfMaximum(int columns, DeviceArray x, DeviceArray destination) =>
        Rows(RowWork.Kind.OneHotOfMaximum, columns, x, RequireRowsOf(columns, x, destination), destination);

    /// <inheritdoc/>
    public override void OneHot(int columns, DeviceArray indices, DeviceArray destination)
    {
        RequireColumns(columns, indices.Length, destination);
        Rows(RowWork.Kind.OneHot, columns, indices, indices.Length, destination);
    }

    /// <inheritdoc/>
    public override void Adam(
        in AdamStep rates,
        DeviceArray gradient,
        DeviceArray parameters,
        DeviceArray firstMoment,
        DeviceArray secondMoment
    )
    {
        Require(
            gradient.Length == parameters.Length && firstMoment.Length == parameters.Length && secondMoment.Length == parameters.Length,
            nameof(gradient)
        );
        adam.Run(workers, rates, Pointer(gradient), Pointer(parameters), Pointer(firstMoment), Pointer(secondMoment), parameters.Length);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            workers.Dispose();
    }

    private static float* Pointer(DeviceArray array)
    {
        var buffer = array.Buffer as CpuBuffer ?? throw new ArgumentException("The array lies on another device.", nameof(array));
        ObjectDisposedException.ThrowIf(buffer.Pointer is null, buffer);
        return buffer.Pointer + array.Offset;
    }

    private static Span<float> Span(DeviceArray array, int length)
    {
        Require(array.Length == length, nameof(array));
        return new Span<float>(Pointer(array), length);
    }

    private void Rows(RowWork.Kind kind, int columns, DeviceArray x, int rows, DeviceArray destination) =>
        rowWork.Run(workers, kind, Pointer(x), Pointer(destination), rows, columns);
}

/// <summary>Floats in native memory, aligned for vector loads and outside the garbage collector's reach.</summary>
internal sealed unsafe class CpuBuffer : DeviceBuffer
{
    private const int Alignment = 64;

    public CpuBuffer(int length)
        : base(length)
    {
        var bytes = (nuint)Math.Max(length, 1) * sizeof(float);
        Pointer = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(Pointer, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    ~CpuBuffer() => Dispose(false);

    public float* Pointer { get; private set; }

    protected override void Dispose(bool disposing)
    {
        if (Pointer is null)
            return;
        NativeMemory.AlignedFree(Pointer);
        GC.RemoveMemoryPressure((long)Math.Max(Length, 1) * sizeof(float));
        Pointer = null;
    }
}
