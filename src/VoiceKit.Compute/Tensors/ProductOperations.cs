using VoiceKit.Devices;

namespace VoiceKit.Tensors;

internal sealed class ProductOperation(MatrixProduct product) : Operation
{
    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) =>
        device.Multiply(product, inputs[0], inputs[1], output);

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input)
    {
        // With C = A B: dA = dC B^T, dB = A^T dC; transposed operands swap the factors.
        var (left, right) = (result.Inputs[0], result.Inputs[1]);
        var (leftIsTransposed, rightIsTransposed) = (product.TransposeLeft, product.TransposeRight);
        return (input, leftIsTransposed, rightIsTransposed) switch
        {
            (0, false, _) => Tensor.MatrixProduct(gradient, right, false, !rightIsTransposed),
            (0, true, _) => Tensor.MatrixProduct(right, gradient, rightIsTransposed, true),
            (_, _, false) => Tensor.MatrixProduct(left, gradient, !leftIsTransposed, false),
            _ => Tensor.MatrixProduct(gradient, left, true, leftIsTransposed),
        };
    }
}

/// <summary>The three directions of a convolution.</summary>
internal enum ConvolutionKind
{
    /// <summary>(input, weights) -> output.</summary>
    Forward,

    /// <summary>(output gradient, weights) -> input gradient.</summary>
    InputGradient,

    /// <summary>(input, output gradient) -> weight gradient.</summary>
    WeightGradient,
}

/// <summary>
/// A convolution in one of its directions. All three come of one trilinear form, the sum of output gradient times convolution of input
/// and weights: each is its derivative with respect to one factor, so they are closed under differentiation.
/// </summary>
internal sealed class ConvolutionOperation(ConvolutionShape shape, ConvolutionKind kind) : Operation
{
    public static Tensor Apply(ConvolutionShape shape, ConvolutionKind kind, Tensor first, Tensor second)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var flat = shape.Height == 1 && shape.KernelHeight == 1;
        var input = flat
            ? new TensorShape(shape.Batch, shape.Width, shape.InputChannels)
            : new TensorShape(shape.Batch, shape.Height, shape.Width, shape.InputChannels);
        var output = flat
            ? new TensorShape(shape.Batch, shape.OutputWidth, shape.OutputChannels)
            : new TensorShape(shape.Batch, shape.OutputHeight, shape.OutputWidth, shape.OutputChannels);
        var weights = new TensorShape(shape.KernelHeight, shape.KernelWidth, shape.InputChannels, shape.OutputChannels);
        var (wantedFirst, wantedSecond, result) = kind switch
        {
            ConvolutionKind.Forward => (input, weights, output),
            ConvolutionKind.InputGradient => (output, weights, input),
            _ => (input, output, weights),
        };
        if (
            first.Shape.Length != wantedFirst.Length
            || second.Shape.Length != wantedSecond.Length
            || first.Shape[^1] != wantedFirst[^1]
            || second.Shape[^1] != wantedSecond[^1]
        )
            throw new ArgumentException(
                $"A convolution of {wantedFirst} with {wantedSecond} was given {first.Shape} and {second.Shape}.",
                nameof(second)
            );
        return new Tensor(result, new ConvolutionOperation(shape, kind), first.Reshape(wantedFirst), second.Reshape(wantedSecond));
    }

    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output)
    {
        switch (kind)
        {
            case ConvolutionKind.Forward:
                device.Convolve(shape, inputs[0], inputs[1], output);
                break;
            case ConvolutionKind.InputGradient:
                device.ConvolveInputGradient(shape, inputs[0], inputs[1], output);
                break;
            default:
                device.ConvolveWeightGradient(shape, inputs[0], inputs[1], output);
                break;
        }
    }

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input)
    {
        var (first, second) = (result.Inputs[0], result.Inputs[1]);
        return (kind, input) switch
        {
            (ConvolutionKind.Forward, 0) => Apply(shape, ConvolutionKind.InputGradient, gradient, second),
            (ConvolutionKind.Forward, _) => Apply(shape, ConvolutionKind.WeightGradient, first, gradient),
            (ConvolutionKind.InputGradient, 0) => Apply(shape, ConvolutionKind.Forward, gradient, second),
            (ConvolutionKind.InputGradient, _) => Apply(shape, ConvolutionKind.WeightGradient, gradient, first),
            (_, 0) => Apply(shape, ConvolutionKind.InputGradient, second, gradient),
            _ => Apply(shape, ConvolutionKind.Forward, first, gradient),
        };
    }
}
