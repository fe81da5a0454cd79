using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Numerics;

/// <summary>
/// The discrete Fourier transform of real signals, for any power of two. One object for one thread: it owns its scratch memory.
/// </summary>
/// <remarks>
/// The even and odd samples are the real and imaginary parts of a complex FFT of half the length (<see cref="FftStages"/>), from whose bins
/// <see cref="FftHalfLength"/> makes those of the real signal. A call allocates nothing; equal lengths share their tables.
/// </remarks>
public sealed unsafe class RealFft
{
    // Below this length there is no room for four butterflies at a time; nothing needs speed there, so the defining sum does.
    private const int MinFast = 32;

    private readonly FftTables? tables;
    private readonly FftBuffer scratch;

    /// <summary>Prepares transforms of <paramref name="length"/> samples.</summary>
    /// <param name="length">The number of samples N: a power of two, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is not a power of two, or less than 2.</exception>
    public RealFft(int length)
    {
        if (length < 2 || !BitOperations.IsPow2(length))
            throw new ArgumentOutOfRangeException(nameof(length), length, "The transform length must be a power of two, at least 2.");
        Length = length;
        tables = length < MinFast ? null : FftTables.Get(length);
        scratch = new FftBuffer(2 * (length + FftComplex.Size));
    }

    /// <summary>Gets the number of samples N.</summary>
    public int Length { get; }

    /// <summary>Gets the number of bins, N / 2 + 1.</summary>
    public int BinCount => (Length / 2) + 1;

    private double* Ping => scratch.Pointer;

    private double* Pong => scratch.Pointer + Length + FftComplex.Size;

    /// <summary>X[k] = sum over n of x[n] exp(-2 pi i k n / N), for k = 0 .. N / 2.</summary>
    /// <param name="signal">The samples x; the first N are used. It may share memory with the results.</param>
    /// <param name="real">Receives the real parts in its first <see cref="BinCount"/> places.</param>
    /// <param name="imaginary">Receives the imaginary parts in its first <see cref="BinCount"/> places; those of bins 0 and N / 2 are
    /// 0.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Forward(ReadOnlySpan<double> signal, Span<double> real, Span<double> imaginary)
    {
        ThrowIfShorter(signal.Length, Length, nameof(signal));
        ThrowIfShorter(real.Length, BinCount, nameof(real));
        ThrowIfShorter(imaginary.Length, BinCount, nameof(imaginary));
        fixed (
            double* x = signal,
                re = real,
                im = imaginary
        )
        {
            if (tables is null)
            {
                ForwardDirectly(x, re, im);
            }
            else
            {
                Transform<SplitFftOutput>(tables, x, re, im);
                FftHalfLength.ToReal(re, im, tables.Split, Length / 2);
                tables.KeepAlive();
            }
        }

        GC.KeepAlive(scratch);
    }

    /// <summary>
    /// x[n] = 1 / N sum over k of X[k] exp(2 pi i k n / N), for a spectrum with Hermitian symmetry given by its bins 0 .. N / 2.
    /// </summary>
    /// <param name="real">The real parts; the first <see cref="BinCount"/> are used.</param>
    /// <param name="imaginary">The imaginary parts; the first <see cref="BinCount"/> are used, those of bins 0 and N / 2 as if they were
    /// 0.</param>
    /// <param name="destination">Receives the samples x in its first N places. It may share memory with the spectrum.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Inverse(ReadOnlySpan<double> real, ReadOnlySpan<double> imaginary, Span<double> destination)
    {
        ThrowIfShorter(real.Length, BinCount, nameof(real));
        ThrowIfShorter(imaginary.Length, BinCount, nameof(imaginary));
        ThrowIfShorter(destination.Length, Length, nameof(destination));
        fixed (
            double* re = real,
                im = imaginary,
                x = destination
        )
        {
            if (tables is null)
            {
                InverseDirectly(re, im, x);
            }
            else
            {
                // The inverse transform is the forward one with the real and imaginary parts exchanged on both sides.
                FftHalfLength.FromReal(re, im, Pong, tables.Split, Length / 2, 1.0 / Length);
                Transform<ExchangedFftOutput>(tables, Pong, x, x);
                tables.KeepAlive();
            }
        }

        GC.KeepAlive(scratch);
    }

    // The source may be Pong: the first stage alone reads it, and writes Ping.
    private void Transform<TOutput>(FftTables tables, double* source, double* re, double* im)
        where TOutput : struct, IFftOutput
    {
        var count = Length / 2;
        var from = Ping;
        var to = Pong;
        var twiddles = tables.Middle;
        FftStages.First(source, from, tables.First, count);
        for (var stride = 4; stride * tables.LastRadix < count; stride *= 4)
        {
            if (stride == 4)
                FftStages.Second(from, to, twiddles, count);
            else
                FftStages.Middle(from, to, twiddles, count, stride);
            twiddles += count / stride / 4 * 6;
            var written = to;
            to = from;
            from = written;
        }

        if (tables.LastRadix == 4)
            FftStages.Last4<TOutput>(from, re, im, count);
        else
            FftStages.Last8<TOutput>(from, re, im, count);
    }

    private void ForwardDirectly(double* signal, double* real, double* imaginary)
    {
        new ReadOnlySpan<double>(signal, Length).CopyTo(new Span<double>(Ping, Length));
        for (var k = 0; k < BinCount; k++)
        {
            var (sumRe, sumIm) = (0.0, 0.0);
            for (var n = 0; n < Length; n++)
            {
                var (sin, cos) = double.SinCosPi(2.0 * (k * n % Length) / Length);
                sumRe += Ping[n] * cos;
                sumIm -= Ping[n] * sin;
            }

            (real[k], imaginary[k]) = (sumRe, k == 0 || k == Length / 2 ? 0 : sumIm);
        }
    }

    private void InverseDirectly(double* real, double* imaginary, double* destination)
    {
        for (var n = 0; n < Length; n++)
        {
            Ping[n] = real[0] + (int.IsOddInteger(n) ? -real[Length / 2] : real[Length / 2]);
            for (var k = 1; k < Length / 2; k++)
            {
                var (sin, cos) = double.SinCosPi(2.0 * (k * n % Length) / Length);
                Ping[n] += 2 * ((real[k] * cos) - (imaginary[k] * sin));
            }
        }

        for (var n = 0; n < Length; n++)
            destination[n] = Ping[n] / Length;
    }

    private static void ThrowIfShorter(int length, int needed, string name)
    {
        if (length < needed)
            throw new ArgumentException($"The span has {length} values; at least {needed} are needed.", name);
    }
}

/// <summary>
/// The step between the spectrum X of N real samples and the spectrum Z of the M = N / 2 complex numbers z[n] = x[2n] + i x[2n + 1].
/// </summary>
/// <remarks>
/// With the spectra of the even samples E[k] = (Z[k] + conj Z[M - k]) / 2 and of the odd ones O[k] = (Z[k] - conj Z[M - k]) / 2i:
/// X[k] = E[k] + w[k] O[k] and X[M - k] = conj(E[k] - w[k] O[k]), w[k] = exp(-2 pi i k / N). The bins k and M - k are done together, four
/// pairs at a time. M is a multiple of 8; the twiddle factors carry the factor 1 / 2.
/// </remarks>
internal static unsafe class FftHalfLength
{
    /// <summary>Turns Z (M numbers) into X (M + 1 numbers) in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToReal(double* re, double* im, double* twiddles, int count)
    {
        // Z[M] = Z[0], so that k = 0 is like any other.
        re[count] = re[0];
        im[count] = im[0];
        var half = Vector256.Create(0.5);
        var mirroredRe = re + count - 3;
        var mirroredIm = im + count - 3;
        for (nint k = 0; k < count / 2; k += 4)
        {
            var z = new FftComplex(Vector256.Load(re + k), Vector256.Load(im + k));
            var mirrored = new FftComplex(
                FftComplex.Reverse(Vector256.Load(mirroredRe - k)),
                FftComplex.Reverse(Vector256.Load(mirroredIm - k))
            );
            var odd = new FftComplex(z.Im + mirrored.Im, mirrored.Re - z.Re) * FftComplex.Load(twiddles + (2 * k));
            var evenRe = (z.Re + mirrored.Re) * half;
            var evenIm = (z.Im - mirrored.Im) * half;
            (evenRe + odd.Re).Store(re + k);
            (evenIm + odd.Im).Store(im + k);
            FftComplex.Reverse(evenRe - odd.Re).Store(mirroredRe - k);
            FftComplex.Reverse(odd.Im - evenIm).Store(mirroredIm - k);
        }

        // At k = M / 2 the pair is one bin: E = Re Z, O = Im Z, w = -i.
        im[count / 2] = -im[count / 2];
        im[0] = 0;
        im[count] = 0;
    }

    /// <summary>Turns X (M + 1 numbers) into 2 <paramref name="scale"/> Z (M numbers), interleaved with the imaginary part first.</summary>
    /// <remarks>
    /// Z[k] = E[k] + i O[k] with E[k] = (X[k] + conj X[M - k]) / 2, O[k] = conj w[k] (X[k] - conj X[M - k]) / 2. Writes one number more.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromReal(double* re, double* im, double* destination, double* twiddles, int count, double scale)
    {
        var one = Vector256.Create(scale);
        var two = Vector256.Create(2 * scale);
        var mirroredRe = re + count - 3;
        var mirroredIm = im + count - 3;
        var mirroredDestination = destination + (2 * (count - 3));
        for (nint k = 0; k < count / 2; k += 4)
        {
            var x = new FftComplex(Vector256.Load(re + k), Vector256.Load(im + k));
            var mirrored = new FftComplex(
                FftComplex.Reverse(Vector256.Load(mirroredRe - k)),
                FftComplex.Reverse(Vector256.Load(mirroredIm - k))
            );
            var w = FftComplex.Load(twiddles + (2 * k));
            var odd = new FftComplex((x.Re - mirrored.Re) * two, (x.Im + mirrored.Im) * two) * new FftComplex(w.Re, -w.Im);
            var evenRe = (x.Re + mirrored.Re) * one;
            var evenIm = (x.Im - mirrored.Im) * one;
            FftComplex.StoreInterleaved(destination + (2 * k), evenIm + odd.Re, evenRe - odd.Im);
            FftComplex.StoreInterleavedReversed(mirroredDestination - (2 * k), odd.Re - evenIm, evenRe + odd.Im);
        }

        // The bins 0 and M are real by definition, whatever imaginary part they carry.
        destination[0] = (re[0] - re[count]) * scale;
        destination[1] = (re[0] + re[count]) * scale;
        destination[count] = -2 * scale * im[count / 2];
        destination[count + 1] = 2 * scale * re[count / 2];
    }
}

/// <summary>
/// Doubles at an address that is a multiple of a cache line and never moves. It stays valid as long as this object is reachable.
/// </summary>
internal sealed unsafe class FftBuffer
{
    private const int CacheLine = 64;
    private readonly double[] owner;

    public FftBuffer(int length)
    {
        owner = GC.AllocateArray<double>(length + (CacheLine / sizeof(double)), pinned: true);
        fixed (double* first = owner)
            Pointer = (double*)(((nuint)first + CacheLine - 1) & ~(nuint)(CacheLine - 1));
    }

    public double* Pointer { get; }
}

/// <summary>Operations on spectra whose real and imaginary parts lie in two spans.</summary>
internal static class ComplexSpectrum
{
    /// <summary>Multiplies a spectrum by another, bin by bin.</summary>
    /// <param name="real">The real parts, replaced by those of the product.</param>
    /// <param name="imaginary">The imaginary parts, as many, replaced by those of the product.</param>
    /// <param name="factorReal">The other spectrum's real parts, as many.</param>
    /// <param name="factorImaginary">The other spectrum's imaginary parts, as many.</param>
    internal static void MultiplyBy(
        Span<double> real,
        Span<double> imaginary,
        ReadOnlySpan<double> factorReal,
        ReadOnlySpan<double> factorImaginary
    )
    {
        if (imaginary.Length != real.Length || factorReal.Length != real.Length || factorImaginary.Length != real.Length)
            throw new ArgumentException(
                $"The parts must have the same length: {real.Length}, {imaginary.Length}, {factorReal.Length}, {factorImaginary.Length}.",
                nameof(real)
            );
        ref var re = ref MemoryMarshal.GetReference(real);
        ref var im = ref MemoryMarshal.GetReference(imaginary);
        ref var otherRe = ref MemoryMarshal.GetReference(factorReal);
        ref var otherIm = ref MemoryMarshal.GetReference(factorImaginary);
        var k = 0;
        for (; k <= real.Length - 4; k += 4)
        {
            var at = (nuint)k;
            var (a, b) = (Vector256.LoadUnsafe(ref re, at), Vector256.LoadUnsafe(ref im, at));
            var (c, d) = (Vector256.LoadUnsafe(ref otherRe, at), Vector256.LoadUnsafe(ref otherIm, at));
            ((a * c) - (b * d)).StoreUnsafe(ref re, at);
            ((a * d) + (b * c)).StoreUnsafe(ref im, at);
        }

        for (; k < real.Length; k++)
        {
            (real[k], imaginary[k]) = (
                (real[k] * factorReal[k]) - (imaginary[k] * factorImaginary[k]),
                (real[k] * factorImaginary[k]) + (imaginary[k] * factorReal[k])
            );
        }
    }

    /// <summary>Continues N / 2 + 1 values of an even sequence of N to its other half.</summary>
    /// <param name="sequence">[N]; the values from N / 2 + 1 on are written.</param>
    internal static void Mirror(Span<double> sequence)
    {
        var half = sequence.Length / 2;
        var rest = sequence[(half + 1)..];
        sequence[1..half].CopyTo(rest);
        rest.Reverse();
    }

    /// <summary>|X|^2, bin by bin.</summary>
    internal static void Power(ReadOnlySpan<double> real, ReadOnlySpan<double> imaginary, Span<double> destination)
    {
        TensorPrimitives.Multiply(real, real, destination);
        TensorPrimitives.MultiplyAdd(imaginary, imaginary, destination, destination);
    }
}
