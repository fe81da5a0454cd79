namespace VoiceKit.Pictures;

/// <summary>The cells of one axis of a matrix that a pixel shows, with the share of each.</summary>
internal readonly struct CellWeights
{
    private readonly int first;
    private readonly double[]? shares;

    private CellWeights(int first, double[] shares)
    {
        this.first = first;
        this.shares = shares;
    }

    /// <summary>Whether the pixel lies outside the matrix.</summary>
    public bool IsEmpty => shares is null;

    /// <summary>The shares for a row of pixels over cells that are centred on 0, 1, 2 ...</summary>
    /// <param name="count">The number of cells.</param>
    /// <param name="start">The first pixel's left edge, in cells.</param>
    /// <param name="step">The width of a pixel, in cells.</param>
    /// <param name="pixels">The number of pixels.</param>
    /// <param name="smooth">Whether pixels smaller than a cell are interpolated.</param>
    public static CellWeights[] For(int count, double start, double step, int pixels, bool smooth)
    {
        var result = new CellWeights[pixels];
        for (var i = 0; i < pixels; i++)
        {
            var (left, right) = (start + (i * step), start + ((i + 1) * step));
            var centre = (left + right) / 2;
            if (step > 1)
                result[i] = ByArea(count, left, right);
            else if (!(centre >= -0.5 && centre < count - 0.5))
                continue;
            else
                result[i] = smooth ? Between(count, centre) : new((int)Math.Floor(centre + 0.5), [1]);
        }

        return result;
    }

    /// <summary>The weighted mean of <c>values[offset + cell * stride]</c>, each limited to the range; NaN where there is no number.</summary>
    public double Mean(ReadOnlySpan<double> values, int offset, int stride, AxisRange limits)
    {
        var (sum, total) = (0.0, 0.0);
        for (var i = 0; i < shares!.Length; i++)
        {
            var value = values[offset + ((first + i) * stride)];
            if (double.IsNaN(value))
                continue;
            sum += shares[i] * Math.Clamp(value, limits.Minimum, limits.Maximum);
            total += shares[i];
        }

        return total > 0 ? sum / total : double.NaN;
    }

    private static CellWeights ByArea(int count, double left, double right)
    {
        // Edges of cells lie at -0.5, 0.5, ...: half a cell further they are whole numbers.
        var (from, to) = (Math.Max(left + 0.5, 0), Math.Min(right + 0.5, count));
        if (!(from < to))
            return default;
        var cell = (int)from;
        var shares = new double[(int)Math.Ceiling(to) - cell];
        for (var i = 0; i < shares.Length; i++)
            shares[i] = Math.Min(to, cell + i + 1) - Math.Max(from, cell + i);
        return new(cell, shares);
    }

    private static CellWeights Between(int count, double centre)
    {
        var place = Math.Clamp(centre, 0, count - 1);
        var cell = Math.Min((int)place, Math.Max(count - 2, 0));
        return place == cell ? new(cell, [1]) : new(cell, [cell + 1 - place, place - cell]);
    }
}
