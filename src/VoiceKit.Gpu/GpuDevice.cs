using ILGPU;
using VoiceKit.Devices;
using VoiceKit.Gpu.Kernels;
using static VoiceKit.Devices.OperandLengths;

namespace VoiceKit.Gpu;

/// <summary>
/// A CUDA or OpenCL device. Memory is pooled, operations are queued on the device and run in order; no operation adds floats in an order
/// that changes, so the same device gives the same bits. <see cref="GpuDevices"/> finds the devices.
/// </summary>
public sealed partial class GpuDevice : ComputeDevice, ITensorFloat32Device
{
    private readonly GpuProgram program;
    private readonly bool ownsProgram;
    private readonly Action? returned;
    private readonly GpuProducts products;
    private readonly GpuConvolution convolution;
    private readonly GpuSums sums;
    private readonly MatrixLibrary? library;
    private readonly ArrayView<float>[] chainOperands = new ArrayView<float>[ElementwiseChain.MostSteps];
    private bool isDisposed;

    /// <summary>A device on a program; <paramref name="returned"/> is called at the end where the program belongs to another.</summary>
    internal GpuDevice(GpuProgram program, bool ownsProgram, Action? returned = null)
    {
        this.program = program;
        this.ownsProgram = ownsProgram;
        this.returned = returned;

        // A CUDA context belongs to the thread that it is bound to.
        program.Accelerator.Bind();
        Pool = new MemoryPool(program.Accelerator);
        sums = new GpuSums(program, Pool);
        products = new GpuProducts(program, Pool, sums);
        convolution = new GpuConvolution(products);
        library = MatrixLibrary.Open(program.Accelerator);
    }

    /// <inheritdoc/>
    public override string Name => program.Accelerator.Name;

    /// <summary>
    /// Whether products of matrices go to cuBLAS where it is installed; else, and where this is false, to VoiceKit's kernel.
    /// </summary>
    public bool UsesMatrixLibrary { get; set; } = true;

    /// <summary>Whether cuBLAS is installed and the device has tensor cores for TF32: NVIDIA's from the year 2020 on.</summary>
    public bool HasTensorFloat32 => library is { HasTensorFloat32: true };

    /// <summary>
    /// Whether cuBLAS may multiply matrices in TF32, with 10 bits of mantissa: about 1e-3 relative. VoiceKit's kernels, convolutions
    /// among them, never use it.
    /// </summary>
    /// <exception cref="DeviceException">The library refuses.</exception>
    public bool AllowsTensorFloat32
    {
        get;
        set
        {
            library?.AllowTensorFloat32(value);
            field = value;
        }
    }

    /// <summary>What multiplies matrices: cuBLAS with its file, and TF32 where it is on, or VoiceKit's kernel.</summary>
    public string MatrixProductName =>
        (UsesMatrixLibrary, library) switch
        {
            (true, { } used) => AllowsTensorFloat32 && HasTensorFloat32 ? $"{used.Name}, TF32" : used.Name,
            _ => "VoiceKit's kernel",
        };

    internal MemoryPool Pool { get; }

    internal GpuProgram Program => program;

    /// <inheritdoc/>
    public override DeviceBuffer Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var buffer = Pool.Rent(length);
        if (length > 0)
            program.Fill(length, 0, buffer.View(0, length));
        return buffer;
    }

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<float> source, DeviceArray destination)
    {
        Require(source.Length == destination.Length, nameof(destination));
        HostTransfer.Upload(program.Accelerator, source, View(destination));
    }

    /// <inheritdoc/>
    public override void Download(DeviceArray source, Span<float> destination)
    {
        Require(source.Length == destination.Length, nameof(source));
        HostTransfer.Download(program.Accelerator, View(source), destination);
    }

    /// <inheritdoc/>
    public override void CopyRows(in RowCopy rows, DeviceArray source, DeviceArray destination)
    {
        RequireRows(rows, source, destination);
        var (from, to) = (View(source), View(destination));
        if (rows.Count > 0 && rows.Length > 0)
            program.CopyRows(checked(rows.Count * rows.Length), rows, from, to);
    }

    /// <inheritdoc/>
    public override void Fill(float value, DeviceArray destination)
    {
        var view = View(destination);
        if (view.Length > 0)
            program.Fill(view.IntLength, value, view);
    }

    /// <inheritdoc/>
    public override void Permute(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Require(source.Length == shape.Length && destination.Length == shape.Length, nameof(destination));
        Require(order.Length == shape.Rank && shape.Rank <= PermutationPlaces.MostDimensions, nameof(order));
        var (from, to) = (View(source), View(destination));
        if (shape.Length > 0)
            program.Permute(shape.Length, new PermutationPlaces(shape.Dimensions, order), from, to);
    }

    /// <inheritdoc/>
    public override void Apply(in UnaryFunction operation, DeviceArray x, DeviceArray destination)
    {
        Require(x.Length == destination.Length, nameof(destination));
        RequireKnown(operation.Kind);
        var (from, to) = (View(x), View(destination));
        if (x.Length > 0)
            program.Apply(x.Length, (int)operation.Kind, operation.Scale, operation.Offset, from, to);
    }

    /// <inheritdoc/>
    public override void Combine(BinaryFunction operation, Broadcast broadcast, DeviceArray x, DeviceArray y, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(broadcast);
        Require(x.Length == destination.Length && x.Length == broadcast.LargeLength, nameof(destination));
        Require(y.Length == broadcast.SmallLength, nameof(y));
        RequireKnown(operation.Kind);
        var (left, right, to) = (View(x), View(y), View(destination));
        if (x.Length > 0)
            program.Combine(x.Length, (int)operation.Kind, operation.Scale, new BroadcastPlaces(broadcast), left, right, to);
    }

    /// <inheritdoc/>
    public override void Evaluate(ElementwiseChain chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination)
    {
        RequireChain(chain, operands, destination);
        var (at, to) = (1, View(destination));
        var source = View(operands[0]);
        for (var step = 0; step < chainOperands.Length; step++)
            chainOperands[step] = step < chain.Steps.Length && chain.Steps[step].Operand is not null ? View(operands[at++]) : source;
        var y = chainOperands;
        if (chain.Length > 0)
            program.Evaluate(chain.Length, new ChainLinks(chain), source, y[0], y[1], y[2], y[3], y[4], y[5], to);
    }

    /// <inheritdoc/>
    public override void Sum(Broadcast broadcast, DeviceArray source, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(broadcast);
        Require(source.Length == broadcast.LargeLength, nameof(source));
        Require(destination.Length == broadcast.SmallLength, nameof(destination));
        sums.Run(broadcast, View(source), View(destination));
    }

    /// <inheritdoc/>
    public override void Repeat(Broadcast broadcast, DeviceArray source, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(broadcast);
        Require(destination.Length == broadcast.LargeLength, nameof(destination));
        Require(source.Length == broadcast.SmallLength, nameof(source));
        var (from, to) = (View(source), View(destination));
        if (destination.Length > 0)
            program.Repeat(destination.Length, new BroadcastPlaces(broadcast), from, to);
    }

    /// <inheritdoc/>
    public override void Multiply(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination)
    {
        RequireProduct(product, left, right, destination);
        var (from, by, to) = (View(left), View(right), View(destination));
        if (UsesMatrixLibrary && library is not null && destination.Length > 0 && product.Inner > 0)
            library.Multiply(product, from, by, to);
        else
            products.Multiply(product, from, by, to);
    }

    /// <inheritdoc/>
    public override void Convolve(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output)
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireConvolution(shape, input, weights, output);
        convolution.Forward(shape, View(input), View(weights), View(output));
    }

    /// <inheritdoc/>
    public override void ConvolveInputGradient(
        ConvolutionShape shape,
        DeviceArray outputGradient,
        DeviceArray weights,
        DeviceArray inputGradient
    )
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireConvolution(shape, inputGradient, weights, outputGradient);
        convolution.InputGradient(shape, View(outputGradient), View(weights), View(inputGradient));
    }

    /// <inheritdoc/>
    public override void ConvolveWeightGradient(
        ConvolutionShape shape,
        DeviceArray input,
        DeviceArray outputGradient,
        DeviceArray weightGradient
    )
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireConvolution(shape, input, weightGradient, outputGradient);
        convolution.WeightGradient(shape, View(input), View(outputGradient), View(weightGradient));
    }

    /// <inheritdoc/>
    public override void Softmax(int columns, DeviceArray x, DeviceArray destination)
    {
        var rows = RequireRowsOf(columns, x, destination);
        var (from, to) = (View(x), View(destination));
        if (rows == 0)
            return;
        if (columns <= RowKernels.ShortColumns)
            program.SoftmaxOfShortRows(rows, columns, from, to);
        else
            program.SoftmaxOfLongRows(new KernelConfig(rows, program.SumThreads), columns, from, to);
    }

    /// <inheritdoc/>
    public override void OneHotOfMaximum(int columns, DeviceArray x, DeviceArray destination)
    {
        var rows = RequireRowsOf(columns, x, destination);
        var (from, to) = (View(x), View(destination));
        if (rows > 0)
            program.OneHotOfMaximum(rows, columns, from, to);
    }

    /// <inheritdoc/>
    public override void OneHot(int columns, DeviceArray indices, DeviceArray destination)
    {
        RequireColumns(columns, indices.Length, destination);
        var (from, to) = (View(indices), View(destination));
        if (destination.Length > 0)
            program.OneHot(destination.Length, columns, from, to);
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
        var (g, p, m, v) = (View(gradient), View(parameters), View(firstMoment), View(secondMoment));
        if (parameters.Length > 0)
            program.Adam(parameters.Length, rates, g, p, m, v);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing || isDisposed)
            return;
        isDisposed = true;
        program.Accelerator.Synchronize();
        library?.Dispose();
        Pool.Dispose();
        if (ownsProgram)
            program.Dispose();
        returned?.Invoke();
    }

    private static void RequireKnown<TKind>(TKind kind)
        where TKind : struct, Enum
    {
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such function.");
    }

    private ArrayView<float> View(DeviceArray array)
    {
        var buffer = array.Buffer as GpuBuffer;
        return buffer?.Pool == Pool
            ? buffer.View(array.Offset, array.Length)
            : throw new ArgumentException("The array lies on another device.", nameof(array));
    }
}
