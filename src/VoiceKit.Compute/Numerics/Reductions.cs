using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Numerics;

/// <summary>
/// Sums over spans in a fixed order. TensorPrimitives' sums start at an address that suits the hardware, so that equal input gives bits
/// that differ from run to run; a model must not.
/// </summary>
internal static class Reductions
{
    private interface ITerm
    {
        static abstract Vector256<double> Add(Vector256<double> sum, Vector256<double> x, Vector256<double> y);

        static abstract double Add(double sum, double x, double y);
    }

    /// <summary>The sum of x[i].</summary>
    public static double Sum(ReadOnlySpan<double> x) => Reduce<PlainTerm>(x, x);

    /// <summary>The sum of x[i]^2.</summary>
    public static double SumOfSquares(ReadOnlySpan<double> x) => Reduce<ProductTerm>(x, x);

    /// <summary>The sum of x[i] y[i].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Reduce<ProductTerm>(x, y);

    /// <summary>The Euclidean distance, the root of the sum of (x[i] - y[i])^2.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Math.Sqrt(Reduce<DifferenceTerm>(x, y));

    private static double Reduce<TTerm>(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        where TTerm : struct, ITerm
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"The spans have {x.Length} and {y.Length} values: they must have as many.", nameof(y));
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        Vector256<double> s0 = default,
            s1 = default,
            s2 = default,
            s3 = default;
        nuint i = 0;
        var length = (nuint)x.Length;
        for (; i + 16 <= length; i += 16)
        {
            s0 = TTerm.Add(s0, Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i));
            s1 = TTerm.Add(s1, Vector256.LoadUnsafe(ref a, i + 4), Vector256.LoadUnsafe(ref b, i + 4));
            s2 = TTerm.Add(s2, Vector256.LoadUnsafe(ref a, i + 8), Vector256.LoadUnsafe(ref b, i + 8));
            s3 = TTerm.Add(s3, Vector256.LoadUnsafe(ref a, i + 12), Vector256.LoadUnsafe(ref b, i + 12));
        }

        for (; i + 4 <= length; i += 4)
            s0 = TTerm.Add(s0, Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i));
        var sum = Vector256.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++)
            sum = TTerm.Add(sum, x[(int)i], y[(int)i]);
        return sum;
    }

    private readonly struct PlainTerm : ITerm
    {
        public static Vector256<double> Add(Vector256<double> sum, Vector256<double> x, Vector256<double> y) => sum + x;

        public static double Add(double sum, double x, double y) => sum + x;
    }

    private readonly struct ProductTerm : ITerm
    {
        public static Vector256<double> Add(Vector256<double> sum, Vector256<double> x, Vector256<double> y) =>
            Vector256.FusedMultiplyAdd(x, y, sum);

        public static double Add(double sum, double x, double y) => Math.FusedMultiplyAdd(x, y, sum);
    }

    private readonly struct DifferenceTerm : ITerm
    {
        public static Vector256<double> Add(Vector256<double> sum, Vector256<double> x, Vector256<double> y) =>
            Vector256.FusedMultiplyAdd(x - y, x - y, sum);

        public static double Add(double sum, double x, double y) => Math.FusedMultiplyAdd(x - y, x - y, sum);
    }
}
