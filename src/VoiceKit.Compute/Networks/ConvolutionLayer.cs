using VoiceKit.Devices;
using VoiceKit.Tensors;

namespace VoiceKit.Networks;

/// <summary>The extent of a convolution in one dimension, time, or two.</summary>
/// <param name="Kernel">The length of the kernel.</param>
/// <param name="Stride">The step.</param>
/// <param name="Padding">The zeros on either side.</param>
/// <param name="KernelHeight">The kernel's length in the first of two dimensions; 1 with one dimension.</param>
/// <param name="StrideHeight">The step in the first of two dimensions.</param>
/// <param name="PaddingHeight">The zeros on either side in the first of two dimensions.</param>
public readonly record struct KernelExtent(
    int Kernel,
    int Stride = 1,
    int Padding = 0,
    int KernelHeight = 1,
    int StrideHeight = 1,
    int PaddingHeight = 0
)
{
    /// <summary>Kernel, step and padding the same in two dimensions.</summary>
    /// <param name="kernel">The length of the kernel.</param>
    /// <param name="stride">The step of the kernel.</param>
    /// <param name="padding">The zeros on either side of the axis.</param>
    public static KernelExtent Square(int kernel, int stride = 1, int padding = 0) => new(kernel, stride, padding, kernel, stride, padding);
}

/// <summary>
/// A convolution, in time [batch, time, channels] or in two dimensions [batch, height, width, channels], forward or transposed.
/// </summary>
public sealed class ConvolutionLayer : Layer
{
    private readonly LayerWeights weights;
    private readonly Variable? bias;
    private readonly KernelExtent extent;
    private readonly bool isTransposed;
    private readonly int inputChannels;
    private readonly int outputChannels;

    /// <summary>Adds the layer's parameters to a set.</summary>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="name">What the names of the parameters begin with.</param>
    /// <param name="inputChannels">The channels of the input.</param>
    /// <param name="outputChannels">The channels of the output.</param>
    /// <param name="extent">Kernel, steps and padding.</param>
    /// <param name="isTransposed">Whether it goes the other way: a length n becomes (n - 1) stride - 2 padding + kernel.</param>
    /// <param name="options">How the weights begin and are kept.</param>
    public ConvolutionLayer(
        ParameterSet parameters,
        string name,
        int inputChannels,
        int outputChannels,
        KernelExtent extent,
        bool isTransposed = false,
        WeightOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (this.extent, this.isTransposed, this.inputChannels, this.outputChannels) = (extent, isTransposed, inputChannels, outputChannels);

        // The weights of a transposed convolution are those of the forward one that it turns round.
        var (from, to) = isTransposed ? (outputChannels, inputChannels) : (inputChannels, outputChannels);
        var taps = extent.Kernel * extent.KernelHeight;
        var fanIn = inputChannels * (isTransposed ? Math.Max(1, taps / (extent.Stride * extent.StrideHeight)) : taps);
        weights = new LayerWeights(
            parameters,
            name,
            new TensorShape(extent.KernelHeight, extent.Kernel, from, to),
            fanIn,
            options ?? new WeightOptions()
        );
        bias = weights.Bias(parameters, name, outputChannels);
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        ArgumentNullException.ThrowIfNull(input);
        var height = input.Shape.Rank == 3 ? 1 : input.Shape[1];
        var (kernel, transposed) = (weights.Apply(pass), isTransposed);
        var width = input.Shape[^2];
        var shape = new ConvolutionShape(
            input.Shape[0],
            transposed
                ? (
                    ((height - 1) * extent.StrideHeight) - (2 * extent.PaddingHeight) + extent.KernelHeight,
                    ((width - 1) * extent.Stride) - (2 * extent.Padding) + extent.Kernel,
                    outputChannels
                )
                : (height, width, inputChannels),
            (extent.KernelHeight, extent.Kernel, transposed ? inputChannels : outputChannels),
            (extent.StrideHeight, extent.Stride),
            (extent.PaddingHeight, extent.Padding)
        );
        var output = transposed ? Tensor.TransposedConvolution(shape, input, kernel) : Tensor.Convolution(shape, input, kernel);
        return bias is null ? output : output + bias;
    }
}

/// <summary>
/// Weights divided by their largest singular value, which one power iteration a training step follows (Miyato et al. 2018, algorithm 1).
/// The matrix is [all dimensions but the last, the last].
/// </summary>
public sealed class SpectralNormalization : Layer
{
    private const float Smallest = 1e-12f;

    private readonly Variable vector;
    private readonly int rows;
    private readonly int columns;

    /// <summary>Adds the state, the right singular vector, to a set.</summary>
    /// <param name="state">The network's states; not its parameters.</param>
    /// <param name="name">What the name of the state begins with.</param>
    /// <param name="shape">The weights' shape.</param>
    public SpectralNormalization(ParameterSet state, string name, TensorShape shape)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(shape);
        columns = shape[^1];
        rows = shape.Length / Math.Max(columns, 1);
        vector = state.Add(name + ".singular", new TensorShape(columns, 1), Initializations.Normal(1));
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(pass);
        var matrix = input.Reshape(rows, columns);
        var constant = matrix.StopGradient();
        var left = Normalized(Tensor.MatrixProduct(constant, vector));
        var right = Normalized(Tensor.MatrixProduct(constant, left, transposeLeft: true)).StopGradient();
        pass.Add(new Assignment(vector, right));

        // sigma = u^T W v, in which only W counts for the gradient.
        var sigma = (Tensor.MatrixProduct(matrix, right) * left.StopGradient()).Sum();
        return input / sigma;
    }

    private static Tensor Normalized(Tensor vector) => vector / (vector.Square().Sum() + Smallest).Sqrt();
}
