namespace VoiceKit.Evaluation;

/// <summary>A mean with the half-width of its 95 % confidence interval by Student's t.</summary>
/// <param name="Mean">The mean; NaN when there is no value.</param>
/// <param name="HalfWidth">Half the width of the interval; NaN when there is one value or none.</param>
public sealed record Interval(double Mean, double HalfWidth)
{
    // The 97.5 % quantiles of Student's t for 1 .. 30 degrees of freedom; beyond, the expansion below is exact to three digits.
    private static readonly double[] Quantiles =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>The interval of values; those that are NaN do not count.</summary>
    public static Interval Of(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        if (finite.Length == 0)
            return new Interval(double.NaN, double.NaN);
        var mean = finite.Average();
        if (finite.Length == 1)
            return new Interval(mean, double.NaN);
        var freedom = finite.Length - 1;
        var quantile = freedom <= Quantiles.Length ? Quantiles[freedom - 1] : 1.95996 + (2.3722 / freedom) + (2.823 / freedom / freedom);
        var deviation = Math.Sqrt(finite.Sum(value => (value - mean) * (value - mean)) / freedom);
        return new Interval(mean, quantile * deviation / Math.Sqrt(finite.Length));
    }
}
