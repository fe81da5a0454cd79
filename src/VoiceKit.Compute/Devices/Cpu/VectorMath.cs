using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Devices;

/// <summary>
/// Elementary functions of eight floats: the same bits for a number wherever it lies. Exp and Log reduce the argument and use minimax
/// polynomials as in the Cephes library (Moshier 1989); the error is below 2 units in the last place.
/// </summary>
internal static class VectorMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // exp(x) = 2^n exp(r), |r| <= log(2) / 2. The bounds keep 2^n a normal number.
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-87.3f)), Vector256.Create(88.0f));
        var n = Vector256.Floor(Vector256.FusedMultiplyAdd(x, Vector256.Create(1.44269504f), Vector256.Create(0.5f)));
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-0.693359375f), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(2.12194440e-4f), r);
        var p = Vector256.Create(1.9875691500e-4f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        p = Vector256.FusedMultiplyAdd(p, r * r, r) + Vector256<float>.One;
        var power = Vector256.ShiftLeft(Vector256.ConvertToInt32(n) + Vector256.Create(127), 23);
        return p * power.AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> x)
    {
        // x = 2^e m with m in [sqrt(1/2), sqrt(2)): log(x) = e log(2) + log(m).
        var bits = x.AsInt32();
        var exponent = Vector256.ShiftRightLogical(bits, 23) - Vector256.Create(126);
        var m = ((bits & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F000000)).AsSingle();
        var small = Vector256.LessThan(m, Vector256.Create(0.707106781f));
        var e = Vector256.ConvertToSingle(exponent) - (small & Vector256<float>.One);
        m = m + (small & m) - Vector256<float>.One;
        var square = m * m;
        var p = Vector256.Create(7.0376836292e-2f);
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-1.1514610310e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(1.1676998740e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-1.2420140846e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(1.4249322787e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-1.6668057665e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(2.0000714765e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-2.4999993993e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(3.3333331174e-1f));
        var log =
            Vector256.FusedMultiplyAdd(
                p * m,
                square,
                Vector256.FusedMultiplyAdd(e, Vector256.Create(-2.12194440e-4f), square * Vector256.Create(-0.5f))
            ) + m;
        log = Vector256.FusedMultiplyAdd(e, Vector256.Create(0.693359375f), log);

        // Zero, negative, infinite and undefined arguments.
        log = Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<float>.Zero), log, Vector256.Create(float.NaN));
        log = Vector256.ConditionalSelect(Vector256.Equals(x, Vector256<float>.Zero), Vector256.Create(float.NegativeInfinity), log);
        return Vector256.ConditionalSelect(Vector256.Equals(x, Vector256.Create(float.PositiveInfinity)), x, log);
    }

    /// <summary>tanh x = 1 - 2 / (e^2x + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x) =>
        Vector256<float>.One - (Vector256.Create(2f) / (Exp(x + x) + Vector256<float>.One));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sigmoid(Vector256<float> x) => Vector256<float>.One / (Exp(-x) + Vector256<float>.One);

    /// <summary>log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Softplus(Vector256<float> x) =>
        Vector256.Max(x, Vector256<float>.Zero) + Log(Vector256<float>.One + Exp(-Vector256.Abs(x)));
}
