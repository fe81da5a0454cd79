using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Compute;

/// <summary>
/// Loops of elementwise functions. All numbers go through the same vector code, so that a result does not depend on its place: the last
/// eight are computed first, from what is there before a destination that may be the operand is written, and stored last.
/// </summary>
internal static unsafe class CpuElementwise
{
    private const int Width = 8;

    /// <summary>z[i] = f(x[i]).</summary>
    public static void Apply(in UnaryFunction function, float* x, float* z, int length)
    {
        var (scale, offset) = (Vector256.Create(function.Scale), Vector256.Create(function.Offset));
        switch (function.Kind)
        {
            case UnaryKind.Affine: Apply<AffineFunction>(x, z, length, scale, offset); break;
            case UnaryKind.Exp: Apply<ExpFunction>(x, z, length, scale, offset); break;
            case UnaryKind.Log: Apply<LogFunction>(x, z, length, scale, offset); break;
            case UnaryKind.Sqrt: Apply<SqrtFunction>(x, z, length, scale, offset); break;
            case UnaryKind.Reciprocal: Apply<ReciprocalFunction>(x, z, length, scale, offset); break;
            case UnaryKind.Square: Apply<SquareFunction>(x, z, length, scale, offset); break;
            case UnaryKind.Tanh: Apply<TanhFunction>(x, z, length, scale, offset); break;
            case UnaryKind.Sigmoid: Apply<SigmoidFunction>(x, z, length, scale, offset); break;
            case UnaryKind.Softplus: Apply<SoftplusFunction>(x, z, length, scale, offset); break;
            case UnaryKind.LeakyRelu: Apply<LeakyReluFunction>(x, z, length, scale, offset); break;
            default: throw new ArgumentOutOfRangeException(nameof(function), function.Kind, "This is no function of one number.");
        }
    }

    /// <summary>z[i] = f(x[i], y[i]), or with one y for all.</summary>
    public static void Combine(BinaryFunction function, float* x, float* y, bool repeatY, float* z, int length)
    {
        var scale = Vector256.Create(function.Scale);
        switch (function.Kind)
        {
            case BinaryKind.Add: Combine<AddFunction>(x, y, repeatY, z, length, scale); break;
            case BinaryKind.Multiply: Combine<MultiplyFunction>(x, y, repeatY, z, length, scale); break;
            case BinaryKind.LeakyReluGradient: Combine<LeakyReluGradientFunction>(x, y, repeatY, z, length, scale); break;
            case BinaryKind.Interpolate: Combine<InterpolateFunction>(x, y, repeatY, z, length, scale); break;
            default: throw new ArgumentOutOfRangeException(nameof(function), function.Kind, "This is no function of two numbers.");
        }
    }

    private static void Apply<TFunction>(float* x, float* z, int length, Vector256<float> scale, Vector256<float> offset)
        where TFunction : struct, IUnary
    {
        if (length < Width)
        {
            Store(TFunction.Of(Load(x, length), scale, offset), z, length);
            return;
        }

        var last = TFunction.Of(Vector256.Load(x + length - Width), scale, offset);
        for (var i = 0; i < length - Width; i += Width)
            TFunction.Of(Vector256.Load(x + i), scale, offset).Store(z + i);
        last.Store(z + length - Width);
    }

    private static void Combine<TFunction>(float* x, float* y, bool repeatY, float* z, int length, Vector256<float> scale)
        where TFunction : struct, IBinary
    {
        if (length < Width)
        {
            Store(TFunction.Of(Load(x, length), repeatY ? Vector256.Create(*y) : Load(y, length), scale), z, length);
            return;
        }

        if (repeatY)
        {
            var one = Vector256.Create(*y);
            var end = TFunction.Of(Vector256.Load(x + length - Width), one, scale);
            for (var i = 0; i < length - Width; i += Width)
                TFunction.Of(Vector256.Load(x + i), one, scale).Store(z + i);
            end.Store(z + length - Width);
            return;
        }

        var last = TFunction.Of(Vector256.Load(x + length - Width), Vector256.Load(y + length - Width), scale);
        for (var i = 0; i < length - Width; i += Width)
            TFunction.Of(Vector256.Load(x + i), Vector256.Load(y + i), scale).Store(z + i);
        last.Store(z + length - Width);
    }

    /// <summary>Fewer than eight floats, filled up with ones, on which every function is defined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(float* x, int count)
    {
        var all = stackalloc float[Width];
        for (var i = 0; i < Width; i++)
            all[i] = i < count ? x[i] : 1;
        return Vector256.Load(all);
    }

    private static void Store(Vector256<float> vector, float* z, int count)
    {
        for (var i = 0; i < count; i++)
            z[i] = vector[i];
    }
}
