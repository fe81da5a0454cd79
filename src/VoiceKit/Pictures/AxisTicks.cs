using System.Globalization;

namespace VoiceKit.Pictures;

/// <summary>Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.</summary>
public sealed class AxisTicks
{
    private AxisTicks(double step, double[] values)
    {
        Step = step;
        Values = values;
    }

    /// <summary>The distance of two ticks.</summary>
    public double Step { get; }

    /// <summary>The ticks, rising, all within the range.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The ticks with the finest round step that gives at most <paramref name="maximumCount"/> of them.</summary>
    /// <param name="range">The axis.</param>
    /// <param name="maximumCount">The most ticks, at least 1.</param>
    public static AxisTicks For(AxisRange range, int maximumCount)
    {
        ArgumentNullException.ThrowIfNull(range);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumCount, 1);
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

    /// <summary>A tick's number as text, with as many decimals as the step needs; very large and very small ones with an exponent.</summary>
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
