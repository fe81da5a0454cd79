using VoiceKit.Audio;

namespace VoiceKit.Pitch;

/// <summary>
/// The fundamental frequency over time: one value in Hz a frame, 0 where the frame is unvoiced. Frame t lies at t x frame period.
/// </summary>
public sealed class F0Contour
{
    private readonly double[] values;

    /// <summary>Copies values.</summary>
    /// <param name="values">F0 in Hz, [T]; 0 = unvoiced; finite and not negative.</param>
    /// <param name="framePeriod">The time from one frame to the next, positive.</param>
    /// <exception cref="ArgumentException">A value is negative, NaN or infinite; the message names its frame.</exception>
    public F0Contour(ReadOnlySpan<double> values, TimeSpan framePeriod)
        : this(framePeriod, values.ToArray()) { }

    private F0Contour(TimeSpan framePeriod, double[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(framePeriod, TimeSpan.Zero);
        var bad = Array.FindIndex(values, f0 => !(f0 >= 0) || double.IsInfinity(f0));
        if (bad >= 0)
            throw new ArgumentException($"Frame {bad} has F0 {values[bad]}: it must be finite and not negative.", nameof(values));
        this.values = values;
        FramePeriod = framePeriod;
    }

    /// <summary>F0 in Hz, [T]; 0 = unvoiced.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>Gets the number of frames T.</summary>
    public int Count => values.Length;

    /// <summary>Gets the time from one frame to the next.</summary>
    public TimeSpan FramePeriod { get; }

    /// <summary>F0 of frame <paramref name="t"/> in Hz, 0 = unvoiced.</summary>
    public double this[int t] => values[t];

    /// <summary>Gets the number of voiced frames.</summary>
    public int VoicedCount => values.Count(f0 => f0 > 0);

    /// <summary>The runs of voiced frames in order: the first frame of each, and the one after its last.</summary>
    internal IEnumerable<(int Start, int End)> VoicedStretches()
    {
        for (var start = 0; start < values.Length; start++)
        {
            if (values[start] <= 0)
                continue;
            var end = start;
            while (end < values.Length && values[end] > 0)
                end++;
            yield return (start, end);
            start = end;
        }
    }

    /// <summary>Takes an array without copying it.</summary>
    /// <param name="values">F0 in Hz, [T]; whoever wraps an array must not write to it any more.</param>
    /// <param name="framePeriod">The time from one frame to the next, positive.</param>
    /// <exception cref="ArgumentException">A value is negative, NaN or infinite; the message names its frame.</exception>
    public static F0Contour Wrap(double[] values, TimeSpan framePeriod)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new F0Contour(framePeriod, values);
    }

    /// <summary>The number of frames of a signal: one each frame period from time 0 on, the last at or before its end.</summary>
    /// <param name="sampleCount">The signal's length in samples.</param>
    /// <param name="sampleRate">Its rate in Hz.</param>
    /// <param name="framePeriod">The time from one frame to the next.</param>
    public static int FrameCount(long sampleCount, int sampleRate, TimeSpan framePeriod) =>
        (int)(1000.0 * sampleCount / sampleRate / framePeriod.TotalMilliseconds) + 1;
}

/// <summary>The range in which an estimator looks for F0.</summary>
public sealed record F0Range
{
    /// <summary>Gets the widest range that covers speech: 71 .. 800 Hz, WORLD's defaults.</summary>
    public static F0Range Speech { get; } = new(71, 800);

    /// <summary>Creates a range.</summary>
    /// <param name="floor">The lowest F0 in Hz, at least 20.</param>
    /// <param name="ceiling">The highest F0 in Hz, above <paramref name="floor"/>, at most 4000.</param>
    public F0Range(double floor, double ceiling)
    {
        if (!(floor >= 20 && ceiling > floor && ceiling <= 4000))
            throw new ArgumentOutOfRangeException(
                nameof(floor),
                $"The F0 range {floor} .. {ceiling} Hz must lie within 20 .. 4000 Hz, floor below ceiling."
            );
        Floor = floor;
        Ceiling = ceiling;
    }

    /// <summary>Gets the lowest F0 in Hz.</summary>
    public double Floor { get; }

    /// <summary>Gets the highest F0 in Hz.</summary>
    public double Ceiling { get; }

    /// <summary>The smallest range that holds both.</summary>
    /// <param name="other">Another range.</param>
    public F0Range Union(F0Range other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new F0Range(Math.Min(Floor, other.Floor), Math.Max(Ceiling, other.Ceiling));
    }
}

/// <summary>Estimates the fundamental frequency of a signal.</summary>
public interface IF0Estimator
{
    /// <summary>Returns F0 at times 0, frame period, 2 x frame period, ...; 0 where unvoiced.</summary>
    F0Contour Estimate(Waveform waveform);
}
