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
    public static FftComplex operator *(FftComplex a, FftComplex b) => new(
        Vector256.MultiplyAddEstimate(a.Re, b.Re, -(a.Im * b.Im)),
        Vector256.MultiplyAddEstimate(a.Re, b.Im, a.Im * b.Re));

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

    /// <summary>Reads four interleaved numbers z[0 .. 3] = re im re im re im re im, in the order z[0], z[2], z[1], z[3] (which costs no permutation).</summary>
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
