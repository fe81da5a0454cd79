using ILGPU;
using ILGPU.Runtime;
using VoiceKit.Devices;
using VoiceKit.Gpu.Kernels;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Gpu;

/// <summary>
/// A CUDA or OpenCL device. Memory is pooled, operations are queued on the device and run in order; no operation adds floats in an order
/// that changes, so the same device gives the same bits. <see cref="GpuDevices"/> finds the devices.
/// </summary>
public sealed class GpuDevice : ComputeDevice
{
    private readonly GpuProgram program;
    private readonly bool ownsProgram;
    private readonly Action? returned;
    private readonly GpuProducts products;
    private readonly GpuConvolution convolution;
    private readonly GpuSums sums;
    private readonly MatrixLibrary? library;
    private readonly ArrayView<float>[] chainOperands = new ArrayView<float>[ElementwiseFusion.MaxSteps];
    private readonly GpuSpectra spectra;
    private readonly Lock spectraGate = new();
    private GpuExpectation? expectation;
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
        spectra = new GpuSpectra(this);
    }

    /// <inheritdoc/>
    public override string Name => program.Accelerator.Name;

    /// <inheritdoc/>
    public override ComputeBackend Backend =>
        program.Accelerator.AcceleratorType == AcceleratorType.OpenCL ? ComputeBackend.OpenCL : ComputeBackend.Cuda;

    /// <inheritdoc/>
    public override bool HasDoublePrecision => program.HasDoublePrecision;

    /// <summary>
    /// Gets or sets whether products of matrices go to cuBLAS where it is installed; else, and where this is false, to VoiceKit's kernel.
    /// </summary>
    public bool UsesMatrixLibrary { get; set; } = true;

    /// <inheritdoc/>
    /// <remarks>cuBLAS must be installed and the device must have tensor cores for TF32: NVIDIA's from the year 2020 on.</remarks>
    public override bool HasTensorFloat32 => library is { HasTensorFloat32: true };

    /// <summary>Gets what multiplies matrices: cuBLAS with its file, and TF32 where it is on, or VoiceKit's kernel.</summary>
    public string MatrixProductName =>
        (UsesMatrixLibrary, library) switch
        {
            (true, { } used) => AllowsTensorFloat32 && HasTensorFloat32 ? $"{used.Name}, TF32" : used.Name,
            _ => "VoiceKit's kernel",
        };

    internal MemoryPool Pool { get; }

    internal GpuProgram Program => program;

    /// <inheritdoc/>
    protected override DeviceBuffer AllocateCore(int length)
    {
        var buffer = Pool.Rent(length);
        if (length > 0)
            program.Fill(length, 0, buffer.View(0, length));
        return buffer;
    }

    /// <inheritdoc/>
    protected override void UploadCore(ReadOnlySpan<float> source, DeviceArray destination)
    {
        HostTransfer.Upload(program.Accelerator, source, View(destination));
    }

    /// <inheritdoc/>
    protected override void DownloadCore(DeviceArray source, Span<float> destination)
    {
        HostTransfer.Download(program.Accelerator, View(source), destination);
    }

    /// <inheritdoc/>
    protected override void CopyRowsCore(in RowCopy rows, DeviceArray source, DeviceArray destination)
    {
        var (from, to) = (View(source), View(destination));
        if (rows.Count > 0 && rows.Length > 0)
            program.CopyRows(checked(rows.Count * rows.Length), rows, from, to);
    }

    /// <inheritdoc/>
    protected override void FillCore(float value, DeviceArray destination)
    {
        var view = View(destination);
        if (view.Length > 0)
            program.Fill(view.IntLength, value, view);
    }

    /// <inheritdoc/>
    protected override void PermuteCore(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination)
    {
        var (from, to) = (View(source), View(destination));
        if (shape.Length > 0)
            program.Permute(shape.Length, new PermutationPlaces(shape.Dimensions, order), from, to);
    }

    /// <inheritdoc/>
    protected override void ApplyCore(in UnaryFunction operation, DeviceArray x, DeviceArray destination)
    {
        var (from, to) = (View(x), View(destination));
        if (x.Length > 0)
            program.Apply(x.Length, (int)operation.Kind, operation.Scale, operation.Offset, from, to);
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
        var (left, right, to) = (View(x), View(y), View(destination));
        if (x.Length > 0)
            program.Combine(x.Length, (int)operation.Kind, operation.Scale, new BroadcastPlaces(broadcast), left, right, to);
    }

    /// <inheritdoc/>
    protected override void EvaluateCore(ElementwiseFusion chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination)
    {
        var (at, to) = (1, View(destination));
        var source = View(operands[0]);
        for (var step = 0; step < chainOperands.Length; step++)
            chainOperands[step] = step < chain.Steps.Length && chain.Steps[step].Operand is not null ? View(operands[at++]) : source;
        var y = chainOperands;
        if (chain.Length > 0)
            program.Evaluate(chain.Length, new ChainLinks(chain), source, y[0], y[1], y[2], y[3], y[4], y[5], to);
    }

    /// <inheritdoc/>
    protected override void SumCore(Broadcast broadcast, DeviceArray source, DeviceArray destination)
    {
        sums.Run(broadcast, View(source), View(destination));
    }

    /// <inheritdoc/>
    protected override void RepeatCore(Broadcast broadcast, DeviceArray source, DeviceArray destination)
    {
        var (from, to) = (View(source), View(destination));
        if (destination.Length > 0)
            program.Repeat(destination.Length, new BroadcastPlaces(broadcast), from, to);
    }

    /// <inheritdoc/>
    protected override void MultiplyCore(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination)
    {
        var (from, by, to) = (View(left), View(right), View(destination));
        if (UsesMatrixLibrary && library is not null && destination.Length > 0 && product.Inner > 0)
            library.Multiply(product, from, by, to);
        else
            products.Multiply(product, from, by, to);
    }

    /// <inheritdoc/>
    protected override void ConvolveCore(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output)
    {
        convolution.Forward(shape, View(input), View(weights), View(output));
    }

    /// <inheritdoc/>
    protected override void ConvolveInputGradientCore(
        ConvolutionShape shape,
        DeviceArray outputGradient,
        DeviceArray weights,
        DeviceArray inputGradient
    )
    {
        convolution.InputGradient(shape, View(outputGradient), View(weights), View(inputGradient));
    }

    /// <inheritdoc/>
    protected override void ConvolveWeightGradientCore(
        ConvolutionShape shape,
        DeviceArray input,
        DeviceArray outputGradient,
        DeviceArray weightGradient
    )
    {
        convolution.WeightGradient(shape, View(input), View(outputGradient), View(weightGradient));
    }

    /// <inheritdoc/>
    protected override void SoftmaxCore(int rows, int columns, DeviceArray x, DeviceArray destination)
    {
        var (from, to) = (View(x), View(destination));
        if (rows == 0)
            return;
        if (columns <= RowKernels.ShortColumns)
            program.SoftmaxOfShortRows(rows, columns, from, to);
        else
            program.SoftmaxOfLongRows(new KernelConfig(rows, program.SumThreads), columns, from, to);
    }

    /// <inheritdoc/>
    protected override void OneHotOfMaximumCore(int rows, int columns, DeviceArray x, DeviceArray destination)
    {
        var (from, to) = (View(x), View(destination));
        if (rows > 0)
            program.OneHotOfMaximum(rows, columns, from, to);
    }

    /// <inheritdoc/>
    protected override void OneHotCore(int columns, DeviceArray indices, DeviceArray destination)
    {
        var (from, to) = (View(indices), View(destination));
        if (destination.Length > 0)
            program.OneHot(destination.Length, columns, from, to);
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
        var (g, p, m, v) = (View(gradient), View(parameters), View(firstMoment), View(secondMoment));
        if (parameters.Length > 0)
            program.Adam(parameters.Length, rates, g, p, m, v);
    }

    /// <inheritdoc/>
    protected override IExpectationStep BeginExpectationCore(Frames frames)
    {
        expectation?.Dispose();
        expectation = null;
        return expectation = new GpuExpectation(program, Pool, frames, Guard);
    }

    /// <inheritdoc/>
    protected override Frames PowerSpectraCore(SpectrumPlan plan, ReadOnlySpan<double> signal)
    {
        lock (spectraGate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);

            // The threads of a batch take turns, and a CUDA context belongs to the thread that it is bound to.
            program.Accelerator.Bind();
            return spectra.Compute(plan, signal);
        }
    }

    /// <inheritdoc/>
    protected override void AllowTensorFloat32Core(bool allows) => library?.AllowTensorFloat32(allows);

    /// <inheritdoc/>
    protected override DeviceException? Translate(Exception exception) =>
        exception is AcceleratorException
            ? new DeviceException($"{Name} fails: {exception.Message}; voicekit devices tests it, --device cpu does without it", exception)
            : null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        lock (spectraGate)
        {
            if (isDisposed)
                return;
            isDisposed = true;
        }

        program.Accelerator.Synchronize();
        library?.Dispose();
        expectation?.Dispose();
        spectra.Dispose();
        Pool.Dispose();
        if (ownsProgram)
            program.Dispose();
        returned?.Invoke();
    }

    private ArrayView<float> View(DeviceArray array)
    {
        var buffer = array.Buffer as GpuBuffer;
        return buffer?.Pool == Pool
            ? buffer.View(array.Offset, array.Length)
            : throw new ArgumentException("The array lies on another device.", nameof(array));
    }
}
