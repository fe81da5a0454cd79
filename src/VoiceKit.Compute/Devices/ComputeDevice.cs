using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Devices;

/// <summary>
/// The compute contract: memory for float32 numbers and coarse operations on it. The CPU's implementation is the definition; another
/// device gives the same numbers within its rounding. Tensors lie row-major (C order), the last dimension dense. A destination never
/// overlaps an operand, except where an operation says so. Operations run in the order of the calls; only <see cref="Download"/> waits
/// for them. None allocates managed memory after its first call with the same sizes. Not for use by several threads at once.
/// </summary>
public abstract class ComputeDevice : IDisposable
{
    /// <summary>What the device is, for people.</summary>
    public abstract string Name { get; }

    /// <summary>Allocates zeros.</summary>
    public abstract DeviceBuffer Allocate(int length);

    /// <summary>Copies from host memory; the lengths are equal.</summary>
    public abstract void Upload(ReadOnlySpan<float> source, DeviceArray destination);

    /// <summary>Waits for all operations, then copies to host memory; the lengths are equal.</summary>
    public abstract void Download(DeviceArray source, Span<float> destination);

    /// <summary>Copies; the lengths are equal.</summary>
    public void Copy(DeviceArray source, DeviceArray destination) =>
        CopyRows(new RowCopy(1, source.Length, 0, 0, 0, 0), source, destination);

    /// <summary>Copies rows of floats between two layouts; what the rows do not reach stays as it is.</summary>
    public abstract void CopyRows(in RowCopy rows, DeviceArray source, DeviceArray destination);

    /// <summary>Sets every element to a value.</summary>
    public abstract void Fill(float value, DeviceArray destination);

    /// <summary>Reorders the dimensions: destination[i_p0, i_p1, ...] = source[i_0, i_1, ...].</summary>
    /// <param name="shape">The source's dimensions.</param>
    /// <param name="order">For every dimension of the destination, the source's dimension that it is.</param>
    /// <param name="source">The numbers.</param>
    /// <param name="destination">As many, reordered.</param>
    public abstract void Permute(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination);

    /// <summary>destination[i] = f(x[i]); the destination may be x.</summary>
    public abstract void Apply(in UnaryFunction operation, DeviceArray x, DeviceArray destination);

    /// <summary>destination[i] = f(x[i], y[j(i)]) with y repeated along the dimensions that it lacks; the destination may be x.</summary>
    public abstract void Combine(BinaryFunction operation, Broadcast broadcast, DeviceArray x, DeviceArray y, DeviceArray destination);

    /// <summary>Functions one after the other in one pass; the destination may be the first operand, where that is not repeated.</summary>
    /// <param name="chain">The functions.</param>
    /// <param name="operands">The first number's array, then that of each function of two numbers, in order.</param>
    /// <param name="destination">As long as the chain.</param>
    public abstract void Evaluate(ElementwiseChain chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination);

    /// <summary>Sums over the dimensions that the destination lacks.</summary>
    public abstract void Sum(Broadcast broadcast, DeviceArray source, DeviceArray destination);

    /// <summary>Repeats the source along the dimensions that it lacks.</summary>
    public abstract void Repeat(Broadcast broadcast, DeviceArray source, DeviceArray destination);

    /// <summary>A product of matrices, or of as many pairs of them as its batch has.</summary>
    public abstract void Multiply(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination);

    /// <summary>A convolution (cross-correlation), channels last.</summary>
    /// <param name="shape">All sizes.</param>
    /// <param name="input">[batch, height, width, input channels].</param>
    /// <param name="weights">[kernel height, kernel width, input channels, output channels].</param>
    /// <param name="output">[batch, output height, output width, output channels].</param>
    public abstract void Convolve(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output);

    /// <summary>The gradient of a convolution with respect to its input: the transposed convolution.</summary>
    public abstract void ConvolveInputGradient(
        ConvolutionShape shape,
        DeviceArray outputGradient,
        DeviceArray weights,
        DeviceArray inputGradient
    );

    /// <summary>The gradient of a convolution with respect to its weights.</summary>
    public abstract void ConvolveWeightGradient(
        ConvolutionShape shape,
        DeviceArray input,
        DeviceArray outputGradient,
        DeviceArray weightGradient
    );

    /// <summary>Softmax along rows, the largest element subtracted first.</summary>
    /// <param name="columns">The length of a row.</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="destination">[rows, columns]; every row sums up to 1.</param>
    public abstract void Softmax(int columns, DeviceArray x, DeviceArray destination);

    /// <summary>1 at the largest element of each row (the first of equals), 0 elsewhere.</summary>
    public abstract void OneHotOfMaximum(int columns, DeviceArray x, DeviceArray destination);

    /// <summary>destination[i, j] = 1 where j = indices[i], else 0; an index outside the columns gives a row of zeros.</summary>
    public abstract void OneHot(int columns, DeviceArray indices, DeviceArray destination);

    /// <summary>One step of Adam over all parameters (Kingma and Ba 2015, algorithm 1).</summary>
    /// <param name="rates">The rates, with the bias corrections of this step.</param>
    /// <param name="gradient">The gradient.</param>
    /// <param name="parameters">The parameters, which change.</param>
    /// <param name="firstMoment">The running mean of the gradient, which changes.</param>
    /// <param name="secondMoment">The running mean of its square, which changes.</param>
    public abstract void Adam(
        in AdamStep rates,
        DeviceArray gradient,
        DeviceArray parameters,
        DeviceArray firstMoment,
        DeviceArray secondMoment
    );

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the device's threads and gives its memory back.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>
/// A device whose tensor cores can multiply matrices in TF32: the operands keep 10 of their 23 bits of mantissa, the sums stay float32.
/// That is several times faster, and off by about 1e-3 relative to the largest terms, so it is off unless asked for.
/// </summary>
public interface ITensorFloat32Device
{
    /// <summary>Whether the device and its library can do so.</summary>
    bool HasTensorFloat32 { get; }

    /// <summary>Whether they may; false at first. It changes nothing where they cannot.</summary>
    bool AllowsTensorFloat32 { get; set; }
}

/// <summary>
/// A device that can take over the expectation steps of a fit. The CPU is none: <see cref="MixtureStatistics"/> is its step.
/// </summary>
public interface IMixtureDevice
{
    /// <summary>Whether the device computes in double precision, as statistics need.</summary>
    bool HasDoublePrecision { get; }

    /// <summary>
    /// Takes the frames of a fit to the device; those of the fit before are given up, and its step can no longer be used.
    /// </summary>
    /// <param name="frames">[T, D].</param>
    /// <exception cref="DeviceException">The device has no double precision, or no memory for the frames.</exception>
    IExpectationStep Share(Frames frames);
}
