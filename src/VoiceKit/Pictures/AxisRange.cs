namespace VoiceKit.Pictures;

/// <summary>The part of an axis that is shown, from <see cref="Minimum"/> to <see cref="Maximum"/>.</summary>
public sealed record AxisRange
{
    // A quarter of the largest double: differences and sums of two ends stay finite.
    private const double Largest = double.MaxValue / 4;

    /// <summary>Creates a range.</summary>
    /// <param name="minimum">The lower end, finite.</param>
    /// <param name="maximum">The upper end, finite and above <paramref name="minimum"/>.</param>
    /// <exception cref="ArgumentException">An end is not finite, or they are not in order.</exception>
    public AxisRange(double minimum, double maximum)
    {
        if (!(minimum < maximum && double.IsFinite(maximum - minimum)))
            throw new ArgumentException($"A range must go from a smaller to a larger finite number, not from {minimum} to {maximum}.", nameof(maximum));
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The lower end.</summary>
    public double Minimum { get; }

    /// <summary>The upper end.</summary>
    public double Maximum { get; }

    /// <summary>The distance between the ends, above 0.</summary>
    public double Length => Maximum - Minimum;

    /// <summary>The smallest range that holds all finite values; a single value is put in the middle, and no value at all gives 0 .. 1.</summary>
    /// <param name="values">The values; NaN and infinities are left out.</param>
    /// <param name="margin">The room to leave below and above, as a share of the range.</param>
    public static AxisRange Covering(ReadOnlySpan<double> values, double margin = 0)
    {
        var (minimum, maximum) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                continue;
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }

        if (minimum > maximum)
            return new(0, 1);
        (minimum, maximum) = (Math.Clamp(minimum, -Largest, Largest), Math.Clamp(maximum, -Largest, Largest));
        var room = margin * (maximum - minimum);

        // A range that a double can hardly resolve would give ticks that all read the same.
        if (maximum - minimum <= 1e-9 * Math.Max(Math.Abs(minimum), Math.Abs(maximum)))
            room = Math.Max(Math.Abs(maximum) * 0.1, maximum == 0 ? 1 : double.Epsilon * 16);
        return new(minimum - room, maximum + room);
    }

    /// <summary>The smallest range that holds both.</summary>
    public AxisRange Union(AxisRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Math.Min(Minimum, other.Minimum), Math.Max(Maximum, other.Maximum));
    }
}
