namespace VoiceKit.Numerics;

/// <summary>Piecewise linear interpolation; the first and last pieces are extended beyond the ends.</summary>
internal static class LinearInterpolation
{
    /// <summary>Evaluates the curve through (x[i], y[i]) at 0, step, 2 step, ...</summary>
    /// <param name="x">Strictly rising, at least two values.</param>
    /// <param name="y">As many values as <paramref name="x"/>.</param>
    /// <param name="step">The distance of the points of evaluation, positive.</param>
    /// <param name="destination">The results.</param>
    public static void AtFrames(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double step, Span<double> destination)
    {
        if (x.Length < 2 || x.Length != y.Length)
            throw new ArgumentException($"The curve needs at least two points and as many x ({x.Length}) as y ({y.Length}).", nameof(x));
        var upper = 1;
        for (var t = 0; t < destination.Length; t++)
        {
            var at = t * step;
            while (upper < x.Length - 1 && at >= x[upper])
                upper++;
            var fraction = (at - x[upper - 1]) / (x[upper] - x[upper - 1]);
            destination[t] = y[upper - 1] + (fraction * (y[upper] - y[upper - 1]));
        }
    }
}
