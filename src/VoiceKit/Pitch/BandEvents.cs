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
        for (var i = 0; i < signal.Length - 1; i++)
            signal[i] -= signal[i + 1];
        var derivative = signal[..^1];
        if (!TryInterpolate(derivative, frameSeconds, interpolated[2]))
            return false;
        Negate(derivative);
        return TryInterpolate(derivative, frameSeconds, interpolated[3]);
    }

    private static void Negate(Span<double> x) => System.Numerics.Tensors.TensorPrimitives.Negate(x, x);

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
        for (var i = 1; i < signal.Length; i++)
        {
            if (!(signal[i - 1] > 0 && signal[i] <= 0))
                continue;
            var crossing = i - (signal[i - 1] / (signal[i] - signal[i - 1]));
            if (count >= 0)
            {
                rates[count] = sampleRate / (crossing - previous);
                locations[count] = (previous + crossing) / 2 / sampleRate;
            }

            count++;
            previous = crossing;
        }

        return Math.Max(count, 0);
    }
}
