using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VoiceKit.Numerics;

/// <summary>Four complex numbers: their real parts in one vector, their imaginary parts in another. The unit the FFT works on.</summary>
internal readonly unsafe struct FftComplex(Vector256<double> re, Vector256<double> im)
{
    /// <summary>The number of doubles that four complex numbers take: [re re re re][im im im im].</summary>
    public const int Size = 8;

    public readonly Vector256<double> Re = re;
    public readonly Vector256<double> Im = im;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex operator +(FftComplex a, FftComplex b) => new(a.Re + b.Re, a.Im + b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex operator -(FftComplex a, FftComplex b) => new(a.Re - b.Re, a.Im - b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex operator *(FftComplex a, FftComplex b) =>
        new(Vector256.MultiplyAddEstimate(a.Re, b.Re, -(a.Im * b.Im)), Vector256.MultiplyAddEstimate(a.Re, b.Im, a.Im * b.Re));

    /// <summary>a + i b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex AddTimesI(FftComplex a, FftComplex b) => new(a.Re - b.Im, a.Im + b.Re);

    /// <summary>a - i b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex SubtractTimesI(FftComplex a, FftComplex b) => new(a.Re + b.Im, a.Im - b.Re);

    /// <summary>Reads [re re re re][im im im im].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex Load(double* source) => new(Vector256.Load(source), Vector256.Load(source + 4));

    /// <summary>Reads one complex number, real part first, and repeats it four times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex Broadcast(double* source) => new(Vector256.Create(source[0]), Vector256.Create(source[1]));

    /// <summary>
    /// Reads four interleaved numbers z[0 .. 3] = re im re im re im re im, in the order z[0], z[2], z[1], z[3] (which costs no
    /// permutation).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex LoadInterleaved(double* source)
    {
        var low = Vector256.Load(source);
        var high = Vector256.Load(source + 4);
        return new(UnpackLow(low, high), UnpackHigh(low, high));
    }

    /// <summary>Writes [re re re re][im im im im].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(double* destination)
    {
        Re.Store(destination);
        Im.Store(destination + 4);
    }

    /// <summary>Writes four numbers in order as re im re im re im re im.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(double* destination, Vector256<double> re, Vector256<double> im)
    {
        var even = UnpackLow(re, im);
        var odd = UnpackHigh(re, im);
        ConcatLow(even, odd).Store(destination);
        ConcatHigh(even, odd).Store(destination + 4);
    }

    /// <summary>Writes four numbers in reverse order as re im re im re im re im.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleavedReversed(double* destination, Vector256<double> re, Vector256<double> im)
    {
        var even = UnpackLow(re, im);
        var odd = UnpackHigh(re, im);
        ConcatHigh(odd, even).Store(destination);
        ConcatLow(odd, even).Store(destination + 4);
    }

    /// <summary>Transposes: lane l of the four vectors becomes vector l.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref Vector256<double> a, ref Vector256<double> b, ref Vector256<double> c, ref Vector256<double> d)
    {
        var ab02 = UnpackLow(a, b);
        var ab13 = UnpackHigh(a, b);
        var cd02 = UnpackLow(c, d);
        var cd13 = UnpackHigh(c, d);
        a = ConcatLow(ab02, cd02);
        b = ConcatLow(ab13, cd13);
        c = ConcatHigh(ab02, cd02);
        d = ConcatHigh(ab13, cd13);
    }

    /// <summary>The four lanes in reverse order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Reverse(Vector256<double> a) => Vector256.Shuffle(a, Vector256.Create(3L, 2, 1, 0));

    // a0 b0 a2 b2
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> UnpackLow(Vector256<double> a, Vector256<double> b) =>
        Avx.IsSupported ? Avx.UnpackLow(a, b) : Vector256.Create(a[0], b[0], a[2], b[2]);

    // a1 b1 a3 b3
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> UnpackHigh(Vector256<double> a, Vector256<double> b) =>
        Avx.IsSupported ? Avx.UnpackHigh(a, b) : Vector256.Create(a[1], b[1], a[3], b[3]);

    // a0 a1 b0 b1
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> ConcatLow(Vector256<double> a, Vector256<double> b) =>
        Avx.IsSupported ? Avx.Permute2x128(a, b, 0x20) : Vector256.Create(a.GetLower(), b.GetLower());

    // a2 a3 b2 b3
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> ConcatHigh(Vector256<double> a, Vector256<double> b) =>
        Avx.IsSupported ? Avx.Permute2x128(a, b, 0x31) : Vector256.Create(a.GetUpper(), b.GetUpper());
}

/// <summary>
/// The twiddle factors of one transform length, read only and shared by all <see cref="RealFft"/> objects of that length.
/// </summary>
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

    /// <summary>Gets the radix of the last stage, 4 or 8, so that the other stages are all of radix 4.</summary>
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
