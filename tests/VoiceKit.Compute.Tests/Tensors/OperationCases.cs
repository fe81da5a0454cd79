using VoiceKit.Devices;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Tensors;

/// <summary>Every operation of tensors, with operands at which it is smooth.</summary>
internal static class OperationCases
{
    private static readonly ConvolutionShape Line = Shape((2, 1, 7), (2, 3), (1, 3), (1, 2), (0, 1));
    private static readonly ConvolutionShape Plane = Shape((2, 5, 4), (2, 1), (3, 2), (2, 1), (1, 0));

    // The strides leave a rest: the last elements of the input are not reached.
    private static readonly ConvolutionShape Remainder = Shape((1, 6, 6), (1, 2), (3, 3), (2, 3), (1, 1));

    private static readonly Dictionary<string, OperationCase> Cases = new()
    {
        ["x + y"] = new(x => x[0] + x[1], [3, 4], [3, 4]),
        ["x + y, y repeated over rows"] = new(x => x[0] + x[1], [2, 3, 4], [4]),
        ["x + y, y repeated along rows"] = new(x => x[0] + x[1], [2, 3, 4], [3, 1]),
        ["x + y, x repeated"] = new(x => x[0] + x[1], [4, 1], [2, 4, 3]),
        ["x - y"] = new(x => x[0] - x[1], [3, 4], [3, 4]),
        ["x - y, y repeated"] = new(x => x[0] - x[1], [4, 2, 3], [4, 1, 3]),
        ["x - y, x repeated"] = new(x => x[0] - x[1], [1], [2, 3]),
        ["x y"] = new(x => x[0] * x[1], [3, 4], [3, 4]),
        ["x y, y repeated in five runs"] = new(x => x[0] * x[1], [2, 2, 2, 2, 2], [2, 1, 2, 1, 2]),
        ["x y, y repeated in between"] = new(x => x[0] * x[1], [3, 2, 4], [3, 1, 4]),
        ["x y, x repeated"] = new(x => x[0] * x[1], [3, 1, 1], [3, 2, 4]),
        ["x y, y a number"] = new(x => x[0] * x[1], [2, 3], []),
        ["x y, y a matrix of one number"] = new(x => x[0] * x[1], [3], [1, 1]),
        ["x y, x a matrix of one number"] = new(x => x[0] * x[1], [1, 1], [3]),
        ["x / y"] = new(x => x[0] / x[1], [3, 4], [3, 4]) { Low = 0.6, High = 1.6 },
        ["x / y, y repeated"] = new(x => x[0] / x[1], [3, 4], [4]) { Low = 0.6, High = 1.6 },
        ["x / y, x repeated"] = new(x => x[0] / x[1], [3, 1], [3, 4]) { Low = 0.6, High = 1.6 },
        ["x x"] = new(x => x[0] * x[0], [7]),
        ["x (x + x y)"] = new(x => x[0] * (x[0] + (x[0] * x[1])), [3, 2], [2]),
        ["x + c"] = new(x => x[0] + 3, [5]),
        ["x - c"] = new(x => x[0] - 3, [5]),
        ["c - x"] = new(x => 3 - x[0], [5]),
        ["c x"] = new(x => 3 * x[0], [5]),
        ["x c"] = new(x => x[0] * 3, [5]),
        ["x / c"] = new(x => x[0] / 3, [5]),
        ["-x"] = new(x => -x[0], [5]),
        ["exp x"] = new(x => x[0].Exp(), [9]),
        ["log x"] = new(x => x[0].Log(), [9]) { Low = 0.6, High = 3 },
        ["sqrt x"] = new(x => x[0].Sqrt(), [9]) { Low = 0.5, High = 3 },
        ["1 / x"] = new(x => x[0].Reciprocal(), [9]) { Low = 0.6, High = 2 },
        ["x^2"] = new(x => x[0].Square(), [9]),
        ["tanh x"] = new(x => x[0].Tanh(), [9]) { Low = -2, High = 2 },
        ["sigmoid x"] = new(x => x[0].Sigmoid(), [9]) { Low = -3, High = 3 },
        ["softplus x"] = new(x => x[0].Softplus(), [9]) { Low = -3, High = 3 },
        ["leaky relu x"] = new(x => x[0].LeakyRelu(), [9]) { HasKink = true },
        ["leaky relu x^2"] = new(x => (x[0].LeakyRelu(0.3f) * x[1]).Square(), [9], [9]) { HasKink = true },
        ["relu x"] = new(x => x[0].Relu().Square(), [9]) { HasKink = true },
        ["softmax of a vector"] = new(x => x[0].Softmax(), [5]),
        ["softmax of rows"] = new(x => x[0].Softmax(), [2, 3, 4]),
        ["softmax of single elements"] = new(x => x[0].Softmax(), [3, 1]),
        ["sum"] = new(x => x[0].Square().Sum(), [2, 3, 4]),
        ["sum over the first"] = new(x => x[0].Square().Sum(0), [2, 3, 4]),
        ["sum over the second"] = new(x => x[0].Square().Sum(1), [2, 3, 4]),
        ["sum over the last"] = new(x => x[0].Square().Sum(2), [2, 3, 4]),
        ["sum over first and last"] = new(x => x[0].Square().Sum(0, 2), [2, 3, 4]),
        ["sum to a shape"] = new(x => x[0].Square().SumTo(new TensorShape(3, 1)), [2, 3, 4]),
        ["mean"] = new(x => x[0].Square().Mean(), [2, 3, 4]),
        ["mean over two"] = new(x => x[0].Square().Mean(0, 1), [2, 3, 4]),
        ["repeat"] = new(x => x[0].RepeatTo(new TensorShape(2, 3, 4)).Square(), [3, 1]),
        ["repeat of a number"] = new(
            x => x[0].RepeatTo(new TensorShape(2, 3)).Square(),
            [
                [],
            ]
        ),
        ["reshape"] = new(x => x[0].Reshape(3, 4).Square() * x[1], [2, 6], [4]),
        ["permute"] = new(x => x[0].Permute(2, 0, 1).Square(), [2, 3, 4]),
        ["permute of four"] = new(x => x[0].Permute(3, 1, 0, 2).Square(), [2, 1, 3, 2]),
        ["slice of the first"] = new(x => x[0].Slice(0, 1, 2).Square(), [4, 3]),
        ["slice in between"] = new(x => x[0].Slice(1, 2, 1).Square(), [2, 4, 3]),
        ["slice of the last"] = new(x => x[0].Slice(2, 0, 2).Square(), [2, 2, 3]),
        ["slices that overlap"] = new(x => x[0].Slice(0, 0, 4) * x[0].Slice(0, 2, 4), [6]),
        ["pad of the first"] = new(x => x[0].Square().Pad(0, 1, 4), [2, 3]),
        ["pad in between"] = new(x => x[0].Square().Pad(1, 2, 5), [2, 2, 3]),
        ["pad of the last"] = new(x => x[0].Square().Pad(1, 0, 5), [2, 3]),
        ["concatenate"] = new(x => Tensor.Concatenate(0, x[0], x[1], x[2]).Square(), [2, 3], [1, 3], [3, 3]),
        ["concatenate in between"] = new(x => Tensor.Concatenate(1, x[0], x[1]).Square(), [2, 1, 3], [2, 2, 3]),
        ["concatenate with itself"] = new(x => Tensor.Concatenate(1, x[0], x[0].Square(), x[0]).Square(), [3, 2]),
        ["A B"] = new(x => Tensor.MatrixProduct(x[0], x[1]), [3, 4], [4, 2]),
        ["A' B"] = new(x => Tensor.MatrixProduct(x[0], x[1], true), [4, 3], [4, 2]),
        ["A B'"] = new(x => Tensor.MatrixProduct(x[0], x[1], false, true), [3, 4], [2, 4]),
        ["A' B'"] = new(x => Tensor.MatrixProduct(x[0], x[1], true, true), [4, 3], [2, 4]),
        ["A B, batch"] = new(x => Tensor.MatrixProduct(x[0], x[1]), [2, 3, 4], [2, 4, 2]),
        ["A' B, batch"] = new(x => Tensor.MatrixProduct(x[0], x[1], true), [2, 4, 3], [2, 4, 2]),
        ["A B', batch"] = new(x => Tensor.MatrixProduct(x[0], x[1], false, true), [2, 3, 4], [2, 2, 4]),
        ["A' B', batch"] = new(x => Tensor.MatrixProduct(x[0], x[1], true, true), [2, 4, 3], [2, 2, 4]),
        ["A A'"] = new(x => Tensor.MatrixProduct(x[0], x[0], false, true), [3, 4]),
        ["convolution"] = new(x => Tensor.Convolution(Line, x[0], x[1]), [2, 7, 2], [1, 3, 2, 3]),
        ["convolution, 2-D"] = new(x => Tensor.Convolution(Plane, x[0], x[1]), [2, 5, 4, 2], [3, 2, 2, 1]),
        ["convolution, remainder"] = new(x => Tensor.Convolution(Remainder, x[0], x[1]), [1, 6, 6, 1], [3, 3, 1, 2]),
        ["transposed convolution"] = new(x => Tensor.TransposedConvolution(Line, x[0], x[1]), [2, 4, 3], [1, 3, 2, 3]),
        ["transposed convolution, 2-D"] = new(x => Tensor.TransposedConvolution(Plane, x[0], x[1]), [2, 3, 3, 1], [3, 2, 2, 1]),
        ["transposed convolution, remainder"] = new(x => Tensor.TransposedConvolution(Remainder, x[0], x[1]), [1, 3, 2, 2], [3, 3, 1, 2]),
    };

    public static IEnumerable<string> Names => Cases.Keys;

    public static (Tensor Output, Variable[] Variables) Create(string name, ComputeDevice device) => Cases[name].Create(device);

    private static ConvolutionShape Shape(
        (int Batch, int Height, int Width) input,
        (int Input, int Output) channels,
        (int Height, int Width) kernel,
        (int Height, int Width) stride,
        (int Height, int Width) padding
    ) => new(input.Batch, (input.Height, input.Width, channels.Input), (kernel.Height, kernel.Width, channels.Output), stride, padding);
}

/// <summary>An operation and where it is tried.</summary>
/// <param name="Function">The operation.</param>
/// <param name="Shapes">The shapes of its operands.</param>
internal sealed record OperationCase(Func<Variable[], Tensor> Function, params int[][] Shapes)
{
    public double Low { get; init; } = -1;

    public double High { get; init; } = 1;

    public bool HasKink { get; init; }

    public (Tensor Output, Variable[] Variables) Create(ComputeDevice device)
    {
        var variables = Shapes
            .Select(
                (dimensions, number) =>
                {
                    var shape = new TensorShape(dimensions);
                    return device.Variable(
                        shape,
                        HasKink ? DeviceNumbers.AwayFromZero(number, shape.Length) : DeviceNumbers.Uniform(number, shape.Length, Low, High)
                    );
                }
            )
            .ToArray();
        return (Function(variables), variables);
    }
}
