using System.Runtime.InteropServices;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

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
    /// <param name="threadCount">The number of threads, the caller's included; 0 for as many as <see cref="ParallelLimit"/> allows.</param>
    public CpuDevice(int threadCount = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threadCount);
        workers = new WorkerPool(threadCount == 0 ? ParallelLimit.MaxDegreeOfParallelism : threadCount);
        multiplication = new MatrixMultiplication(workers);
        convolution = new Convolution(workers);
    }

    /// <inheritdoc/>
    public override string Name => $"CPU, {workers.ThreadCount} {(workers.ThreadCount == 1 ? "thread" : "threads")}";

    /// <inheritdoc/>
    public override ComputeBackend Backend => ComputeBackend.Cpu;

    /// <inheritdoc/>
    public override bool HasDoublePrecision => true;

    /// <inheritdoc/>
    protected override DeviceBuffer AllocateCore(int length) => new CpuBuffer(length);

    /// <inheritdoc/>
    protected override void UploadCore(ReadOnlySpan<float> source, DeviceArray destination) => source.CopyTo(Span(destination));

    /// <inheritdoc/>
    protected override void DownloadCore(DeviceArray source, Span<float> destination) => Span(source).CopyTo(destination);

    /// <inheritdoc/>
    protected override void CopyRowsCore(in RowCopy rows, DeviceArray source, DeviceArray destination)
    {
        rowCopy.Run(workers, rows, Pointer(source), Pointer(destination));
    }

    /// <inheritdoc/>
    protected override void FillCore(float value, DeviceArray destination) => Span(destination).Fill(value);

    /// <inheritdoc/>
    protected override void PermuteCore(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination)
    {
        CpuPermutation.Permute(shape.Dimensions, order, Pointer(source), Pointer(destination));
    }

    /// <inheritdoc/>
    protected override void ApplyCore(in UnaryFunction operation, DeviceArray x, DeviceArray destination)
    {
        unary.Run(workers, operation, Pointer(x), Pointer(destination), x.Length);
    }

    /// <inheritdoc/>
    protected override void CombineCore(
        BinaryFunction operation,
        Broadcast broadcast,
        DeviceArray x,
        DeviceArray y,
        DeviceArray destination
    )
    {
        binary.Run(workers, operation, broadcast, Pointer(x), Pointer(y), Pointer(destination));
    }

    /// <inheritdoc/>
    protected override void EvaluateCore(ElementwiseFusion chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination)
    {
        for (var i = 0; i < operands.Length; i++)
            chainWork.Operands[i] = (nint)Pointer(operands[i]);
        chainWork.Run(workers, chain, Pointer(destination));
    }

    /// <inheritdoc/>
    protected override void SumCore(Broadcast broadcast, DeviceArray source, DeviceArray destination)
    {
        Span(destination).Clear();
        sum.Run(workers, broadcast, Pointer(source), Pointer(destination));
    }

    /// <inheritdoc/>
    protected override void RepeatCore(Broadcast broadcast, DeviceArray source, DeviceArray destination)
    {
        repeat.Run(workers, broadcast, Pointer(source), Pointer(destination));
    }

    /// <inheritdoc/>
    protected override void MultiplyCore(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination)
    {
        multiplication.Multiply(product, Pointer(left), Pointer(right), Pointer(destination));
    }

    /// <inheritdoc/>
    protected override void ConvolveCore(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output)
    {
        convolution.Forward(shape, Pointer(input), Pointer(weights), Pointer(output));
    }

    /// <inheritdoc/>
    protected override void ConvolveInputGradientCore(
        ConvolutionShape shape,
        DeviceArray outputGradient,
        DeviceArray weights,
        DeviceArray inputGradient
    )
    {
        convolution.InputGradient(shape, Pointer(outputGradient), Pointer(weights), Pointer(inputGradient));
    }

    /// <inheritdoc/>
    protected override void ConvolveWeightGradientCore(
        ConvolutionShape shape,
        DeviceArray input,
        DeviceArray outputGradient,
        DeviceArray weightGradient
    )
    {
        convolution.WeightGradient(shape, Pointer(input), Pointer(outputGradient), Pointer(weightGradient));
    }

    /// <inheritdoc/>
    protected override void SoftmaxCore(int rows, int columns, DeviceArray x, DeviceArray destination) =>
        Rows(RowWork.Kind.Softmax, columns, x, rows, destination);

    /// <inheritdoc/>
    protected override void OneHotOfMaximumCore(int rows, int columns, DeviceArray x, DeviceArray destination) =>
        Rows(RowWork.Kind.OneHotOfMaximum, columns, x, rows, destination);

    /// <inheritdoc/>
    protected override void OneHotCore(int columns, DeviceArray indices, DeviceArray destination)
    {
        Rows(RowWork.Kind.OneHot, columns, indices, indices.Length, destination);
    }

    /// <inheritdoc/>
    protected override void AdamCore(
        in AdamStep rates,
        DeviceArray gradient,
        DeviceArray parameters,
        DeviceArray firstMoment,
        DeviceArray secondMoment
    )
    {
        adam.Run(workers, rates, Pointer(gradient), Pointer(parameters), Pointer(firstMoment), Pointer(secondMoment), parameters.Length);
    }

    /// <inheritdoc/>
    protected override IExpectationStep BeginExpectationCore(Frames frames) => new CpuExpectationStep(frames);

    /// <inheritdoc/>
    protected override Frames PowerSpectraCore(SpectrumPlan plan, ReadOnlySpan<double> signal) => CpuSpectra.Compute(plan, signal);

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

    private static Span<float> Span(DeviceArray array) => new(Pointer(array), array.Length);

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
