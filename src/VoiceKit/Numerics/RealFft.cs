using System.Numerics;

namespace VoiceKit.Numerics;

/// <summary>The discrete Fourier transform of real signals, for any power of two. One object for one thread: it owns its scratch memory.</summary>
/// <remarks>
/// The even and odd samples are the real and imaginary parts of a complex FFT of half the length (<see cref="FftStages"/>), from whose bins
/// <see cref="FftHalfLength"/> makes those of the real signal. A call allocates nothing; equal lengths share their tables.
/// </remarks>
public sealed unsafe class RealFft
{
    // Below this length there is no room for four butterflies at a time; nothing needs speed there, so the defining sum does.
    private const int ShortestFast = 32;

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
        tables = length < ShortestFast ? null : FftTables.Get(length);
        scratch = new FftBuffer(2 * (length + FftComplex.Size));
    }

    /// <summary>The number of samples N.</summary>
    public int Length { get; }

    /// <summary>The number of bins, N / 2 + 1.</summary>
    public int BinCount => (Length / 2) + 1;

    private double* Ping => scratch.Pointer;

    private double* Pong => scratch.Pointer + Length + FftComplex.Size;

    /// <summary>X[k] = sum over n of x[n] exp(-2 pi i k n / N), for k = 0 .. N / 2.</summary>
    /// <param name="signal">The samples x; the first N are used. It may share memory with the results.</param>
    /// <param name="real">Receives the real parts in its first <see cref="BinCount"/> places.</param>
    /// <param name="imaginary">Receives the imaginary parts in its first <see cref="BinCount"/> places; those of bins 0 and N / 2 are 0.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Forward(ReadOnlySpan<double> signal, Span<double> real, Span<double> imaginary)
    {
        ThrowIfShorter(signal.Length, Length, nameof(signal));
        ThrowIfShorter(real.Length, BinCount, nameof(real));
        ThrowIfShorter(imaginary.Length, BinCount, nameof(imaginary));
        fixed (double* x = signal, re = real, im = imaginary)
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

    /// <summary>x[n] = 1 / N sum over k of X[k] exp(2 pi i k n / N), for a spectrum with Hermitian symmetry given by its bins 0 .. N / 2.</summary>
    /// <param name="real">The real parts; the first <see cref="BinCount"/> are used.</param>
    /// <param name="imaginary">The imaginary parts; the first <see cref="BinCount"/> are used, those of bins 0 and N / 2 as if they were 0.</param>
    /// <param name="destination">Receives the samples x in its first N places. It may share memory with the spectrum.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Inverse(ReadOnlySpan<double> real, ReadOnlySpan<double> imaginary, Span<double> destination)
    {
        ThrowIfShorter(real.Length, BinCount, nameof(real));
        ThrowIfShorter(imaginary.Length, BinCount, nameof(imaginary));
        ThrowIfShorter(destination.Length, Length, nameof(destination));
        fixed (double* re = real, im = imaginary, x = destination)
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
