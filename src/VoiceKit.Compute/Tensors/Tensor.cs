using VoiceKit.Devices;

namespace VoiceKit.Tensors;

/// <summary>
/// A number, or a grid of them, that an operation will compute: a node of an immutable expression. Nothing runs before a
/// <see cref="ComputeProgram"/> is made of it. Operators work element by element; the smaller operand is repeated along dimensions of
/// length 1 and those that it lacks at the front.
/// </summary>
public partial class Tensor
{
    internal Tensor(TensorShape shape, Operation? operation, params Tensor[] inputs) =>
        (Shape, Operation, Inputs) = (shape, operation, inputs);

    /// <summary>Gets the dimensions.</summary>
    public TensorShape Shape { get; }

    /// <summary>Gets the operation that computes it; null for a <see cref="Variable"/>.</summary>
    internal Operation? Operation { get; }

    /// <summary>Gets the tensors that it is computed from.</summary>
    internal IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>A tensor of one value throughout.</summary>
    /// <param name="value">The value.</param>
    /// <param name="shape">The shape.</param>
    public static Tensor Filled(float value, TensorShape shape) => new(shape, new FillOperation(value));

    /// <summary>x + y.</summary>
    public static Tensor operator +(Tensor x, Tensor y) => Combined(BinaryKind.Add, x, y);

    /// <summary>x - y.</summary>
    public static Tensor operator -(Tensor x, Tensor y) => Combined(BinaryKind.Add, x, y, -1);

    /// <summary>x y, element by element.</summary>
    public static Tensor operator *(Tensor x, Tensor y) => Combined(BinaryKind.Multiply, x, y);

    /// <summary>x / y, element by element.</summary>
    public static Tensor operator /(Tensor x, Tensor y) => x * y.Reciprocal();

    /// <summary>x + c.</summary>
    public static Tensor operator +(Tensor x, float c) => x.Affine(1, c);

    /// <summary>x - c.</summary>
    public static Tensor operator -(Tensor x, float c) => x.Affine(1, -c);

    /// <summary>c - x.</summary>
    public static Tensor operator -(float c, Tensor x) => x.Affine(-1, c);

    /// <summary>c x.</summary>
    public static Tensor operator *(float c, Tensor x) => x.Affine(c, 0);

    /// <summary>c x.</summary>
    public static Tensor operator *(Tensor x, float c) => x.Affine(c, 0);

    /// <summary>x / c.</summary>
    public static Tensor operator /(Tensor x, float c) => x.Affine(1 / c, 0);

    /// <summary>-x.</summary>
    public static Tensor operator -(Tensor x) => x.Affine(-1, 0);

    /// <inheritdoc/>
    public override string ToString() => $"{Operation?.GetType().Name ?? "Variable"} {Shape}";

    /// <summary>The scale is that of y.</summary>
    private static Tensor Combined(BinaryKind kind, Tensor x, Tensor y, float scale = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var (lengthX, lengthY) = (x.Shape.Length, y.Shape.Length);
        var isInOrder = lengthX > lengthY || (lengthX == lengthY && x.Shape.Rank >= y.Shape.Rank);
        if (!isInOrder)
            (x, y, scale) = (y * scale, x, 1);
        return new Tensor(x.Shape, new BinaryOperation(new BinaryFunction(kind, scale), Broadcast.Of(x.Shape, y.Shape)), x, y);
    }

    private Tensor Unary(UnaryKind kind, float scale = 1, float offset = 0) =>
        new(Shape, new UnaryOperation(new UnaryFunction(kind, scale, offset)), this);
}

/// <summary>A tensor whose numbers are kept between runs: a parameter, a state, or what the host fills in before a run.</summary>
public sealed class Variable : Tensor
{
    private DeviceArray? storage;

    /// <summary>Creates a variable that gets its memory later.</summary>
    /// <param name="shape">The shape.</param>
    public Variable(TensorShape shape)
        : base(shape, null) { }

    /// <summary>Creates a variable with memory of its own, zero at first.</summary>
    /// <param name="device">The device.</param>
    /// <param name="shape">The shape.</param>
    public Variable(ComputeDevice device, TensorShape shape)
        : base(shape, null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(shape);
        storage = new DeviceArray(device.Allocate(shape.Length));
    }

    /// <summary>Gets where the numbers lie.</summary>
    /// <exception cref="InvalidOperationException">It has no memory yet.</exception>
    public DeviceArray Storage => storage ?? throw new InvalidOperationException($"A variable of shape {Shape} has no memory yet.");

    /// <summary>Gives the variable its memory, once.</summary>
    internal void Place(DeviceArray place)
    {
        if (storage is not null)
            throw new InvalidOperationException("The variable has its memory already.");
        if (place.Length != Shape.Length)
            throw new ArgumentException($"{place.Length} floats do not fit the shape {Shape}.", nameof(place));
        storage = place;
    }
}

/// <summary>An operation: computes a tensor from its inputs, and the gradients with respect to them. Immutable.</summary>
internal abstract class Operation
{
    /// <summary>Whether the result is its input's memory under another shape: nothing is computed.</summary>
    internal virtual bool IsView => false;

    /// <summary>The operation as a step of a chain that has computed one of the inputs; null where it is not elementwise.</summary>
    internal virtual ChainStep? StepOn(int input) => null;

    /// <summary>Computes the result on a device.</summary>
    internal abstract void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output);

    /// <summary>
    /// The gradient of a scalar with respect to one input, as new tensors: it can be differentiated again. Null where it is zero.
    /// </summary>
    /// <param name="result">What this operation computed.</param>
    /// <param name="gradient">The scalar's gradient with respect to <paramref name="result"/>, of its shape.</param>
    /// <param name="input">The number of the input.</param>
    internal abstract Tensor? Gradient(Tensor result, Tensor gradient, int input);
}
