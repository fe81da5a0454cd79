using System.Runtime.Intrinsics;

namespace VoiceKit.Compute;

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
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> scale, Vector256<float> offset) => Vector256.FusedMultiplyAdd(x, scale, offset);
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
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y, Vector256<float> scale) => Vector256.FusedMultiplyAdd(scale, y, x);
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
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y, Vector256<float> scale) => Vector256.FusedMultiplyAdd(scale, y - x, x);
}
