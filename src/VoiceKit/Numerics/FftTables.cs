using System.Collections.Concurrent;

namespace VoiceKit.Numerics;

/// <summary>The twiddle factors of one transform length, read only and shared by all <see cref="RealFft"/> objects of that length.</summary>
/// <remarks>
/// With M = N / 2 and w(n, k) = exp(-2 pi i k / n), one block of memory holds, each in the order of use:
/// First: for every group of four p the vectors w(M, p), w(M, 2p), w(M, 3p), lanes in the order p, p + 2, p + 1, p + 3;
/// Middle: for every middle stage of length n and every p below n / 4 the numbers w(n, p), w(n, 2p), w(n, 3p);
/// Split: for every group of four k below M / 2 the vector w(N, k) / 2.
/// </remarks>
internal sealed unsafe class FftTables
{
    private static readonly ConcurrentDictionary<int, FftTables> Cache = new();

    private readonly FftBuffer buffer;

    private FftTables(int length)
    {
        var half = length / 2;
        LastRadix = int.IsOddInteger(int.Log2(half)) ? 8 : 4;
        var middle = 0;
        for (var n = half / 4; n > LastRadix; n /= 4)
            middle += n / 4 * 6;

        buffer = new FftBuffer((half / 4 * 6) + ((middle + 7) / 8 * 8) + half);
        var next = First = buffer.Pointer;
        for (var p = 0; p < half / 4; p += 4)
        {
            for (var j = 1; j <= 3; j++)
            {
                StoreVector(next, half, [j * p, j * (p + 2), j * (p + 1), j * (p + 3)], 1);
                next += FftComplex.Size;
            }
        }

        Middle = next;
        for (var n = half / 4; n > LastRadix; n /= 4)
        {
            for (var p = 0; p < n / 4; p++)
            {
                for (var j = 1; j <= 3; j++)
                {
                    (next[0], next[1]) = Twiddle(n, j * p);
                    next += 2;
                }
            }
        }

        next = Split = Middle + ((middle + 7) / 8 * 8);
        for (var k = 0; k < half / 2; k += 4)
        {
            StoreVector(next, length, [k, k + 1, k + 2, k + 3], 0.5);
            next += FftComplex.Size;
        }
    }

    /// <summary>The radix of the last stage, 4 or 8, so that the other stages are all of radix 4.</summary>
    public int LastRadix { get; }

    public double* First { get; }

    public double* Middle { get; }

    public double* Split { get; }

    public static FftTables Get(int length) => Cache.GetOrAdd(length, static length => new FftTables(length));

    /// <summary>Keeps the memory behind the pointers alive up to this call.</summary>
    public void KeepAlive() => GC.KeepAlive(buffer);

    private static void StoreVector(double* destination, int n, ReadOnlySpan<int> exponents, double scale)
    {
        for (var lane = 0; lane < 4; lane++)
        {
            var (re, im) = Twiddle(n, exponents[lane]);
            destination[lane] = scale * re;
            destination[lane + 4] = scale * im;
        }
    }

    // The quotient is exact, because n is a power of two: only the sine itself rounds.
    private static (double Re, double Im) Twiddle(int n, int k)
    {
        var (sin, cos) = double.SinCosPi(2.0 * k / n);
        return (cos, -sin);
    }
}
