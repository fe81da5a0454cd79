namespace VoiceKit.Pictures;

/// <summary>A named sequence of values at equal distances along the horizontal axis.</summary>
public sealed class Curve
{
    private readonly double[] values;

    /// <summary>Creates a curve; the values are copied.</summary>
    /// <param name="name">What the legend calls it; "" leaves it out of the legend.</param>
    /// <param name="values">The values; one that is not finite leaves a gap.</param>
    /// <param name="spacing">The distance of two values on the horizontal axis, above 0: seconds where the axis is time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The spacing is not above 0 and finite.</exception>
    public Curve(string name, ReadOnlySpan<double> values, double spacing)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!(spacing > 0 && double.IsFinite(spacing)))
            throw new ArgumentOutOfRangeException(nameof(spacing), spacing, "The distance of two values must be above 0 and finite.");
        Name = name;
        this.values = values.ToArray();
        Spacing = spacing;
    }

    /// <summary>Creates a curve over time; the values are copied.</summary>
    /// <param name="name">What the legend calls it; "" leaves it out of the legend.</param>
    /// <param name="values">The values; one that is not finite leaves a gap.</param>
    /// <param name="framePeriod">The time from one value to the next, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is not above 0.</exception>
    public Curve(string name, ReadOnlySpan<double> values, TimeSpan framePeriod)
        : this(name, values, framePeriod.TotalSeconds) { }

    /// <summary>Gets what the legend calls it.</summary>
    public string Name { get; }

    /// <summary>Gets the values.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>Gets the distance of two values on the horizontal axis.</summary>
    public double Spacing { get; }

    /// <summary>Gets where on the horizontal axis the first value lies. Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The place is not finite.</exception>
    public double Start
    {
        get;
        init =>
            field = double.IsFinite(value)
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "The first value's place must be finite.");
    }

    /// <summary>
    /// Gets or sets whether a 0 leaves a gap, as it must for an F0 contour, where it stands for an unvoiced frame. Default no.
    /// </summary>
    public bool ZeroIsGap { get; init; }

    /// <summary>Gets or sets the colour, or null for the next one of the panel's.</summary>
    public Rgb? Color { get; init; }

    /// <summary>Gets the line's width in pixels, above 0. Default 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is not above 0 and finite.</exception>
    public double Thickness
    {
        get;
        init =>
            field =
                value > 0 && double.IsFinite(value)
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, "A curve's width must be above 0 and finite.");
    } = 2;

    /// <summary>The part of the horizontal axis that the curve takes up; null without values.</summary>
    internal AxisRange? Extent =>
        values.Length switch
        {
            0 => null,
            1 => AxisRange.Covering([Start]),
            _ => new AxisRange(Start, Start + ((values.Length - 1) * Spacing)),
        };

    /// <summary>Determines whether the value is drawn.</summary>
    internal bool IsShown(double value) => double.IsFinite(value) && !(ZeroIsGap && value == 0);

    /// <summary>The smallest range that holds every value drawn in any of the curves.</summary>
    internal static AxisRange VerticalRange(IReadOnlyList<Curve> curves, double margin) =>
        AxisRange.Covering([.. curves.SelectMany(curve => curve.values.Where(curve.IsShown))], margin);
}
