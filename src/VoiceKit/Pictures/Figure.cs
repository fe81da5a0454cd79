namespace VoiceKit.Pictures;

/// <summary>Panels one above the other over a common horizontal axis, as a PNG picture on white.</summary>
/// <example><code>
/// new Figure(1200, "SF1 100001")
///     .Add(new WaveformPanel(waveform.Samples, waveform.SampleRate) { VerticalLabel = "Amplitude" }, 140)
///     .Add(new HeatMapPanel(decibels, framePeriod) { VerticalExtent = new(0, 8000), DynamicRange = 80, ValueLabel = "dB" }, 320)
///     .Write(stream);
/// </code></example>
public sealed class Figure
{
    private const int Scale = FigurePainter.TextScale;
    private const int Edge = 16;

    private readonly List<(Panel Panel, int Height)> panels = [];
    private readonly int width;
    private readonly string title;

    /// <summary>Creates a figure without panels.</summary>
    /// <param name="width">The width in pixels with everything around the panels, 300 .. 10000; 1000 to 1400 reads well.</param>
    /// <param name="title">The headline; "" leaves it out.</param>
    public Figure(int width, string title = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 10000);
        ArgumentNullException.ThrowIfNull(title);
        this.width = width;
        this.title = title;
    }

    /// <summary>What the horizontal axis shows, with the unit. Default "Time (s)".</summary>
    public string HorizontalLabel { get; init; } = "Time (s)";

    /// <summary>The part of the horizontal axis that is shown; null (the default) shows all data of all panels.</summary>
    public AxisRange? HorizontalLimits { get; init; }

    /// <summary>Puts a panel below the others.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="height">The height in pixels of what the axes enclose, 20 .. 5000.</param>
    /// <returns>This figure.</returns>
    public Figure Add(Panel panel, int height)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 5000);
        panels.Add((panel, height));
        return this;
    }

    /// <summary>Draws everything on a new canvas.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The panels together need more than <see cref="Canvas.MaximumPixels"/>.</exception>
    public Canvas Render()
    {
        var top = title.Length > 0 ? Edge + (BitmapFont.Height * Scale) + 10 : Edge / 2;
        var height = top + panels.Sum(entry => FigurePainter.HeaderHeight(entry.Panel) + entry.Height + FigurePainter.Gap)
            + (panels.Count > 0 ? FigurePainter.AxisHeight : 0) + (Edge / 2);
        var canvas = new Canvas(width, height, Rgb.White);
        var painter = new FigurePainter(canvas, Horizontal(), [.. panels.Select(entry => entry.Panel)], [.. panels.Select(entry => entry.Height)]);
        if (title.Length > 0)
            painter.DrawHeadline(Edge, title);
        for (var i = 0; i < panels.Count; i++)
        {
            var (panel, panelHeight) = panels[i];
            top += FigurePainter.HeaderHeight(panel);
            painter.DrawPanel(panel, top, panelHeight, isLast: i == panels.Count - 1);
            top += panelHeight + FigurePainter.Gap;
        }

        if (panels.Count > 0)
            painter.DrawHorizontalLabel(top, HorizontalLabel);
        return canvas;
    }

    /// <summary>Draws everything and writes it as PNG; the stream stays open.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The panels together need more than <see cref="Canvas.MaximumPixels"/>.</exception>
    public void Write(Stream stream) => PngWriter.Write(stream, Render());

    private AxisRange Horizontal()
    {
        if (HorizontalLimits is not null)
            return HorizontalLimits;
        var extents = panels.Select(entry => entry.Panel.HorizontalExtent).OfType<AxisRange>().ToList();
        return extents.Count == 0 ? new(0, 1) : extents.Aggregate((all, extent) => all.Union(extent));
    }
}
