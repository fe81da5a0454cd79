using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Numerics;

/// <summary>
/// Exponentials, logarithms, sines and cosines of whole spans, within 1 unit in the last place or so. Each result depends on its argument
/// alone: TensorPrimitives' results also depend on an array's place in memory, on the values beside it and on how far the runtime has
/// optimised.
/// </summary>
internal static class ElementaryFunctions
{
    // Added to a number below 2^51 it rounds that number to an integer, which is then found in the low bits.
    private const double Rounder = 6755399441055744;
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double MaxAngle = 1e6;

    private interface IFunction
    {
        static abstract Vector256<double> Invoke(Vector256<double> x);
    }

    /// <summary>e^x; 0 below -745.2, infinity above 709.8. The spans may be the same.</summary>
    internal static void Exp(ReadOnlySpan<double> x, Span<double> destination) => Apply<ExpFunction>(x, destination);

    /// <summary>ln x; -infinity at 0, NaN below. The spans may be the same.</summary>
    internal static void Log(ReadOnlySpan<double> x, Span<double> destination) => Apply<LogFunction>(x, destination);

    /// <summary>sin x and cos x. Either destination may be the source.</summary>
    internal static void SinCos(ReadOnlySpan<double> x, Span<double> sine, Span<double> cosine)
    {
        ThrowIfShorter(sine.Length, x.Length, nameof(sine));
        ThrowIfShorter(cosine.Length, x.Length, nameof(cosine));
        var i = 0;
        for (; i <= x.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var (s, c) = SinCos(Vector256.Create(x[i..]));
            s.CopyTo(sine[i..]);
            c.CopyTo(cosine[i..]);
        }

        if (i == x.Length)
            return;
        var (lastSine, lastCosine) = SinCos(LoadPart(x[i..]));
        StorePart(lastSine, sine[i..x.Length]);
        StorePart(lastCosine, cosine[i..x.Length]);
    }

    private static void Apply<TFunction>(ReadOnlySpan<double> x, Span<double> destination)
        where TFunction : struct, IFunction
    {
        ThrowIfShorter(destination.Length, x.Length, nameof(destination));
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var i = 0;
        for (; i <= x.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            TFunction.Invoke(Vector256.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        if (i < x.Length)
            StorePart(TFunction.Invoke(LoadPart(x[i..])), destination[i..x.Length]);
    }

    private static (Vector256<double> Sine, Vector256<double> Cosine) SinCos(Vector256<double> x)
    {
        // x = n pi / 2 + r with pi / 2 in three parts, then the polynomials of fdlibm's k_sin and k_cos on |r| <= pi / 4.
        var shifted = Vector256.FusedMultiplyAdd(x, Vector256.Create(2 / Math.PI), Vector256.Create(Rounder));
        var quadrant = shifted.AsInt64();
        var n = shifted - Vector256.Create(Rounder);
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-1.57079632679489655800e+00), x);
        var tail = n * Vector256.Create(6.12323399573676603587e-17);
        var reduced = r - tail;
        var low = r - reduced - tail;
        var square = reduced * reduced;

        var s = Vector256.FusedMultiplyAdd(
            square,
            Vector256.Create(1.58969099521155010221e-10),
            Vector256.Create(-2.50507602534068634195e-08)
        );
        s = Vector256.FusedMultiplyAdd(s, square, Vector256.Create(2.75573137070700676789e-06));
        s = Vector256.FusedMultiplyAdd(s, square, Vector256.Create(-1.98412698298579493134e-04));
        s = Vector256.FusedMultiplyAdd(s, square, Vector256.Create(8.33333333332248946124e-03));
        s = Vector256.FusedMultiplyAdd(s, square, Vector256.Create(-1.66666666666666324348e-01));
        var sine = reduced + Vector256.FusedMultiplyAdd(s * square, reduced, low);

        var c = Vector256.FusedMultiplyAdd(
            square,
            Vector256.Create(-1.13596475577881948265e-11),
            Vector256.Create(2.08757232129817482790e-09)
        );
        c = Vector256.FusedMultiplyAdd(c, square, Vector256.Create(-2.75573143513906633035e-07));
        c = Vector256.FusedMultiplyAdd(c, square, Vector256.Create(2.48015872894767294178e-05));
        c = Vector256.FusedMultiplyAdd(c, square, Vector256.Create(-1.38888888888741095749e-03));
        c = Vector256.FusedMultiplyAdd(c, square, Vector256.Create(4.16666666666666019037e-02));
        var half = square * Vector256.Create(0.5);
        var lead = Vector256<double>.One - half;
        var rest = Vector256<double>.One - lead - half;
        var cosine = lead + (rest + Vector256.FusedMultiplyAdd(c * square, square, -(reduced * low)));

        // Odd quadrants exchange the two; the sine changes sign in quadrants 2 and 3, the cosine in 1 and 2.
        var odd = Vector256.Equals(quadrant & Vector256<long>.One, Vector256<long>.One).AsDouble();
        var sineSign = (Vector256.ShiftLeft(quadrant, 62) & Vector256.Create(long.MinValue)).AsDouble();
        var cosineSign = (Vector256.ShiftLeft(quadrant + Vector256<long>.One, 62) & Vector256.Create(long.MinValue)).AsDouble();
        var result = (
            Sine: Vector256.ConditionalSelect(odd, cosine, sine) ^ sineSign,
            Cosine: Vector256.ConditionalSelect(odd, sine, cosine) ^ cosineSign
        );
        var usual = Vector256.LessThanOrEqual(Vector256.Abs(x), Vector256.Create(MaxAngle));
        if (Vector256.EqualsAll(usual.AsInt64(), Vector256<long>.AllBitsSet))
            return result;
        return (
            Vector256.ConditionalSelect(usual, result.Sine, OneByOne(x, Math.Sin)),
            Vector256.ConditionalSelect(usual, result.Cosine, OneByOne(x, Math.Cos))
        );
    }

    private static Vector256<double> OneByOne(Vector256<double> x, Func<double, double> function) =>
        Vector256.Create(function(x[0]), function(x[1]), function(x[2]), function(x[3]));

    private static Vector256<double> LoadPart(ReadOnlySpan<double> x)
    {
        Span<double> lanes = stackalloc double[Vector256<double>.Count];
        lanes.Fill(1);
        x.CopyTo(lanes);
        return Vector256.Create<double>(lanes);
    }

    private static void StorePart(Vector256<double> values, Span<double> destination)
    {
        Span<double> lanes = stackalloc double[Vector256<double>.Count];
        values.CopyTo(lanes);
        lanes[..destination.Length].CopyTo(destination);
    }

    private static void ThrowIfShorter(int length, int needed, string name)
    {
        if (length < needed)
            throw new ArgumentException($"The span has {length} values; at least {needed} are needed.", name);
    }

    private readonly struct ExpFunction : IFunction
    {
        public static Vector256<double> Invoke(Vector256<double> x)
        {
            // e^x = 2^n e^r with |r| <= ln 2 / 2, e^r by its series to r^13, which leaves 4e-18.
            var clamped = Vector256.MinNative(Vector256.MaxNative(x, Vector256.Create(-760.0)), Vector256.Create(720.0));
            var rounder = Vector256.Create(Rounder);
            var n = Vector256.FusedMultiplyAdd(clamped, Vector256.Create(1.44269504088896338700), rounder) - rounder;
            var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2High), clamped);
            r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2Low), r);
            var p = Vector256.Create(1.0 / 6227020800);
            p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 479001600));
            p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 39916800));
            p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 3628800));
            p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 362880));
            p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 40320));
            p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 5040));
            p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 720));
            p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 120));
            p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 24));
            p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 6));
            p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(0.5));
            p = Vector256.FusedMultiplyAdd(p, r, Vector256<double>.One);
            p = Vector256.FusedMultiplyAdd(p, r, Vector256<double>.One);

            // 2^n in two factors, so that neither leaves the range; the integer in the low bits is shifted to where the exponent is.
            var first = Vector256.FusedMultiplyAdd(n, Vector256.Create(0.5), rounder) - rounder;
            var bias = Vector256.Create(Rounder + 1023);
            var scale0 = Vector256.ShiftLeft((first + bias).AsInt64(), 52).AsDouble();
            var scale1 = Vector256.ShiftLeft((n - first + bias).AsInt64(), 52).AsDouble();
            return Vector256.ConditionalSelect(Vector256.Equals(x, x), p * scale0 * scale1, x);
        }
    }

    private readonly struct LogFunction : IFunction
    {
        public static Vector256<double> Invoke(Vector256<double> x)
        {
            // x = 2^k m with sqrt(1/2) <= m < sqrt(2), then fdlibm's e_log; numbers too small for a full exponent are scaled first.
            var small = Vector256.LessThan(x, Vector256.Create(2.2250738585072014e-308));
            var scaled = Vector256.ConditionalSelect(small, x * Vector256.Create(18014398509481984.0), x);
            var shifted = scaled.AsInt64() + Vector256.Create(0x3ff0000000000000 - 0x3fe6a09e00000000);
            var exponent = Vector256.ShiftRightLogical(shifted, 52) | Vector256.Create(0x4330000000000000);
            var k = exponent.AsDouble() - Vector256.Create(4503599627370496.0 + 1023) - (small & Vector256.Create(54.0));
            var m = ((shifted & Vector256.Create(0x000fffffffffffff)) + Vector256.Create(0x3fe6a09e00000000)).AsDouble();

            var f = m - Vector256<double>.One;
            var s = f / (Vector256.Create(2.0) + f);
            var z = s * s;
            var w = z * z;
            var even = Vector256.FusedMultiplyAdd(
                w,
                Vector256.Create(1.531383769920937332e-01),
                Vector256.Create(2.222219843214978396e-01)
            );
            even = Vector256.FusedMultiplyAdd(w, even, Vector256.Create(3.999999999940941908e-01)) * w;
            var odd = Vector256.FusedMultiplyAdd(w, Vector256.Create(1.479819860511658591e-01), Vector256.Create(1.818357216161805012e-01));
            odd = Vector256.FusedMultiplyAdd(w, odd, Vector256.Create(2.857142874366239149e-01));
            odd = Vector256.FusedMultiplyAdd(w, odd, Vector256.Create(6.666666666666735130e-01));
            var half = f * f * Vector256.Create(0.5);
            var rest = Vector256.FusedMultiplyAdd(odd, z, even);
            var correction = Vector256.FusedMultiplyAdd(s, half + rest, k * Vector256.Create(Ln2Low));
            var result = Vector256.FusedMultiplyAdd(k, Vector256.Create(Ln2High), correction - half + f);

            var usual = Vector256.GreaterThan(x, Vector256<double>.Zero) & Vector256.LessThan(x, Vector256.Create(double.PositiveInfinity));
            if (Vector256.EqualsAll(usual.AsInt64(), Vector256<long>.AllBitsSet))
                return result;
            return Vector256.ConditionalSelect(usual, result, OneByOne(x, Math.Log));
        }
    }
}

/// <summary>ln of a sum of exponentials, safe for large and small arguments.</summary>
internal static class LogSumExp
{
    /// <summary>
    /// Turns logarithms into shares that sum to 1 and returns the logarithm of their sum. All -infinity gives equal shares.
    /// </summary>
    /// <param name="logarithms">ln of non-negative terms, replaced by each term's share.</param>
    public static double Normalize(Span<double> logarithms)
    {
        var largest = TensorPrimitives.Max<double>(logarithms);
        if (double.IsNegativeInfinity(largest))
        {
            logarithms.Fill(1.0 / logarithms.Length);
            return largest;
        }

        TensorPrimitives.Subtract(logarithms, largest, logarithms);
        ElementaryFunctions.Exp(logarithms, logarithms);
        var sum = Reductions.Sum(logarithms);
        TensorPrimitives.Divide(logarithms, sum, logarithms);
        return largest + Math.Log(sum);
    }
}
