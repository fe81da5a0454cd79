using System.Globalization;

namespace VoiceKit.Pictures;

/// <summary>Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.</summary>
internal sealed class AxisTicks
{
    private const double MinStep = 1e-300;

    private AxisTicks(double step, double[] values)
    {
        Step = step;
        Values = values;
    }

    /// <summary>Gets the distance of two ticks.</summary>
    public double Step { get; }

    /// <summary>Gets the ticks, rising, all within the range.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The ticks with the finest round step that gives at most <paramref name="maximumCount"/> of them.</summary>
    /// <param name="range">The axis.</param>
    /// <param name="maximumCount">The most ticks, at least 1.</param>
    public static AxisTicks For(AxisRange range, int maximumCount)
    {
        ArgumentNullException.ThrowIfNull(range);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumCount, 1);

        // A range of a few of the smallest numbers has no room for round ones between them.
        if (range.Length / maximumCount < MinStep)
            return new(range.Length, []);
        var exponent = (int)Math.Floor(Math.Log10(range.Length / maximumCount));
        for (; ; exponent++)
        {
            foreach (var digit in (ReadOnlySpan<int>)[1, 2, 5])
            {
                var (first, last) = (FirstMultiple(range, digit, exponent), LastMultiple(range, digit, exponent));
                if (last - first + 1 <= maximumCount)
                    return new(Multiple(digit, exponent), Multiples(first, last, digit, exponent));
            }
        }
    }

    /// <summary>
    /// A tick's number as text, with as many decimals as the step needs; very large and very small ones with an exponent.
    /// </summary>
    public string Label(double value)
    {
        // Adding 0 turns -0 into 0.
        var shown = value + 0.0;
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(Step) + 1e-9));
        return decimals > 5 || Math.Abs(shown) >= 1e7
            ? shown.ToString("0.###e0", CultureInfo.InvariantCulture)
            : shown.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    // Dividing by a power of ten that is exact gives 0.3 where multiplying by 0.1 gives 0.30000000000000004.
    private static double Multiple(double factor, int exponent) =>
        exponent < 0 ? factor / Math.Pow(10, -exponent) : factor * Math.Pow(10, exponent);

    // The tolerance keeps an end of the range that is itself a tick but for rounding.
    private static double FirstMultiple(AxisRange range, int digit, int exponent) =>
        Math.Ceiling((range.Minimum / Multiple(digit, exponent)) - 1e-9);

    private static double LastMultiple(AxisRange range, int digit, int exponent) =>
        Math.Floor((range.Maximum / Multiple(digit, exponent)) + 1e-9);

    private static double[] Multiples(double first, double last, int digit, int exponent)
    {
        var values = new double[Math.Max(0, (int)(last - first + 1))];
        for (var i = 0; i < values.Length; i++)
            values[i] = Multiple((first + i) * digit, exponent);
        return values;
    }
}

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
            throw new ArgumentException(
                $"A range must go from a smaller to a larger finite number, not from {minimum} to {maximum}.",
                nameof(maximum)
            );
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>Gets the lower end.</summary>
    public double Minimum { get; }

    /// <summary>Gets the upper end.</summary>
    public double Maximum { get; }

    /// <summary>Gets the distance between the ends, above 0.</summary>
    public double Length => Maximum - Minimum;

    /// <summary>
    /// The smallest range that holds all finite values; a single value is put in the middle, and no value at all gives 0 .. 1.
    /// </summary>
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
    /// <param name="other">The other range.</param>
    public AxisRange Union(AxisRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Math.Min(Minimum, other.Minimum), Math.Max(Maximum, other.Maximum));
    }
}
