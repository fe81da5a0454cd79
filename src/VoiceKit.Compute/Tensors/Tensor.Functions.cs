using VoiceKit.Devices;

namespace VoiceKit.Tensors;

/// <content>Functions of tensors.</content>
public partial class Tensor
{
    /// <summary>scale x + offset.</summary>
    /// <param name="scale">The factor.</param>
    /// <param name="offset">What is added.</param>
    public Tensor Affine(float scale, float offset) => scale == 1 && offset == 0 ? this : Unary(UnaryKind.Affine, scale, offset);

    /// <summary>e^x.</summary>
    public Tensor Exp() => Unary(UnaryKind.Exp);

    /// <summary>The natural logarithm.</summary>
    public Tensor Log() => Unary(UnaryKind.Log);

    /// <summary>The square root.</summary>
    public Tensor Sqrt() => Unary(UnaryKind.Sqrt);

    /// <summary>1 / x.</summary>
    public Tensor Reciprocal() => Unary(UnaryKind.Reciprocal);

    /// <summary>x^2.</summary>
    public Tensor Square() => Unary(UnaryKind.Square);

    /// <summary>tanh x.</summary>
    public Tensor Tanh() => Unary(UnaryKind.Tanh);

    /// <summary>1 / (1 + e^-x).</summary>
    public Tensor Sigmoid() => Unary(UnaryKind.Sigmoid);

    /// <summary>log(1 + e^x).</summary>
    public Tensor Softplus() => Unary(UnaryKind.Softplus);

    /// <summary>x where x > 0, else 0.</summary>
    public Tensor Relu() => LeakyRelu(0);

    /// <summary>x where x > 0, slope x elsewhere.</summary>
    /// <param name="slope">The slope below 0.</param>
    public Tensor LeakyRelu(float slope = 0.2f) => Unary(UnaryKind.LeakyRelu, slope);

    /// <summary>Softmax along the last dimension.</summary>
    public Tensor Softmax() => new(Shape, new SoftmaxOperation(Shape[^1]), this);

    /// <summary>
    /// 1 at the largest element along the last dimension and 0 elsewhere; the gradient goes through as if nothing were done (the
    /// straight-through estimator, Bengio, Leonard and Courville 2013).
    /// </summary>
    public Tensor StraightThroughMaximum() => new(Shape, new OneHotOfMaximumOperation(Shape[^1]), this);

    /// <summary>Indices become vectors with a 1 at the index: [...] -> [..., count]. No gradient goes back.</summary>
    /// <param name="count">The length of the vectors.</param>
    public Tensor OneHot(int count) => new(new TensorShape([.. Shape.Dimensions, count]), new OneHotOperation(count), this);

    /// <summary>The same numbers, with no gradient going back.</summary>
    public Tensor StopGradient() => new(Shape, new StopGradientOperation(), this);

    /// <summary>The sum over all elements.</summary>
    public Tensor Sum() => SumTo(new TensorShape());

    /// <summary>The mean of all elements.</summary>
    public Tensor Mean() => Sum() / Shape.Length;

    /// <summary>The sum over some dimensions, which stay with length 1.</summary>
    /// <param name="axes">The dimensions; all where none is given.</param>
    public Tensor Sum(params ReadOnlySpan<int> axes)
    {
        var shape = Shape;
        foreach (var axis in axes)
            shape = shape.With(axis, 1);
        return SumTo(shape);
    }

    /// <summary>The mean over some dimensions, which stay with length 1.</summary>
    /// <param name="axes">The dimensions; all where none is given.</param>
    public Tensor Mean(params ReadOnlySpan<int> axes)
    {
        var sum = Sum(axes);
        return sum * ((float)sum.Shape.Length / Shape.Length);
    }

    /// <summary>The sum over the dimensions that <paramref name="shape"/> lacks or has with length 1.</summary>
    /// <param name="shape">The shape.</param>
    public Tensor SumTo(TensorShape shape) =>
        Shape.Equals(shape) ? this : new Tensor(shape, new SumOperation(Broadcast.Of(Shape, shape)), this);

    /// <summary>The numbers repeated to a larger shape.</summary>
    /// <param name="shape">The shape.</param>
    public Tensor RepeatTo(TensorShape shape) =>
        Shape.Equals(shape) ? this : new Tensor(shape, new RepeatOperation(Broadcast.Of(shape, Shape)), this);

    /// <summary>The same numbers under another shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <exception cref="ArgumentException">The shape has another number of elements.</exception>
    public Tensor Reshape(TensorShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Length != Shape.Length)
            throw new ArgumentException($"A tensor of shape {Shape} cannot take the shape {shape}.", nameof(shape));
        return Shape.Equals(shape) ? this : new Tensor(shape, new ReshapeOperation(), this);
    }

    /// <summary>The same numbers under another shape.</summary>
    /// <param name="dimensions">The lengths of the dimensions.</param>
    public Tensor Reshape(params ReadOnlySpan<int> dimensions) => Reshape(new TensorShape(dimensions));

    /// <summary>The dimensions in another order: dimension i of the result is dimension order[i] of this.</summary>
    /// <param name="order">Which dimension of this tensor each dimension of the result is.</param>
    /// <exception cref="ArgumentException">The order does not name each dimension once.</exception>
    public Tensor Permute(params int[] order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (!order.Order().SequenceEqual(Enumerable.Range(0, Shape.Rank)))
            throw new ArgumentException($"[{string.Join(", ", order)}] does not reorder {Shape.Rank} dimensions.", nameof(order));
        return new Tensor(new TensorShape([.. order.Select(axis => Shape[axis])]), new PermuteOperation(order, Shape), this);
    }

    /// <summary>A range of one dimension.</summary>
    /// <param name="axis">The dimension, counted from 0.</param>
    /// <param name="start">The first index.</param>
    /// <param name="length">The number of elements along it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within the dimension.</exception>
    public Tensor Slice(int axis, int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Shape[axis] - start);
        return length == Shape[axis] ? this : new Tensor(Shape.With(axis, length), new SliceOperation(Shape, axis, start, length), this);
    }

    /// <summary>One dimension with zeros before and behind, so that it has <paramref name="length"/> in all.</summary>
    /// <param name="axis">The dimension, counted from 0.</param>
    /// <param name="before">The zeros in front.</param>
    /// <param name="length">The length with the zeros.</param>
    /// <exception cref="ArgumentOutOfRangeException">It would not hold this tensor.</exception>
    public Tensor Pad(int axis, int before, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, Shape[axis] + before);
        return length == Shape[axis]
            ? this
            : new Tensor(Shape.With(axis, length), new PadOperation(Shape.With(axis, length), axis, before, Shape[axis]), this);
    }

    /// <summary>Tensors joined along one dimension.</summary>
    /// <param name="axis">The dimension, counted from 0.</param>
    /// <param name="parts">The parts, in order.</param>
    public static Tensor Concatenate(int axis, params Tensor[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfZero(parts.Length);
        if (parts.Length == 1)
            return parts[0];
        var length = parts.Sum(part => part.Shape[axis]);
        var shape = parts[0].Shape.With(axis, length);
        return parts.All(part => part.Shape.With(axis, length).Equals(shape))
            ? new Tensor(shape, new ConcatenateOperation(shape, axis, [.. parts.Select(part => part.Shape[axis])]), parts)
            : throw new ArgumentException(
                $"Tensors of shapes {string.Join(", ", parts.Select(part => part.Shape))} cannot be joined along dimension {axis}.",
                nameof(parts)
            );
    }

    /// <summary>
    /// The product of two matrices [rows, inner] and [inner, columns], or of two batches of them with one more dimension in front.
    /// </summary>
    /// <param name="left">The left matrix.</param>
    /// <param name="right">The right matrix.</param>
    /// <param name="transposeLeft">The left matrix is [inner, rows].</param>
    /// <param name="transposeRight">The right matrix is [columns, inner].</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor MatrixProduct(Tensor left, Tensor right, bool transposeLeft = false, bool transposeRight = false)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var (rows, inner) = transposeLeft ? (left.Shape[^1], left.Shape[^2]) : (left.Shape[^2], left.Shape[^1]);
        var (innerRight, columns) = transposeRight ? (right.Shape[^1], right.Shape[^2]) : (right.Shape[^2], right.Shape[^1]);
        var batch = left.Shape.Dimensions[..^2];
        if (inner != innerRight || !batch.SequenceEqual(right.Shape.Dimensions[..^2]))
            throw new ArgumentException($"Matrices of shapes {left.Shape} and {right.Shape} cannot be multiplied.", nameof(right));
        var product = new MatrixProduct(rows, inner, columns, transposeLeft, transposeRight, BatchCount: new TensorShape(batch).Length);
        return new Tensor(new TensorShape([.. batch, rows, columns]), new ProductOperation(product), left, right);
    }

    /// <summary>
    /// A convolution, channels last: input [batch, (height,) width, channels], weights [kernel height, kernel width, input channels, output
    /// channels].
    /// </summary>
    /// <param name="shape">The sizes of the convolution.</param>
    /// <param name="input">The input.</param>
    /// <param name="weights">The weights.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Convolution(ConvolutionShape shape, Tensor input, Tensor weights) =>
        ConvolutionOperation.Apply(shape, ConvolutionKind.Forward, input, weights);

    /// <summary>
    /// The transposed convolution: what the gradient of <see cref="Convolution"/> does, from its output's shape to its input's.
    /// </summary>
    /// <param name="shape">The sizes of the convolution.</param>
    /// <param name="input">The input.</param>
    /// <param name="weights">The weights.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor TransposedConvolution(ConvolutionShape shape, Tensor input, Tensor weights) =>
        ConvolutionOperation.Apply(shape, ConvolutionKind.InputGradient, input, weights);
}
