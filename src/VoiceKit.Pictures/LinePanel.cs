namespace VoiceKit.Pictures;

/// <summary>Curves over a common vertical axis, with a legend.</summary>
public sealed class LinePanel : Panel
{
    private const double Margin = 0.06;

    private readonly Curve[] curves;

    /// <summary>Creates a panel; later curves are drawn over earlier ones.</summary>
    /// <param name="curves">The curves, none to any number.</param>
    public LinePanel(params ReadOnlySpan<Curve> curves) => this.curves = curves.ToArray();

    /// <summary>
    /// Gets or sets the part of the vertical axis that is shown; null (the default) shows every value with a little room.
    /// </summary>
    public AxisRange? VerticalLimits { get; init; }

    internal override AxisRange? HorizontalExtent
    {
        get
        {
            var extents = curves.Select(curve => curve.Extent).OfType<AxisRange>().ToList();
            return extents.Count == 0 ? null : extents.Aggregate((all, extent) => all.Union(extent));
        }
    }

    internal override AxisRange VerticalRange => VerticalLimits ?? Curve.VerticalRange(curves, Margin);

    internal override IReadOnlyList<(string Name, Rgb Color)> Legend =>
        [.. curves.Select((curve, i) => (curve.Name, Color: ColorOf(i))).Where(entry => entry.Name.Length > 0)];

    internal override void Draw(PlotArea area)
    {
        for (var i = 0; i < curves.Length; i++)
            area.Draw(curves[i], ColorOf(i));
    }

    private Rgb ColorOf(int index) => curves[index].Color ?? Rgb.Palette[index % Rgb.Palette.Count];
}
