using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Numerics;

/// <summary>
/// The stages of a complex FFT of M points, M = 16, 32, 64, ...: Stockham's self-sorting, decimation in frequency, radix 4.
/// </summary>
/// <remarks>
/// A stage of radix R, length n = R m and stride s = M / n replaces x by
/// y[q + s (R p + j)] = w(n, j p) * sum over k &lt; R of w(R, j k) x[q + s (p + m k)], for p &lt; m, q &lt; s, with w(n, k) = exp(-2 pi i k
/// / n). The next stage has length m and stride R s; after the last (m = 1) the result is in natural order. Between the stages four numbers
/// that follow one another are stored as [re re re re][im im im im], so that one pointer reaches both parts. See C. Van Loan, Computational
/// Frameworks for the Fast Fourier Transform, SIAM 1992, section 1.7.
/// </remarks>
internal static unsafe class FftStages
{
    /// <summary>
    /// The first stage: s = 1, n = M. It reads interleaved numbers, which for a real signal are its even and odd samples.
    /// </summary>
    /// <remarks>Four p go through the butterfly at once; the results of one p follow one another, hence the transposition.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void First(double* source, double* destination, double* twiddles, int count)
    {
        var m = (nint)count / 4;
        var x1 = source + (2 * m);
        var x2 = source + (4 * m);
        var x3 = source + (6 * m);
        for (var end = source + (2 * m); source < end; source += 8, x1 += 8, x2 += 8, x3 += 8)
        {
            Radix4(
                FftComplex.LoadInterleaved(source),
                FftComplex.LoadInterleaved(x1),
                FftComplex.LoadInterleaved(x2),
                FftComplex.LoadInterleaved(x3),
                out var y0,
                out var y1,
                out var y2,
                out var y3
            );
            y1 *= FftComplex.Load(twiddles);
            y2 *= FftComplex.Load(twiddles + 8);
            y3 *= FftComplex.Load(twiddles + 16);
            twiddles += 24;

            var (a, b, c, d) = (y0.Re, y1.Re, y2.Re, y3.Re);
            FftComplex.Transpose(ref a, ref b, ref c, ref d);
            a.Store(destination);
            b.Store(destination + 16);
            c.Store(destination + 8);
            d.Store(destination + 24);
            (a, b, c, d) = (y0.Im, y1.Im, y2.Im, y3.Im);
            FftComplex.Transpose(ref a, ref b, ref c, ref d);
            a.Store(destination + 4);
            b.Store(destination + 20);
            c.Store(destination + 12);
            d.Store(destination + 28);
            destination += 32;
        }
    }

    /// <summary>The second stage: s = 4, so that every p has one vector and its results follow one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Second(double* source, double* destination, double* twiddles, int count)
    {
        var quarter = (nint)count / 2;
        var x1 = source + quarter;
        var x2 = x1 + quarter;
        var x3 = x2 + quarter;
        for (var end = x1; source < end; source += 8, x1 += 8, x2 += 8, x3 += 8)
        {
            Radix4(
                FftComplex.Load(source),
                FftComplex.Load(x1),
                FftComplex.Load(x2),
                FftComplex.Load(x3),
                out var y0,
                out var y1,
                out var y2,
                out var y3
            );
            y0.Store(destination);
            (y1 * FftComplex.Broadcast(twiddles)).Store(destination + 8);
            (y2 * FftComplex.Broadcast(twiddles + 2)).Store(destination + 16);
            (y3 * FftComplex.Broadcast(twiddles + 4)).Store(destination + 24);
            twiddles += 6;
            destination += 32;
        }
    }

    /// <summary>Any later stage but the last, of stride <paramref name="stride"/>, a multiple of 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Middle(double* source, double* destination, double* twiddles, int count, int stride)
    {
        var quarter = (nint)count / 2;
        var step = (nint)stride * 2;
        var x1 = source + quarter;
        var x2 = x1 + quarter;
        var x3 = x2 + quarter;
        var last = x1;
        while (source < last)
        {
            var w1 = FftComplex.Broadcast(twiddles);
            var w2 = FftComplex.Broadcast(twiddles + 2);
            var w3 = FftComplex.Broadcast(twiddles + 4);
            twiddles += 6;
            var d1 = destination + step;
            var d2 = d1 + step;
            var d3 = d2 + step;
            for (nint q = 0; q < step; q += 8)
            {
                Radix4(
                    FftComplex.Load(source + q),
                    FftComplex.Load(x1 + q),
                    FftComplex.Load(x2 + q),
                    FftComplex.Load(x3 + q),
                    out var y0,
                    out var y1,
                    out var y2,
                    out var y3
                );
                y0.Store(destination + q);
                (y1 * w1).Store(d1 + q);
                (y2 * w2).Store(d2 + q);
                (y3 * w3).Store(d3 + q);
            }

            source += step;
            x1 += step;
            x2 += step;
            x3 += step;
            destination += 4 * step;
        }
    }

    /// <summary>The last stage in radix 4: n = 4, no twiddle factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Last4<TOutput>(double* source, double* re, double* im, int count)
        where TOutput : struct, IFftOutput
    {
        var quarter = (nint)count / 4;
        for (nint q = 0; q < quarter; q += 4)
        {
            var x = source + (2 * q);
            Radix4(
                FftComplex.Load(x),
                FftComplex.Load(x + (2 * quarter)),
                FftComplex.Load(x + (4 * quarter)),
                FftComplex.Load(x + (6 * quarter)),
                out var y0,
                out var y1,
                out var y2,
                out var y3
            );
            TOutput.Store(re, im, q, y0);
            TOutput.Store(re, im, q + quarter, y1);
            TOutput.Store(re, im, q + (2 * quarter), y2);
            TOutput.Store(re, im, q + (3 * quarter), y3);
        }
    }

    /// <summary>The last stage in radix 8, where log2 M is odd: two butterflies of radix 4, and one of radix 2 with w(8, j).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Last8<TOutput>(double* source, double* re, double* im, int count)
        where TOutput : struct, IFftOutput
    {
        var half = Vector256.Create(Math.Sqrt(0.5));
        var eighth = (nint)count / 8;
        for (nint q = 0; q < eighth; q += 4)
        {
            var x = source + (2 * q);
            Radix4(
                FftComplex.Load(x),
                FftComplex.Load(x + (4 * eighth)),
                FftComplex.Load(x + (8 * eighth)),
                FftComplex.Load(x + (12 * eighth)),
                out var e0,
                out var e1,
                out var e2,
                out var e3
            );
            x += 2 * eighth;
            Radix4(
                FftComplex.Load(x),
                FftComplex.Load(x + (4 * eighth)),
                FftComplex.Load(x + (8 * eighth)),
                FftComplex.Load(x + (12 * eighth)),
                out var o0,
                out var o1,
                out var o2,
                out var o3
            );
            TOutput.Store(re, im, q, e0 + o0);
            TOutput.Store(re, im, q + (4 * eighth), e0 - o0);
            TOutput.Store(re, im, q + (2 * eighth), FftComplex.SubtractTimesI(e2, o2));
            TOutput.Store(re, im, q + (6 * eighth), FftComplex.AddTimesI(e2, o2));

            // w(8, 1) o = (1 - i) o / sqrt 2, and w(8, 3) o = -i (1 - i) o / sqrt 2.
            o1 = new FftComplex((o1.Re + o1.Im) * half, (o1.Im - o1.Re) * half);
            o3 = new FftComplex((o3.Re + o3.Im) * half, (o3.Im - o3.Re) * half);
            TOutput.Store(re, im, q + eighth, e1 + o1);
            TOutput.Store(re, im, q + (5 * eighth), e1 - o1);
            TOutput.Store(re, im, q + (3 * eighth), FftComplex.SubtractTimesI(e3, o3));
            TOutput.Store(re, im, q + (7 * eighth), FftComplex.AddTimesI(e3, o3));
        }
    }

    /// <summary>y[j] = sum over k of (-i)^(j k) x[k], for four independent sets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Radix4(
        FftComplex x0,
        FftComplex x1,
        FftComplex x2,
        FftComplex x3,
        out FftComplex y0,
        out FftComplex y1,
        out FftComplex y2,
        out FftComplex y3
    )
    {
        var sum02 = x0 + x2;
        var difference02 = x0 - x2;
        var sum13 = x1 + x3;
        var difference13 = x1 - x3;
        y0 = sum02 + sum13;
        y1 = FftComplex.SubtractTimesI(difference02, difference13);
        y2 = sum02 - sum13;
        y3 = FftComplex.AddTimesI(difference02, difference13);
    }
}

/// <summary>The way the last stage of <see cref="FftStages"/> writes four numbers of its result from <c>index</c> on.</summary>
internal unsafe interface IFftOutput
{
    /// <summary>Writes <paramref name="value"/>.</summary>
    static abstract void Store(double* re, double* im, nint index, FftComplex value);
}

/// <summary>Real parts and imaginary parts each in an array of their own.</summary>
internal readonly unsafe struct SplitFftOutput : IFftOutput
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* re, double* im, nint index, FftComplex value)
    {
        value.Re.Store(re + index);
        value.Im.Store(im + index);
    }
}

/// <summary>One array of pairs, the imaginary part before the real part, as the inverse by exchange of parts wants it.</summary>
internal readonly unsafe struct ExchangedFftOutput : IFftOutput
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* re, double* im, nint index, FftComplex value) =>
        FftComplex.StoreInterleaved(re + (2 * index), value.Im, value.Re);
}
