using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VoiceKit.Audio;

namespace VoiceKit.Pitch;

/// <summary>
/// The instantaneous frequencies of a signal's harmonics around one time, by Flanagan's equation: from the spectra of the signal under
/// a Blackman window of three periods and under that window's derivative. Only the few bins at the harmonics are computed,
/// each as a direct sum, which is cheaper than two whole transforms.
/// </summary>
internal sealed class InstantaneousFrequency
{
    // Room for whole vectors behind the last value.
    private const int Margin = 16;

    private static readonly ConcurrentDictionary<int, double[]> CosineTables = new();

    private double[] window = [];
    private double[] samples = [];
    private double[] mainEven = [];
    private double[] mainOdd = [];
    private double[] derivativeEven = [];
    private double[] derivativeOdd = [];
    private double[] cosines = [];
    private int length;
    private int fftLength;
    private double sampleRate;

    /// <summary>Windows the signal around <paramref name="time"/> for an expected F0.</summary>
    /// <param name="signal">The signal; its end samples are repeated beyond its ends.</param>
    /// <param name="rate">Its rate in Hz.</param>
    /// <param name="time">The centre of the window in seconds.</param>
    /// <param name="f0">The expected F0 in Hz, which sets the window's length.</param>
    internal void MoveTo(ReadOnlySpan<double> signal, double rate, double time, double f0)
    {
        sampleRate = rate;
        var half = (int)((1.5 * rate / f0) + 1);
        length = (2 * half) + 1;
        fftLength = 4 << BitOperations.Log2((uint)length);
        cosines = CosineTables.GetOrAdd(fftLength, MakeCosines);
        if (window.Length < length + Margin)
        {
            (window, samples) = (new double[length + Margin], new double[length + Margin]);
            (mainEven, mainOdd) = (new double[half + Margin], new double[half + Margin]);
            (derivativeEven, derivativeOdd) = (new double[half + Margin], new double[half + Margin]);
        }

        var first = (int)Math.Floor(((time - (half / rate)) * rate) + 0.001 + 0.5) - 1;
        WriteWindow((first / rate) - time, rate);
        SignalSegment.Copy(signal, first, samples.AsSpan(0, length));
        Fold(half);
    }

    /// <summary>Estimates F0 from the harmonics of a first guess.</summary>
    /// <param name="f0">The first guess in Hz.</param>
    /// <param name="harmonicCount">The number of harmonics, at least 1.</param>
    /// <returns>The amplitude-weighted F0 in Hz, and the score: the inverse of the harmonics' mean relative deviation from the
    /// guess.</returns>
    internal (double F0, double Score) Estimate(double f0, int harmonicCount)
    {
        double numerator = 0,
            denominator = 0,
            deviation = 0;
        for (var harmonic = 1; harmonic <= harmonicCount; harmonic++)
        {
            var bin = Math.Min((int)((f0 * fftLength / sampleRate * harmonic) + 0.5), fftLength / 2);
            var (power, cross) = Bin(bin);
            var frequency = power == 0 ? 0 : ((double)bin * sampleRate / fftLength) + (cross / power * sampleRate / 2 / Math.PI);
            var amplitude = Math.Sqrt(power);
            numerator += amplitude * frequency;
            denominator += amplitude * harmonic;
            deviation += Math.Abs(((frequency / harmonic) - f0) / f0);
        }

        return (numerator / (denominator + 1e-12), 1 / ((deviation / harmonicCount) + 1e-12));
    }

    /// <summary>
    /// The Blackman window of <see cref="length"/> samples with a zero on each side (which its derivative needs), by rotation of eight
    /// phasors by eight samples at a time.
    /// </summary>
    private void WriteWindow(double firstTime, double rate)
    {
        var step = 2 * Math.PI / length;
        var start = Phasor(firstTime * rate * step);
        var one = Phasor(step);
        var two = one * one;
        var four = two * two;
        var (a, b, c, d) = (start, start * one, start * two, start * two * one);
        var cos0 = Vector256.Create(a.Real, b.Real, c.Real, d.Real);
        var sin0 = Vector256.Create(a.Imaginary, b.Imaginary, c.Imaginary, d.Imaginary);
        var (cos1, sin1) = ((cos0 * four.Real) - (sin0 * four.Imaginary), (sin0 * four.Real) + (cos0 * four.Imaginary));
        var eight = four * four;
        var (turnCos, turnSin) = (Vector256.Create(eight.Real), Vector256.Create(eight.Imaginary));
        ref var w = ref MemoryMarshal.GetArrayDataReference(window);
        w = 0;
        for (nuint i = 1; i <= (nuint)length; i += 8)
        {
            Blackman(cos0).StoreUnsafe(ref w, i);
            Blackman(cos1).StoreUnsafe(ref w, i + 4);
            (cos0, sin0) = ((cos0 * turnCos) - (sin0 * turnSin), (sin0 * turnCos) + (cos0 * turnSin));
            (cos1, sin1) = ((cos1 * turnCos) - (sin1 * turnSin), (sin1 * turnCos) + (cos1 * turnSin));
        }

        window.AsSpan(length + 1).Clear();
    }

    private static Complex Phasor(double angle)
    {
        var (sine, cosine) = Math.SinCos(angle);
        return new Complex(cosine, sine);
    }

    /// <summary>0.42 + 0.5 cos a + 0.08 cos 2a.</summary>
    private static Vector256<double> Blackman(Vector256<double> cosine) =>
        Vector256.FusedMultiplyAdd(
            Vector256.FusedMultiplyAdd(cosine, Vector256.Create(0.16), Vector256.Create(0.5)),
            cosine,
            Vector256.Create(0.34)
        );

    /// <summary>
    /// Windows the samples and splits them into the parts even and odd about the middle: a bin is then a sum of half as many terms,
    /// even x cosine and odd x sine, up to a phase that neither the power nor the cross term knows.
    /// </summary>
    private void Fold(int half)
    {
        ref var x = ref MemoryMarshal.GetArrayDataReference(samples);
        ref var w = ref MemoryMarshal.GetArrayDataReference(window);
        for (var i = 0; i <= half; i += 4)
        {
            // The left side is read towards the start; where it would go beyond, the last few places are read one by one.
            var right = (nuint)(half + i);
            var (rightMain, rightDerivative) = Weigh(ref x, ref w, right);
            var left = half - i - 3;
            var (leftMain, leftDerivative) = left >= 0 ? Weigh(ref x, ref w, (nuint)left) : WeighStart(left);
            leftMain = Vector256.Shuffle(leftMain, Vector256.Create(3L, 2, 1, 0));
            leftDerivative = Vector256.Shuffle(leftDerivative, Vector256.Create(3L, 2, 1, 0));
            (rightMain + leftMain).StoreUnsafe(ref mainEven[i]);
            (rightMain - leftMain).StoreUnsafe(ref mainOdd[i]);
            (rightDerivative + leftDerivative).StoreUnsafe(ref derivativeEven[i]);
            (rightDerivative - leftDerivative).StoreUnsafe(ref derivativeOdd[i]);
        }

        // The middle is its own partner.
        mainEven[0] /= 2;
        derivativeEven[0] /= 2;
        mainEven.AsSpan(half + 1).Clear();
        mainOdd.AsSpan(half + 1).Clear();
        derivativeEven.AsSpan(half + 1).Clear();
        derivativeOdd.AsSpan(half + 1).Clear();
    }

    /// <summary>Four samples from <paramref name="at"/> on under the window and under its derivative.</summary>
    private static (Vector256<double> Main, Vector256<double> Derivative) Weigh(ref double x, ref double w, nuint at)
    {
        var value = Vector256.LoadUnsafe(ref x, at);
        var slope = Vector256.LoadUnsafe(ref w, at) - Vector256.LoadUnsafe(ref w, at + 2);
        return (value * Vector256.LoadUnsafe(ref w, at + 1), value * slope * Vector256.Create(0.5));
    }

    /// <summary>As <see cref="Weigh"/>, for places of which the first lie before the segment.</summary>
    private (Vector256<double> Main, Vector256<double> Derivative) WeighStart(int at)
    {
        Span<double> main = stackalloc double[4];
        Span<double> derivative = stackalloc double[4];
        for (var i = Math.Max(0, -at); i < 4; i++)
        {
            main[i] = samples[at + i] * window[at + i + 1];
            derivative[i] = samples[at + i] * (window[at + i] - window[at + i + 2]) * 0.5;
        }

        return (Vector256.Create<double>(main), Vector256.Create<double>(derivative));
    }

    /// <summary>One bin: the power of the main spectrum M, and Im(conj(M) D) with the derivative's spectrum D.</summary>
    private (double Power, double Cross) Bin(int bin)
    {
        // Eight phasors exp(i 2 pi bin n / N) in two vectors, each rotated by eight samples a turn: two independent chains hide the
        // latency.
        var mask = fftLength - 1;
        var quarter = fftLength / 4;
        double Cosine(int n) => cosines[(bin * n) & mask];
        double Sine(int n) => cosines[((bin * n) - quarter) & mask];
        var cos0 = Vector256.Create(1.0, Cosine(1), Cosine(2), Cosine(3));
        var sin0 = Vector256.Create(0.0, Sine(1), Sine(2), Sine(3));
        var cos1 = Vector256.Create(Cosine(4), Cosine(5), Cosine(6), Cosine(7));
        var sin1 = Vector256.Create(Sine(4), Sine(5), Sine(6), Sine(7));
        var (cosTurn, sinTurn) = (Vector256.Create(Cosine(8)), Vector256.Create(Sine(8)));

        ref var even = ref MemoryMarshal.GetArrayDataReference(mainEven);
        ref var odd = ref MemoryMarshal.GetArrayDataReference(mainOdd);
        ref var slopeEven = ref MemoryMarshal.GetArrayDataReference(derivativeEven);
        ref var slopeOdd = ref MemoryMarshal.GetArrayDataReference(derivativeOdd);
        Vector256<double> mainCos = default,
            mainSin = default,
            derivativeCos = default,
            derivativeSin = default;
        for (nuint i = 0; i <= (nuint)(length / 2); i += 8)
        {
            mainCos = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref even, i), cos0, mainCos);
            mainSin = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref odd, i), sin0, mainSin);
            derivativeCos = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref slopeEven, i), cos0, derivativeCos);
            derivativeSin = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref slopeOdd, i), sin0, derivativeSin);
            mainCos = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref even, i + 4), cos1, mainCos);
            mainSin = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref odd, i + 4), sin1, mainSin);
            derivativeCos = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref slopeEven, i + 4), cos1, derivativeCos);
            derivativeSin = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref slopeOdd, i + 4), sin1, derivativeSin);
            (cos0, sin0) = ((cos0 * cosTurn) - (sin0 * sinTurn), (sin0 * cosTurn) + (cos0 * sinTurn));
            (cos1, sin1) = ((cos1 * cosTurn) - (sin1 * sinTurn), (sin1 * cosTurn) + (cos1 * sinTurn));
        }

        // The transform's sign is minus: X = sum even cos - i sum odd sin.
        double mr = Vector256.Sum(mainCos),
            mi = -Vector256.Sum(mainSin);
        double dr = Vector256.Sum(derivativeCos),
            di = -Vector256.Sum(derivativeSin);
        return ((mr * mr) + (mi * mi), (mr * di) - (mi * dr));
    }

    private static double[] MakeCosines(int length)
    {
        var table = new double[length];
        for (var i = 0; i < length; i++)
            table[i] = Math.Cos(2 * Math.PI * i / length);
        return table;
    }
}
