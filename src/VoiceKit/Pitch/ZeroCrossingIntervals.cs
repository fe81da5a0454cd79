using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VoiceKit.Numerics;

namespace VoiceKit.Pitch;

/// <summary>
/// F0 candidates from a band-passed signal: the rates of its four kinds of events (falling and rising zero crossings, peaks, dips)
/// agree where only the fundamental is left in the band (Morise, Kawahara, Nishiura 2010, "Rapid F0 estimation for high-SNR speech").
/// </summary>
internal sealed class ZeroCrossingIntervals
{
    private readonly double sampleRate;
    private readonly double[] locations;
    private readonly double[] rates;
    private readonly double[][] interpolated;

    /// <summary>
    /// Prepares for signals of at most <paramref name="capacity"/> samples and contours of <paramref name="frameCount"/> frames.
    /// </summary>
    internal ZeroCrossingIntervals(int capacity, int frameCount, double sampleRate)
    {
        this.sampleRate = sampleRate;
        locations = new double[capacity];
        rates = new double[capacity];
        interpolated = [new double[frameCount], new double[frameCount], new double[frameCount], new double[frameCount]];
    }

    /// <summary>The four event rates in Hz at each frame; meaningful after <see cref="TryMeasure"/> returned true.</summary>
    internal double[][] Rates => interpolated;

    /// <summary>
    /// Measures the four event rates of <paramref name="signal"/>, which is overwritten; false when a kind has fewer than three intervals.
    /// </summary>
    /// <param name="signal">The band-passed signal, [N].</param>
    /// <param name="frameSeconds">The frame period in seconds.</param>
    internal bool TryMeasure(Span<double> signal, double frameSeconds)
    {
        if (!TryInterpolate(signal, frameSeconds, interpolated[0]))
            return false;
        Negate(signal);
        if (!TryInterpolate(signal, frameSeconds, interpolated[1]))
            return false;

        // The signal is negated now: this difference is the derivative of the original.
        Difference(signal);
        var derivative = signal[..^1];
        if (!TryInterpolate(derivative, frameSeconds, interpolated[2]))
            return false;
        Negate(derivative);
        return TryInterpolate(derivative, frameSeconds, interpolated[3]);
    }

    private static void Negate(Span<double> x) => TensorPrimitives.Negate<double>(x, x);

    /// <summary>Subtracts from each value the next one; the last stays.</summary>
    private static void Difference(Span<double> x)
    {
        ref var origin = ref MemoryMarshal.GetReference(x);
        var i = 0;
        for (; i < x.Length - 4; i += 4)
            (Vector256.LoadUnsafe(ref origin, (nuint)i) - Vector256.LoadUnsafe(ref origin, (nuint)i + 1)).StoreUnsafe(ref origin, (nuint)i);
        for (; i < x.Length - 1; i++)
            x[i] -= x[i + 1];
    }

    private bool TryInterpolate(ReadOnlySpan<double> signal, double frameSeconds, Span<double> destination)
    {
        var count = FindFallingCrossings(signal);
        if (count < 3)
            return false;
        LinearInterpolation.AtFrames(locations.AsSpan(0, count), rates.AsSpan(0, count), frameSeconds, destination);
        return true;
    }

    /// <summary>
    /// Finds the intervals between crossings from above zero to zero or below: their centres in seconds and their rates in Hz.
    /// </summary>
    private int FindFallingCrossings(ReadOnlySpan<double> signal)
    {
        var count = -1;
        var previous = 0.0;
        ref var x = ref MemoryMarshal.GetReference(signal);
        var at = 1;
        for (; at <= signal.Length - 8; at += 8)
        {
            // Crossings are rare: eight places are ruled out at once.
            var mask = Falls(ref x, (nuint)at) | (Falls(ref x, (nuint)at + 4) << 4);
            for (; mask != 0; mask &= mask - 1)
                Add(signal, at + BitOperations.TrailingZeroCount(mask), ref count, ref previous);
        }

        for (; at < signal.Length; at++)
        {
            if (signal[at - 1] > 0 && signal[at] <= 0)
                Add(signal, at, ref count, ref previous);
        }

        return Math.Max(count, 0);
    }

    /// <summary>Bit i: whether the signal falls to zero or below at sample <paramref name="at"/> + i.</summary>
    private static uint Falls(ref double x, nuint at) =>
        (
            Vector256.GreaterThan(Vector256.LoadUnsafe(ref x, at - 1), Vector256<double>.Zero)
            & Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref x, at), Vector256<double>.Zero)
        ).ExtractMostSignificantBits();

    private void Add(ReadOnlySpan<double> signal, int i, ref int count, ref double previous)
    {
        var crossing = i - (signal[i - 1] / (signal[i] - signal[i - 1]));
        if (count >= 0)
        {
            rates[count] = sampleRate / (crossing - previous);
            locations[count] = (previous + crossing) / 2 / sampleRate;
        }

        count++;
        previous = crossing;
    }
}

/// <summary>Filters one signal by many FIR filters through its spectrum, which is computed once.</summary>
internal sealed class BandFilter
{
    private readonly RealFft fft;
    private readonly double[] spectrumReal;
    private readonly double[] spectrumImaginary;
    private readonly double[] filterReal;
    private readonly double[] filterImaginary;
    private readonly double[] buffer;

    /// <summary>
    /// Takes the spectrum of <paramref name="signal"/>; <paramref name="margin"/> is the longest filter's length in samples.
    /// </summary>
    internal BandFilter(ReadOnlySpan<double> signal, int margin)
    {
        fft = new RealFft((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(signal.Length + margin + 1)));
        spectrumReal = new double[fft.BinCount];
        spectrumImaginary = new double[fft.BinCount];
        filterReal = new double[fft.BinCount];
        filterImaginary = new double[fft.BinCount];
        buffer = new double[fft.Length];
        signal.CopyTo(buffer);
        fft.Forward(buffer, spectrumReal, spectrumImaginary);
    }

    /// <summary>
    /// Replaces the signal by its convolution with <paramref name="response"/>, given around time 0 (index 0 = time 0, negative times at
    /// the end).
    /// </summary>
    internal void FilterInPlace(Action<Span<double>> response)
    {
        MultiplyBy(response);
        filterReal.CopyTo(spectrumReal, 0);
        filterImaginary.CopyTo(spectrumImaginary, 0);
    }

    /// <summary>Convolves the signal with a filter and skips the filter's delay.</summary>
    /// <param name="response">Writes the impulse response to a cleared buffer.</param>
    /// <param name="delay">The samples to skip.</param>
    /// <param name="length">The samples to return.</param>
    /// <returns>The filtered signal: a view of a buffer that the next call overwrites; it may be changed.</returns>
    internal Span<double> Apply(Action<Span<double>> response, int delay, int length)
    {
        MultiplyBy(response);
        fft.Inverse(filterReal, filterImaginary, buffer);
        return buffer.AsSpan(delay, length);
    }

    private void MultiplyBy(Action<Span<double>> response)
    {
        Array.Clear(buffer);
        response(buffer);
        fft.Forward(buffer, filterReal, filterImaginary);

        ComplexSpectrum.MultiplyBy(filterReal, filterImaginary, spectrumReal, spectrumImaginary);
    }
}

/// <summary>Lowers the sampling rate by a small integer for F0 estimation, with no delay.</summary>
internal static class Decimator
{
    // MATLAB's decimate(): ends are mirrored about their last sample over three times the filter's order.
    private const int Margin = 9;
    private const double RippleDb = 0.05;

    /// <summary>Returns every <paramref name="ratio"/>-th sample of the signal, low-passed to 0.8 of the new Nyquist frequency.</summary>
    /// <param name="signal">At least 11 samples.</param>
    /// <param name="ratio">At least 1.</param>
    internal static double[] Decimate(ReadOnlySpan<double> signal, int ratio)
    {
        if (ratio == 1)
            return signal.ToArray();
        var padded = new double[signal.Length + (2 * Margin)];
        signal.CopyTo(padded.AsSpan(Margin));
        for (var i = 0; i < Margin; i++)
        {
            padded[i] = (2 * signal[0]) - signal[Margin - i];
            padded[Margin + signal.Length + i] = (2 * signal[^1]) - signal[signal.Length - 2 - i];
        }

        var (feedback, feedforward) = DesignChebyshev(0.8 / ratio);
        for (var pass = 0; pass < 2; pass++)
        {
            FilterInPlace(padded, feedback, feedforward);
            Array.Reverse(padded);
        }

        // The kept samples end with the last one of the signal.
        var count = ((signal.Length - 1) / ratio) + 1;
        var first = ratio - (ratio * count) + signal.Length + Margin - 1;
        var result = new double[count];
        for (var i = 0; i < count; i++)
            result[i] = padded[first + (i * ratio)];
        return result;
    }

    private static void FilterInPlace(double[] x, double[] feedback, double[] feedforward)
    {
        double w0 = 0,
            w1 = 0,
            w2 = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var w = x[i] - (feedback[1] * w0) - (feedback[2] * w1) - (feedback[3] * w2);
            x[i] = (feedforward[0] * w) + (feedforward[1] * w0) + (feedforward[2] * w1) + (feedforward[3] * w2);
            (w2, w1, w0) = (w1, w0, w);
        }
    }

    /// <summary>
    /// A third-order Chebyshev low-pass of type I, 0.05 dB ripple, by the bilinear transform; cutoff relative to the Nyquist frequency.
    /// </summary>
    private static (double[] Feedback, double[] Feedforward) DesignChebyshev(double cutoff)
    {
        const int order = 3;
        var epsilon = Math.Sqrt(Math.Pow(10, RippleDb / 10) - 1);
        var mu = Math.Asinh(1 / epsilon) / order;
        var warped = 4 * Math.Tan(Math.PI * cutoff / 2);
        Complex[] feedback = [1, 0, 0, 0];
        for (var k = 0; k < order; k++)
        {
            var theta = Math.PI * ((2 * k) + 1) / (2 * order);
            var pole = warped * new Complex(-Math.Sinh(mu) * Math.Sin(theta), Math.Cosh(mu) * Math.Cos(theta));
            var z = (4 + pole) / (4 - pole);
            for (var i = k + 1; i >= 1; i--)
                feedback[i] -= z * feedback[i - 1];
        }

        // Three zeros at -1; the gain at 0 Hz is 1 for an odd order.
        var a = feedback.Select(value => value.Real).ToArray();
        var gain = a.Sum() / 8;
        return (a, [gain, 3 * gain, 3 * gain, gain]);
    }
}
