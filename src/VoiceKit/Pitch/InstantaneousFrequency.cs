using System.Collections.Concurrent;
using System.Runtime.Intrinsics;

namespace VoiceKit.Pitch;

/// <summary>
/// The instantaneous frequencies of a signal's harmonics around one time, by Flanagan's equation: from the spectra of the signal under
/// a Blackman window of three periods and under that window's derivative. Only the few bins at the harmonics are computed,
/// each as a direct sum, which is cheaper than two whole transforms.
/// </summary>
internal sealed class InstantaneousFrequency
{
    private static readonly ConcurrentDictionary<int, double[]> CosineTables = new();

    private double[] window = [];
    private double[] main = [];
    private double[] derivative = [];
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
        fftLength = 4 << System.Numerics.BitOperations.Log2((uint)length);
        cosines = CosineTables.GetOrAdd(fftLength, MakeCosines);
        if (main.Length < length + 8)
        {
            window = new double[length + 16];
            main = new double[length + 8];
            derivative = new double[length + 8];
        }

        var first = (int)Math.Floor(((time - (half / rate)) * rate) + 0.001 + 0.5) - 1;
        WriteWindow((first / rate) - time, rate);
        for (var i = 0; i < length; i++)
        {
            var x = signal[Math.Clamp(first + i, 0, signal.Length - 1)];
            main[i] = x * window[i + 1];
            derivative[i] = x * (window[i] - window[i + 2]) / 2;
        }

        main.AsSpan(length).Clear();
        derivative.AsSpan(length).Clear();
    }

    /// <summary>Estimates F0 from the harmonics of a first guess.</summary>
    /// <param name="f0">The first guess in Hz.</param>
    /// <param name="harmonicCount">The number of harmonics, at least 1.</param>
    /// <returns>The amplitude-weighted F0 in Hz, and the score: the inverse of the harmonics' mean relative deviation from the guess.</returns>
    internal (double F0, double Score) Estimate(double f0, int harmonicCount)
    {
        double numerator = 0, denominator = 0, deviation = 0;
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

    /// <summary>The Blackman window of <see cref="length"/> samples with a zero on each side (which its derivative needs), by rotation of a phasor.</summary>
    private void WriteWindow(double firstTime, double rate)
    {
        var step = 2 * Math.PI / length;
        var (s, c) = Math.SinCos(firstTime * rate * step);
        var (sinStep, cosStep) = Math.SinCos(step);
        window[0] = 0;
        for (var i = 1; i <= length; i++)
        {
            window[i] = 0.42 + (0.5 * c) + (0.08 * ((2 * c * c) - 1));
            (c, s) = ((c * cosStep) - (s * sinStep), (s * cosStep) + (c * sinStep));
        }

        window.AsSpan(length + 1).Clear();
    }

    /// <summary>One bin: the power of the main spectrum M, and Im(conj(M) D) with the derivative's spectrum D.</summary>
    private (double Power, double Cross) Bin(int bin)
    {
        // Eight phasors exp(i 2 pi bin n / N) in two vectors, each rotated by eight samples a turn: two independent chains hide the latency.
        var mask = fftLength - 1;
        var quarter = fftLength / 4;
        double Cosine(int n) => cosines[(bin * n) & mask];
        double Sine(int n) => cosines[((bin * n) - quarter) & mask];
        var cos0 = Vector256.Create(1.0, Cosine(1), Cosine(2), Cosine(3));
        var sin0 = Vector256.Create(0.0, Sine(1), Sine(2), Sine(3));
        var cos1 = Vector256.Create(Cosine(4), Cosine(5), Cosine(6), Cosine(7));
        var sin1 = Vector256.Create(Sine(4), Sine(5), Sine(6), Sine(7));
        var (cosTurn, sinTurn) = (Vector256.Create(Cosine(8)), Vector256.Create(Sine(8)));

        Vector256<double> mainCos = default, mainSin = default, derivativeCos = default, derivativeSin = default;
        for (var i = 0; i < length; i += 8)
        {
            var m0 = Vector256.LoadUnsafe(ref main[i]);
            var m1 = Vector256.LoadUnsafe(ref main[i + 4]);
            var d0 = Vector256.LoadUnsafe(ref derivative[i]);
            var d1 = Vector256.LoadUnsafe(ref derivative[i + 4]);
            mainCos = Vector256.FusedMultiplyAdd(m1, cos1, Vector256.FusedMultiplyAdd(m0, cos0, mainCos));
            mainSin = Vector256.FusedMultiplyAdd(m1, sin1, Vector256.FusedMultiplyAdd(m0, sin0, mainSin));
            derivativeCos = Vector256.FusedMultiplyAdd(d1, cos1, Vector256.FusedMultiplyAdd(d0, cos0, derivativeCos));
            derivativeSin = Vector256.FusedMultiplyAdd(d1, sin1, Vector256.FusedMultiplyAdd(d0, sin0, derivativeSin));
            (cos0, sin0) = ((cos0 * cosTurn) - (sin0 * sinTurn), (sin0 * cosTurn) + (cos0 * sinTurn));
            (cos1, sin1) = ((cos1 * cosTurn) - (sin1 * sinTurn), (sin1 * cosTurn) + (cos1 * sinTurn));
        }

        // The transform's sign is minus: X = sum x cos - i sum x sin.
        double mr = Vector256.Sum(mainCos), mi = -Vector256.Sum(mainSin);
        double dr = Vector256.Sum(derivativeCos), di = -Vector256.Sum(derivativeSin);
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
