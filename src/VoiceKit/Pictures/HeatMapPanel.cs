using VoiceKit.Numerics;

namespace VoiceKit.Pictures;

/// <summary>A matrix as a coloured image: frames from left to right, columns from bottom to top. Spectrograms, cepstra, piano rolls, alignments.</summary>
/// <remarks>Each value is a cell centred on its place on the axes. Where several cells share a pixel, the pixel shows the mean of their values
/// (of decibels, where the values are decibels) by area. NaN is grey and left out of means; infinities take the colours' ends.</remarks>
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
        : this(values, framePeriod.TotalSeconds)
    {
    }

    /// <summary>Where on the horizontal axis the first frame's middle lies. Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The place is not finite.</exception>
    public double Start
    {
        get;
        init => field = double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The first frame's place must be finite.");
    }

    /// <summary>The places of the first and the last column on the vertical axis, for a spectrum 0 and half the sampling frequency.
    /// Null (the default) numbers the columns from 0.</summary>
    public AxisRange? VerticalExtent { get; init; }

    /// <summary>The part of the vertical axis that is shown; null (the default) shows everything.</summary>
    public AxisRange? VerticalLimits { get; init; }

    /// <summary>The values with the first and the last colour; what lies outside takes the end's colour. Null (the default) takes them from the values.</summary>
    public AxisRange? ValueLimits { get; init; }

    /// <summary>Where <see cref="ValueLimits"/> is null: how far below the greatest value the first colour lies, for example 80 dB. Null: at the least value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The distance is not above 0 and finite.</exception>
    public double? DynamicRange
    {
        get;
        init => field = value is null || (value > 0 && double.IsFinite(value.Value))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The dynamic range must be above 0 and finite.");
    }

    /// <summary>What the values are, above the colour bar, for example "dB". Default none.</summary>
    public string ValueLabel { get; init; } = "";

    /// <summary>The colours. Default <see cref="ColorMap.Ember"/>.</summary>
    public ColorMap Map { get; init; } = ColorMap.Ember;

    /// <summary>Whether an enlarged matrix runs smoothly from value to value; otherwise (the default) its cells are seen. Means no difference where it is shrunk.</summary>
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

    private double CellHeight => values.Dimension == 1 ? VerticalExtent?.Length ?? 1 : (VerticalExtent?.Length ?? (values.Dimension - 1)) / (values.Dimension - 1);

    internal override void Draw(PlotArea area)
    {
        var colors = Colors;
        var (width, height) = (area.Rectangle.Width, area.Rectangle.Height);

        // Rows of the picture run downwards, columns of the matrix upwards: row y is the (height - y)th from below.
        var across = CellWeights.For(
            values.Count, (area.Horizontal.Minimum - Start) / spacing, area.Horizontal.Length / width / spacing, width, IsSmooth);
        var upwards = CellWeights.For(
            values.Dimension, (area.Vertical.Minimum - Lowest) / CellHeight, area.Vertical.Length / height / CellHeight, height, IsSmooth);
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
