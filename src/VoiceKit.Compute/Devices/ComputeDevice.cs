using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using static VoiceKit.Devices.OperandLengths;

namespace VoiceKit.Devices;

/// <summary>
/// The compute contract: memory for float32 numbers and coarse operations on it, the E-step of a Gaussian mixture, and power spectra. The
/// CPU's implementation is the definition; another device gives the same numbers within its rounding.
/// </summary>
/// <remarks>
/// Tensors lie row-major (C order), the last dimension dense. A destination never overlaps an operand, except where an operation says so.
/// Operations run in the order of the calls; only <see cref="Download"/> waits for them. None allocates managed memory after its first call
/// with the same sizes. Not for use by several threads at once, but for <see cref="PowerSpectra"/>. The public methods check their
/// arguments for those that implement them, which end in Core, and turn what a driver throws into <see cref="DeviceException"/>: each with
/// a handler of its own, as one that all share would take a delegate, which allocates, and cannot take spans.
/// </remarks>
public abstract class ComputeDevice : IDisposable
{
    private const int MaxPermutedDimensions = CpuPermutation.MaxDimensions;

    /// <summary>Gets a description of the device for people.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the kind of the device.</summary>
    public abstract ComputeBackend Backend { get; }

    /// <summary>Gets whether the device computes in double precision, which <see cref="BeginExpectation"/> needs.</summary>
    public abstract bool HasDoublePrecision { get; }

    /// <summary>Gets whether the device can multiply matrices in TF32.</summary>
    public virtual bool HasTensorFloat32 => false;

    /// <summary>
    /// Gets or sets whether matrices may be multiplied in TF32, with 10 bits of mantissa: about 1e-3 relative. False by default.
    /// </summary>
    /// <exception cref="DeviceException">It is set to true, and the device has no TF32.</exception>
    public bool AllowsTensorFloat32
    {
        get;
        set
        {
            if (value && !HasTensorFloat32)
                throw new DeviceException($"{Name} has no TF32");
            if (value != field)
                Guard(() => AllowTensorFloat32Core(value));
            field = value;
        }
    }

    /// <summary>Allocates zeros.</summary>
    /// <param name="length">The number of floats, at least 0.</param>
    /// <exception cref="DeviceMemoryException">The device has too little memory.</exception>
    public DeviceBuffer Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        try
        {
            return AllocateCore(length);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Copies from host memory; the lengths are equal.</summary>
    /// <param name="source">The numbers, as many as the destination has.</param>
    /// <param name="destination">Receives the result.</param>
    public void Upload(ReadOnlySpan<float> source, DeviceArray destination)
    {
        Require(source.Length == destination.Length, nameof(destination));
        try
        {
            UploadCore(source, destination);
            KeepAlive(destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Waits for all operations, then copies to host memory; the lengths are equal.</summary>
    /// <param name="source">The source.</param>
    /// <param name="destination">Receives the numbers, as many as the source has.</param>
    public void Download(DeviceArray source, Span<float> destination)
    {
        Require(source.Length == destination.Length, nameof(source));
        try
        {
            DownloadCore(source, destination);
            KeepAlive(source);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Copies; the lengths are equal.</summary>
    /// <param name="source">The source.</param>
    /// <param name="destination">Receives the result.</param>
    public void Copy(DeviceArray source, DeviceArray destination) =>
        CopyRows(new RowCopy(1, source.Length, 0, 0, 0, 0), source, destination);

    /// <summary>Copies rows of floats between two layouts; what the rows do not reach stays as it is.</summary>
    /// <param name="rows">The two layouts.</param>
    /// <param name="source">The source.</param>
    /// <param name="destination">Receives the result.</param>
    public void CopyRows(in RowCopy rows, DeviceArray source, DeviceArray destination)
    {
        RequireRows(rows, source, destination);
        try
        {
            CopyRowsCore(rows, source, destination);
            KeepAlive(source, destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Sets every element to a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="destination">Receives the result.</param>
    public void Fill(float value, DeviceArray destination)
    {
        try
        {
            FillCore(value, destination);
            KeepAlive(destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Reorders the dimensions: destination[i_p0, i_p1, ...] = source[i_0, i_1, ...].</summary>
    /// <param name="shape">The source's dimensions.</param>
    /// <param name="order">For every dimension of the destination, the source's dimension that it is.</param>
    /// <param name="source">The numbers.</param>
    /// <param name="destination">As many, reordered.</param>
    public void Permute(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Require(source.Length == shape.Length && destination.Length == shape.Length, nameof(destination));
        Require(order.Length == shape.Rank && shape.Rank <= MaxPermutedDimensions, nameof(order));
        try
        {
            PermuteCore(shape, order, source, destination);
            KeepAlive(source, destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>destination[i] = f(x[i]); the destination may be x.</summary>
    /// <param name="operation">The function f.</param>
    /// <param name="x">The argument.</param>
    /// <param name="destination">Receives the result.</param>
    public void Apply(in UnaryFunction operation, DeviceArray x, DeviceArray destination)
    {
        Require(x.Length == destination.Length, nameof(destination));
        RequireKnown(operation.Kind);
        try
        {
            ApplyCore(operation, x, destination);
            KeepAlive(x, destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>destination[i] = f(x[i], y[j(i)]) with y repeated along the dimensions that it lacks; the destination may be x.</summary>
    /// <param name="operation">The function f.</param>
    /// <param name="broadcast">How the smaller array is repeated to the larger one.</param>
    /// <param name="x">The argument.</param>
    /// <param name="y">The second argument, repeated.</param>
    /// <param name="destination">Receives the result.</param>
    public void Combine(BinaryFunction operation, Broadcast broadcast, DeviceArray x, DeviceArray y, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(broadcast);
        Require(x.Length == destination.Length && x.Length == broadcast.LargeLength, nameof(destination));
        Require(y.Length == broadcast.SmallLength, nameof(y));
        RequireKnown(operation.Kind);
        try
        {
            CombineCore(operation, broadcast, x, y, destination);
            KeepAlive(x, y, destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Functions one after the other in one pass; the destination may be the first operand, where that is not repeated.</summary>
    /// <param name="chain">The functions.</param>
    /// <param name="operands">The first number's array, then that of each function of two numbers, in order.</param>
    /// <param name="destination">As long as the chain.</param>
    public void Evaluate(ElementwiseFusion chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination)
    {
        RequireChain(chain, operands, destination);
        try
        {
            EvaluateCore(chain, operands, destination);
            KeepAlive(operands);
            KeepAlive(destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Sums over the dimensions that the destination lacks.</summary>
    /// <param name="broadcast">How the smaller array is repeated to the larger one.</param>
    /// <param name="source">The source.</param>
    /// <param name="destination">Receives the sums.</param>
    public void Sum(Broadcast broadcast, DeviceArray source, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(broadcast);
        Require(source.Length == broadcast.LargeLength, nameof(source));
        Require(destination.Length == broadcast.SmallLength, nameof(destination));
        try
        {
            SumCore(broadcast, source, destination);
            KeepAlive(source, destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Repeats the source along the dimensions that it lacks.</summary>
    /// <param name="broadcast">How the smaller array is repeated to the larger one.</param>
    /// <param name="source">The source.</param>
    /// <param name="destination">Receives the result.</param>
    public void Repeat(Broadcast broadcast, DeviceArray source, DeviceArray destination)
    {
        ArgumentNullException.ThrowIfNull(broadcast);
        Require(destination.Length == broadcast.LargeLength, nameof(destination));
        Require(source.Length == broadcast.SmallLength, nameof(source));
        try
        {
            RepeatCore(broadcast, source, destination);
            KeepAlive(source, destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>A product of matrices, or of as many pairs of them as its batch has.</summary>
    /// <param name="product">The sizes, and what is transposed or added.</param>
    /// <param name="left">The left matrices.</param>
    /// <param name="right">The right matrices.</param>
    /// <param name="destination">Receives the result.</param>
    public void Multiply(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination)
    {
        RequireProduct(product, left, right, destination);
        try
        {
            MultiplyCore(product, left, right, destination);
            KeepAlive(left, right, destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>A convolution (cross-correlation), channels last.</summary>
    /// <param name="shape">All sizes.</param>
    /// <param name="input">[batch, height, width, input channels].</param>
    /// <param name="weights">[kernel height, kernel width, input channels, output channels].</param>
    /// <param name="output">[batch, output height, output width, output channels].</param>
    public void Convolve(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output)
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireConvolution(shape, input, weights, output);
        try
        {
            ConvolveCore(shape, input, weights, output);
            KeepAlive(input, weights, output);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>The gradient of a convolution with respect to its input: the transposed convolution.</summary>
    /// <param name="shape">The sizes of the convolution.</param>
    /// <param name="outputGradient">The gradient with respect to the output, of the output's shape.</param>
    /// <param name="weights">The weights, [kernel height, kernel width, input channels, output channels].</param>
    /// <param name="inputGradient">Receives the gradient with respect to the input, of the input's shape.</param>
    public void ConvolveInputGradient(ConvolutionShape shape, DeviceArray outputGradient, DeviceArray weights, DeviceArray inputGradient)
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireConvolution(shape, inputGradient, weights, outputGradient);
        try
        {
            ConvolveInputGradientCore(shape, outputGradient, weights, inputGradient);
            KeepAlive(outputGradient, weights, inputGradient);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>The gradient of a convolution with respect to its weights.</summary>
    /// <param name="shape">The sizes of the convolution.</param>
    /// <param name="input">The input, [batch, height, width, channels].</param>
    /// <param name="outputGradient">The gradient with respect to the output, of the output's shape.</param>
    /// <param name="weightGradient">Receives the gradient with respect to the weights, of the weights' shape.</param>
    public void ConvolveWeightGradient(ConvolutionShape shape, DeviceArray input, DeviceArray outputGradient, DeviceArray weightGradient)
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireConvolution(shape, input, weightGradient, outputGradient);
        try
        {
            ConvolveWeightGradientCore(shape, input, outputGradient, weightGradient);
            KeepAlive(input, outputGradient, weightGradient);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Softmax along rows, the largest element subtracted first.</summary>
    /// <param name="columns">The length of a row.</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="destination">[rows, columns]; every row sums up to 1.</param>
    public void Softmax(int columns, DeviceArray x, DeviceArray destination)
    {
        var rows = RequireRowsOf(columns, x, destination);
        try
        {
            SoftmaxCore(rows, columns, x, destination);
            KeepAlive(x, destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>1 at the largest element of each row (the first of equals), 0 elsewhere.</summary>
    /// <param name="columns">The number of columns.</param>
    /// <param name="x">The argument.</param>
    /// <param name="destination">Receives the result.</param>
    public void OneHotOfMaximum(int columns, DeviceArray x, DeviceArray destination)
    {
        var rows = RequireRowsOf(columns, x, destination);
        try
        {
            OneHotOfMaximumCore(rows, columns, x, destination);
            KeepAlive(x, destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>destination[i, j] = 1 where j = indices[i], else 0; an index outside the columns gives a row of zeros.</summary>
    /// <param name="columns">The number of columns.</param>
    /// <param name="indices">The indices, one a row.</param>
    /// <param name="destination">Receives the result.</param>
    public void OneHot(int columns, DeviceArray indices, DeviceArray destination)
    {
        RequireColumns(columns, indices.Length, destination);
        try
        {
            OneHotCore(columns, indices, destination);
            KeepAlive(indices, destination);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>One step of Adam over all parameters (Kingma and Ba 2015, algorithm 1).</summary>
    /// <param name="rates">The rates, with the bias corrections of this step.</param>
    /// <param name="gradient">The gradient.</param>
    /// <param name="parameters">The parameters, which change.</param>
    /// <param name="firstMoment">The running mean of the gradient, which changes.</param>
    /// <param name="secondMoment">The running mean of its square, which changes.</param>
    public void Adam(in AdamStep rates, DeviceArray gradient, DeviceArray parameters, DeviceArray firstMoment, DeviceArray secondMoment)
    {
        var length = parameters.Length;
        Require(gradient.Length == length && firstMoment.Length == length && secondMoment.Length == length, nameof(gradient));
        try
        {
            AdamCore(rates, gradient, parameters, firstMoment, secondMoment);
            KeepAlive(gradient, parameters, firstMoment, secondMoment);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>
    /// Brings the frames of a fit to the device for its E-steps. Those of the fit before are given up: its E-step can no longer be used.
    /// </summary>
    /// <param name="frames">The frames, [T, D].</param>
    /// <exception cref="DeviceException">The device has no double precision, or too little memory for the frames.</exception>
    public IExpectationStep BeginExpectation(Frames frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (!HasDoublePrecision)
            throw new DeviceException($"{Name} has no double precision, which EM needs; --device cpu has");
        try
        {
            return BeginExpectationCore(frames);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>
    /// Computes the power spectra of a signal's frames, or their sums in bands. Several threads may call it at once, and take turns where
    /// the device needs that.
    /// </summary>
    /// <param name="plan">The frames, the window, the transform and the bands.</param>
    /// <param name="signal">The samples.</param>
    /// <returns>[T, K]: |X[t, k]|^2 for each bin, or the bands' weighted sums; within 1e-4 of the largest on devices of single
    /// precision.</returns>
    /// <exception cref="DeviceMemoryException">The signal is too long for the device.</exception>
    public Frames PowerSpectra(SpectrumPlan plan, ReadOnlySpan<double> signal)
    {
        ArgumentNullException.ThrowIfNull(plan);
        try
        {
            return PowerSpectraCore(plan, signal);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Guard(() => Dispose(true));
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the device's threads and gives its memory back.</summary>
    /// <param name="disposing">True where <see cref="Dispose()"/> was called.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>Translates a driver's exception; null for one that the driver did not throw.</summary>
    /// <param name="exception">What was thrown.</param>
    protected virtual DeviceException? Translate(Exception exception) => null;

    /// <summary>Implements the setter of <see cref="AllowsTensorFloat32"/>.</summary>
    /// <param name="allows">Whether TF32 is allowed.</param>
    protected virtual void AllowTensorFloat32Core(bool allows) { }

    /// <inheritdoc cref="Allocate"/>
    protected abstract DeviceBuffer AllocateCore(int length);

    /// <inheritdoc cref="Upload"/>
    protected abstract void UploadCore(ReadOnlySpan<float> source, DeviceArray destination);

    /// <inheritdoc cref="Download"/>
    protected abstract void DownloadCore(DeviceArray source, Span<float> destination);

    /// <inheritdoc cref="CopyRows"/>
    protected abstract void CopyRowsCore(in RowCopy rows, DeviceArray source, DeviceArray destination);

    /// <inheritdoc cref="Fill"/>
    protected abstract void FillCore(float value, DeviceArray destination);

    /// <inheritdoc cref="Permute"/>
    protected abstract void PermuteCore(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination);

    /// <inheritdoc cref="Apply"/>
    protected abstract void ApplyCore(in UnaryFunction operation, DeviceArray x, DeviceArray destination);

    /// <inheritdoc cref="Combine"/>
    protected abstract void CombineCore(
        BinaryFunction operation,
        Broadcast broadcast,
        DeviceArray x,
        DeviceArray y,
        DeviceArray destination
    );

    /// <inheritdoc cref="Evaluate"/>
    protected abstract void EvaluateCore(ElementwiseFusion chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination);

    /// <inheritdoc cref="Sum"/>
    protected abstract void SumCore(Broadcast broadcast, DeviceArray source, DeviceArray destination);

    /// <inheritdoc cref="Repeat"/>
    protected abstract void RepeatCore(Broadcast broadcast, DeviceArray source, DeviceArray destination);

    /// <inheritdoc cref="Multiply"/>
    protected abstract void MultiplyCore(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination);

    /// <inheritdoc cref="Convolve"/>
    protected abstract void ConvolveCore(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output);

    /// <inheritdoc cref="ConvolveInputGradient"/>
    protected abstract void ConvolveInputGradientCore(
        ConvolutionShape shape,
        DeviceArray outputGradient,
        DeviceArray weights,
        DeviceArray inputGradient
    );

    /// <inheritdoc cref="ConvolveWeightGradient"/>
    protected abstract void ConvolveWeightGradientCore(
        ConvolutionShape shape,
        DeviceArray input,
        DeviceArray outputGradient,
        DeviceArray weightGradient
    );

    /// <inheritdoc cref="Softmax"/>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns"></param>
    /// <param name="x"></param>
    /// <param name="destination"></param>
    protected abstract void SoftmaxCore(int rows, int columns, DeviceArray x, DeviceArray destination);

    /// <inheritdoc cref="OneHotOfMaximum"/>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns"></param>
    /// <param name="x"></param>
    /// <param name="destination"></param>
    protected abstract void OneHotOfMaximumCore(int rows, int columns, DeviceArray x, DeviceArray destination);

    /// <inheritdoc cref="OneHot"/>
    protected abstract void OneHotCore(int columns, DeviceArray indices, DeviceArray destination);

    /// <inheritdoc cref="Adam"/>
    protected abstract void AdamCore(
        in AdamStep rates,
        DeviceArray gradient,
        DeviceArray parameters,
        DeviceArray firstMoment,
        DeviceArray secondMoment
    );

    /// <inheritdoc cref="BeginExpectation"/>
    protected abstract IExpectationStep BeginExpectationCore(Frames frames);

    /// <inheritdoc cref="PowerSpectra"/>
    protected abstract Frames PowerSpectraCore(SpectrumPlan plan, ReadOnlySpan<double> signal);

    private static void RequireKnown<TKind>(TKind kind)
        where TKind : struct, Enum
    {
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such function.");
    }

    /// <summary>Runs an action on the device, and turns what a driver throws into <see cref="DeviceException"/>.</summary>
    /// <param name="action">The action.</param>
    protected void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }
}
