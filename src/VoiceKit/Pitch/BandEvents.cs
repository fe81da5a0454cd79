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
internal sealed class BandEvents
{
    private readonly double sampleRate;
    private readonly double[] locations;
    private readonly double[] rates;
    private readonly double[][] interpolated;

    /// <summary>Prepares for signals of at most <paramref name="capacity"/> samples and contours of <paramref name="frameCount"/> frames.</summary>
    internal BandEvents(int capacity, int frameCount, double sampleRate)
    {
        this.sampleRate = sampleRate;
        locations = new double[capacity];
        rates = new double[capacity];
        interpolated = [new double[frameCount], new double[frameCount], new double[frameCount], new double[frameCount]];
    }

    /// <summary>The four event rates in Hz at each frame; meaningful after <see cref="TryMeasure"/> returned true.</summary>
    internal double[][] Rates => interpolated;

    /// <summary>Measures the four event rates of <paramref name="signal"/>, which is overwritten; false when a kind has fewer than three intervals.</summary>
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

    /// <summary>Finds the intervals between crossings from above zero to zero or below: their centres in seconds and their rates in Hz.</summary>
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
        (Vector256.GreaterThan(Vector256.LoadUnsafe(ref x, at - 1), Vector256<double>.Zero)
            & Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref x, at), Vector256<double>.Zero)).ExtractMostSignificantBits();

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
