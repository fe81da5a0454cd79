using VoiceKit.Numerics;

namespace VoiceKit.Pictures;

/// <summary>
/// A matrix as a coloured image: frames from left to right, columns from bottom to top. Spectrograms, cepstra, piano rolls, alignments.
/// </summary>
/// <remarks>Each value is a cell centred on its place on the axes. Where several cells share a pixel, the pixel shows the mean of their
/// values (of decibels, where the values are decibels) by area. NaN is grey and left out of means; infinities take the colours'
/// ends.</remarks>
public sealed class HeatMapPanel : Panel
{
    private static readonly Rgb NoData = new(205, 205, 205);

    // Light on dark: seen over every colour of the maps.
    private static readonly Rgb[] OverlayColors = [new(70, 225, 255), new(140, 255, 120), new(255, 255, 255)];
    private static readonly Rgb Outline = new(10, 10, 30);

    private readonly Frames values;
    private readonly double spacing;

    /// <summary>Creates a panel.</summary>
    /// <param name="values">The values [T, D]; T may be 0.</param>
    /// <param name="spacing">The distance of two frames on the horizontal axis, above 0: seconds where the axis is time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The spacing is not above 0 and finite.</exception>
    public HeatMapPanel(Frames values, double spacing)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!(spacing > 0 && double.IsFinite(spacing)))
            throw new ArgumentOutOfRangeException(nameof(spacing), spacing, "The distance of two frames must be above 0 and finite.");
        this.values = values;
        this.spacing = spacing;
    }

    /// <summary>Creates a panel over time.</summary>
    /// <param name="values">The values [T, D]; T may be 0.</param>
    /// <param name="framePeriod">The time from one frame to the next, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is not above 0.</exception>
    public HeatMapPanel(Frames values, TimeSpan framePeriod)
        : this(values, framePeriod.TotalSeconds) { }

    /// <summary>Gets where on the horizontal axis the first frame's middle lies. Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The place is not finite.</exception>
    public double Start
    {
        get;
        init =>
            field = double.IsFinite(value)
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "The first frame's place must be finite.");
    }

    /// <summary>
    /// Gets or sets the places of the first and the last column on the vertical axis, for a spectrum 0 and half the sampling frequency.
    /// Null (the default) numbers the columns from 0.
    /// </summary>
    public AxisRange? VerticalExtent { get; init; }

    /// <summary>Gets or sets the part of the vertical axis that is shown; null (the default) shows everything.</summary>
    public AxisRange? VerticalLimits { get; init; }

    /// <summary>
    /// Gets or sets the values with the first and the last colour; what lies outside takes the end's colour. Null (the default) takes them
    /// from the values.
    /// </summary>
    public AxisRange? ValueLimits { get; init; }

    /// <summary>
    /// Gets where <see cref="ValueLimits"/> is null: how far below the greatest value the first colour lies, for example 80 dB. Null: at
    /// the least value.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The distance is not above 0 and finite.</exception>
    public double? DynamicRange
    {
        get;
        init =>
            field =
                value is null || (value > 0 && double.IsFinite(value.Value))
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, "The dynamic range must be above 0 and finite.");
    }

    /// <summary>Gets or sets what the values are, above the colour bar, for example "dB". Default none.</summary>
    public string ValueLabel { get; init; } = "";

    /// <summary>Gets or sets the colours. Default <see cref="ColorMap.Ember"/>.</summary>
    public ColorMap Map { get; init; } = ColorMap.Ember;

    /// <summary>
    /// Gets or sets whether an enlarged matrix runs smoothly from value to value; otherwise (the default) its cells are seen. Means no
    /// difference where it is shrunk.
    /// </summary>
    public bool IsSmooth { get; init; }

    /// <summary>Curves over the image, on the same axes: F0 in Hz over a spectrogram. Default none.</summary>
    public IReadOnlyList<Curve> Overlays { get; init; } = [];

    internal override AxisRange? HorizontalExtent =>
        values.Count == 0 ? null : new(Start - (spacing / 2), Start + ((values.Count - 0.5) * spacing));

    internal override AxisRange VerticalRange =>
        VerticalLimits ?? new(Lowest - (CellHeight / 2), Lowest + ((values.Dimension - 0.5) * CellHeight));

    internal override IReadOnlyList<(string Name, Rgb Color)> Legend =>
        [.. Overlays.Select((curve, i) => (curve.Name, Color: OverlayColor(i))).Where(entry => entry.Name.Length > 0)];

    internal override ColorScale Colors => new(Map, ValueLimits ?? RangeOfValues(), ValueLabel);

    private double Lowest => VerticalExtent?.Minimum ?? 0;

    private double CellHeight =>
        values.Dimension == 1 ? VerticalExtent?.Length ?? 1 : (VerticalExtent?.Length ?? (values.Dimension - 1)) / (values.Dimension - 1);

    internal override void Draw(PlotArea area)
    {
        var colors = Colors;
        var (width, height) = (area.Rectangle.Width, area.Rectangle.Height);

        // Rows of the picture run downwards, columns of the matrix upwards: row y is the (height - y)th from below.
        var across = CellWeights.For(
            values.Count,
            (area.Horizontal.Minimum - Start) / spacing,
            area.Horizontal.Length / width / spacing,
            width,
            IsSmooth
        );
        var upwards = CellWeights.For(
            values.Dimension,
            (area.Vertical.Minimum - Lowest) / CellHeight,
            area.Vertical.Length / height / CellHeight,
            height,
            IsSmooth
        );
        var column = new double[values.Dimension];
        for (var x = 0; x < width; x++)
        {
            if (across[x].IsEmpty)
                continue;
            for (var d = 0; d < column.Length; d++)
                column[d] = across[x].Mean(values.Values, d, values.Dimension, colors.Range);
            for (var y = 0; y < height; y++)
            {
                var weights = upwards[height - 1 - y];
                if (weights.IsEmpty)
                    continue;
                var value = weights.Mean(column, 0, 1, colors.Range);
                area.Canvas.Set(area.Rectangle.X + x, area.Rectangle.Y + y, double.IsNaN(value) ? NoData : colors[value]);
            }
        }

        for (var i = 0; i < Overlays.Count; i++)
            area.Draw(Overlays[i], OverlayColor(i), Outline);
    }

    private AxisRange RangeOfValues()
    {
        var range = AxisRange.Covering(values.Values);
        var floor = range.Maximum - (DynamicRange ?? double.PositiveInfinity);

        // Beside a huge maximum the dynamic range can be lost in rounding.
        return floor > range.Minimum && floor < range.Maximum ? new(floor, range.Maximum) : range;
    }

    private Rgb OverlayColor(int index) => Overlays[index].Color ?? OverlayColors[index % OverlayColors.Length];
}

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

    /// <summary>Gets whether the pixel lies outside the matrix.</summary>
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

    /// <summary>
    /// The weighted mean of <c>values[offset + cell * stride]</c>, each limited to the range; NaN where there is no number.
    /// </summary>
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

/// <summary>Turns a number from 0 to 1 into a colour.</summary>
/// <remarks>The anchors of <see cref="Ember"/> were chosen in the OKLCH space (Ottosson, 2020) so that the lightness rises in equal steps:
/// equal differences of the value look equal, also in print without colour.</remarks>
public sealed class ColorMap
{
    private readonly Rgb[] anchors;

    /// <summary>Creates a map that goes from anchor to anchor in straight lines.</summary>
    /// <param name="anchors">The colours at equal distances from 0 to 1, at least two.</param>
    /// <exception cref="ArgumentException">There are fewer than two anchors.</exception>
    public ColorMap(params ReadOnlySpan<Rgb> anchors)
    {
        if (anchors.Length < 2)
            throw new ArgumentException($"A colour map needs at least two anchors; there are {anchors.Length}.", nameof(anchors));
        this.anchors = anchors.ToArray();
    }

    /// <summary>From black over violet, red and orange to a pale yellow: for spectra and other amounts.</summary>
    public static ColorMap Ember { get; } =
        new(
            new(6, 5, 20),
            new(28, 7, 56),
            new(59, 5, 82),
            new(95, 0, 97),
            new(132, 1, 101),
            new(171, 6, 97),
            new(204, 37, 84),
            new(230, 72, 67),
            new(248, 109, 52),
            new(255, 149, 63),
            new(255, 187, 102),
            new(253, 221, 153),
            new(255, 250, 218)
        );

    /// <summary>From white to black: for print, piano rolls and paths.</summary>
    public static ColorMap Ink { get; } = new(Rgb.White, Rgb.Black);

    /// <summary>From blue over white to red: for differences, with the zero in the middle.</summary>
    public static ColorMap Difference { get; } =
        new(
            new(17, 50, 110),
            new(43, 109, 178),
            new(133, 182, 222),
            new(247, 247, 247),
            new(240, 163, 130),
            new(199, 69, 60),
            new(108, 9, 36)
        );

    /// <summary>Gets the colour at <paramref name="position"/>; what lies outside 0 .. 1 takes the end's colour, NaN that of 0.</summary>
    public Rgb this[double position]
    {
        get
        {
            var place = (position > 0 ? Math.Min(position, 1) : 0) * (anchors.Length - 1);
            var index = Math.Min((int)place, anchors.Length - 2);
            return anchors[index].Mix(anchors[index + 1], place - index);
        }
    }
}

/// <summary>Maps values to colours.</summary>
internal sealed record ColorScale(ColorMap Map, AxisRange Range, string Label)
{
    public Rgb this[double value] => Map[(value - Range.Minimum) / Range.Length];
}
