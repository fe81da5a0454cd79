using System.Runtime.Intrinsics;

namespace VoiceKit.Devices;

/// <summary>
/// Elementwise functions one after the other, computed in one pass: the first takes a number from memory, each other what the one before it
/// gave. Between them nothing goes to memory. A step's second number, where it has one, comes from memory.
/// </summary>
public sealed class ElementwiseFusion
{
    /// <summary>The functions of a chain at most.</summary>
    public const int MaxSteps = 6;

    private readonly ChainStep[] steps;

    /// <summary>Describes a chain.</summary>
    /// <param name="source">How the first operand is repeated to the result's length.</param>
    /// <param name="steps">The functions, 1 .. <see cref="MaxSteps"/>.</param>
    /// <exception cref="ArgumentException">There are no steps or too many, or one has another length.</exception>
    public ElementwiseFusion(Broadcast source, params IReadOnlyList<ChainStep> steps)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Count is < 1 or > MaxSteps)
            throw new ArgumentException($"A chain has 1 to {MaxSteps} steps, not {steps.Count}.", nameof(steps));
        if (steps.Any(step => step.Operand is { } operand && operand.LargeLength != source.LargeLength))
            throw new ArgumentException("The steps of a chain have one length.", nameof(steps));
        (Source, this.steps) = (source, [.. steps]);
        OperandCount = 1 + steps.Count(step => step.Operand is not null);
    }

    /// <summary>Gets how the first operand is repeated.</summary>
    public Broadcast Source { get; }

    /// <summary>Gets the functions in their order.</summary>
    public ReadOnlySpan<ChainStep> Steps => steps;

    /// <summary>Gets the number of elements of the result.</summary>
    public int Length => Source.LargeLength;

    /// <summary>Gets how many arrays it reads: the first number's, and one for each function of two numbers.</summary>
    public int OperandCount { get; }
}

/// <summary>A function of an <see cref="ElementwiseFusion"/>: of one number, or of two of which one comes from memory.</summary>
public sealed class ChainStep
{
    private ChainStep(UnaryFunction unary, BinaryFunction binary, Broadcast? operand, bool operandIsFirst) =>
        (Unary, Binary, Operand, OperandIsFirst) = (unary, binary, operand, operandIsFirst);

    /// <summary>Gets the function, where it is of one number.</summary>
    public UnaryFunction Unary { get; }

    /// <summary>Gets the function, where it is of two.</summary>
    public BinaryFunction Binary { get; }

    /// <summary>Gets how the number from memory is repeated; null for a function of one number.</summary>
    public Broadcast? Operand { get; }

    /// <summary>Gets whether the number from memory is the function's first, and what the chain has so far its second.</summary>
    public bool OperandIsFirst { get; }

    /// <summary>A function of what the chain has so far.</summary>
    /// <param name="function">The function.</param>
    public static ChainStep Of(UnaryFunction function) => new(function, default, null, false);

    /// <summary>A function of what the chain has so far and a number from memory.</summary>
    /// <param name="function">The function.</param>
    /// <param name="operand">How the number from memory is repeated.</param>
    /// <param name="operandIsFirst">Whether the number from memory is the function's first argument.</param>
    /// <exception cref="ArgumentException">The number from memory is the first and repeated.</exception>
    public static ChainStep Of(BinaryFunction function, Broadcast operand, bool operandIsFirst = false)
    {
        ArgumentNullException.ThrowIfNull(operand);
        return !operandIsFirst || operand.IsPlain
            ? new ChainStep(default, function, operand, operandIsFirst)
            : throw new ArgumentException("What is repeated is the second number of a function.", nameof(operand));
    }
}

/// <summary>A function of one number, for eight at a time.</summary>
internal interface IUnary
{
    static abstract Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset);
}

/// <summary>A function of two numbers, for eight pairs at a time.</summary>
internal interface IBinary
{
    static abstract Vector256<float> Of(Vector256<float> x, Vector256<float> y, Vector256<float> scale);
}

internal readonly struct AffineFunction : IUnary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset) =>
        Vector256.FusedMultiplyAdd(x, scale, offset);
}

internal readonly struct ExpFunction : IUnary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset) => VectorMath.Exp(x);
}

internal readonly struct LogFunction : IUnary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset) => VectorMath.Log(x);
}

internal readonly struct SqrtFunction : IUnary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset) => Vector256.Sqrt(x);
}

internal readonly struct ReciprocalFunction : IUnary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset) => Vector256<float>.One / x;
}

internal readonly struct SquareFunction : IUnary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset) => x * x;
}

internal readonly struct TanhFunction : IUnary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset) => VectorMath.Tanh(x);
}

internal readonly struct SigmoidFunction : IUnary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset) => VectorMath.Sigmoid(x);
}

internal readonly struct SoftplusFunction : IUnary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset) => VectorMath.Softplus(x);
}

internal readonly struct LeakyReluFunction : IUnary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<float>.Zero), x, scale * x);
}

internal readonly struct AddFunction : IBinary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y, Vector256<float> scale) =>
        Vector256.FusedMultiplyAdd(scale, y, x);
}

internal readonly struct MultiplyFunction : IBinary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y, Vector256<float> scale) => x * y;
}

internal readonly struct LeakyReluGradientFunction : IBinary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y, Vector256<float> scale) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<float>.Zero), y, scale * y);
}

internal readonly struct InterpolateFunction : IBinary
{
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y, Vector256<float> scale) =>
        Vector256.FusedMultiplyAdd(scale, y - x, x);
}

/// <summary>The functions of one number.</summary>
public enum UnaryKind
{
    /// <summary>scale x + offset.</summary>
    Affine,

    /// <summary>e^x.</summary>
    Exp,

    /// <summary>The natural logarithm.</summary>
    Log,

    /// <summary>The square root.</summary>
    Sqrt,

    /// <summary>1 / x.</summary>
    Reciprocal,

    /// <summary>x^2.</summary>
    Square,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>log(1 + e^x), without overflow.</summary>
    Softplus,

    /// <summary>x where x > 0, scale x elsewhere.</summary>
    LeakyRelu,
}

/// <summary>A function of one number.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Scale">Its factor, where it has one.</param>
/// <param name="Offset">What it adds, where it adds.</param>
public readonly record struct UnaryFunction(UnaryKind Kind, float Scale = 1, float Offset = 0);

/// <summary>The functions of two numbers.</summary>
public enum BinaryKind
{
    /// <summary>x + scale y.</summary>
    Add,

    /// <summary>x y.</summary>
    Multiply,

    /// <summary>y where x > 0, scale y elsewhere: the gradient of LeakyRelu.</summary>
    LeakyReluGradient,

    /// <summary>x + scale (y - x).</summary>
    Interpolate,
}

/// <summary>A function of two numbers.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Scale">Its factor, where it has one.</param>
public readonly record struct BinaryFunction(BinaryKind Kind, float Scale = 1);
