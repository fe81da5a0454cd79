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

    /// <summary>Gets or sets what the horizontal axis shows, with the unit. Default "Time (s)".</summary>
    public string HorizontalLabel { get; init; } = "Time (s)";

    /// <summary>Gets or sets the part of the horizontal axis that is shown; null (the default) shows all data of all panels.</summary>
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
        var height =
            top
            + panels.Sum(entry => FigurePainter.HeaderHeight(entry.Panel) + entry.Height + FigurePainter.Gap)
            + (panels.Count > 0 ? FigurePainter.AxisHeight : 0)
            + (Edge / 2);
        var canvas = new Canvas(width, height, Rgb.White);
        var painter = new FigurePainter(
            canvas,
            Horizontal(),
            [.. panels.Select(entry => entry.Panel)],
            [.. panels.Select(entry => entry.Height)]
        );
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
    /// <param name="stream">The stream to write to.</param>
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

/// <summary>One of the pictures that a <see cref="Figure"/> stacks.</summary>
public abstract class Panel
{
    private protected Panel() { }

    /// <summary>Gets or sets the line above the panel. Default none.</summary>
    public string Title { get; init; } = "";

    /// <summary>Gets or sets what the vertical axis shows, with the unit. Default none.</summary>
    public string VerticalLabel { get; init; } = "";

    /// <summary>The part of the horizontal axis that the data take up; null where there are none.</summary>
    internal abstract AxisRange? HorizontalExtent { get; }

    /// <summary>The vertical axis.</summary>
    internal abstract AxisRange VerticalRange { get; }

    /// <summary>The entries of the legend.</summary>
    internal virtual IReadOnlyList<(string Name, Rgb Color)> Legend => [];

    /// <summary>The colours that stand for values; null where the panel has none.</summary>
    internal virtual ColorScale? Colors => null;

    /// <summary>Draws the data on a white background with a grid.</summary>
    internal abstract void Draw(PlotArea area);
}

/// <summary>Draws what surrounds the panels of one figure: grid, ticks, labels, legends and colour bars.</summary>
internal sealed class FigurePainter
{
    public const int TextScale = 2;
    public const int Gap = 14;
    public const int AxisHeight = 58;

    private const int Edge = 16;
    private const int TickLength = 5;
    private const int TextHeight = BitmapFont.CapitalHeight * TextScale;
    private const int BarWidth = 16;
    private const int BarDistance = 14;
    private const int LegendLine = 26;
    private const int TickDistanceAcross = 110;
    private const int TickDistanceUpwards = 42;

    private static readonly Rgb Ink = new(45, 45, 50);
    private static readonly Rgb Border = new(120, 120, 125);
    private static readonly Rgb GridLine = new(228, 228, 232);

    private readonly Canvas canvas;
    private readonly AxisRange horizontal;
    private readonly int left;
    private readonly int width;

    public FigurePainter(Canvas canvas, AxisRange horizontal, IReadOnlyList<Panel> panels, IReadOnlyList<int> heights)
    {
        this.canvas = canvas;
        this.horizontal = horizontal;
        var hasLabels = panels.Any(panel => panel.VerticalLabel.Length > 0);
        var ticks = panels.Select((panel, i) => LabelWidth(panel.VerticalRange, heights[i])).DefaultIfEmpty(0).Max();
        var bars = panels.Select((panel, i) => BarRoom(panel, heights[i])).DefaultIfEmpty(0).Max();
        left = Edge + (hasLabels ? TextHeight + 10 : 0) + ticks + TickLength + 5;
        width = Math.Max(1, canvas.Width - left - Math.Max(bars, Edge + 8));
    }

    /// <summary>The room above a panel for its title and legend.</summary>
    public static int HeaderHeight(Panel panel) =>
        panel.Title.Length > 0 || panel.Legend.Count > 0 || panel.Colors is { Label.Length: > 0 } ? TextHeight + 12 : 0;

    public void DrawHeadline(int y, string text)
    {
        var fitting = BitmapFont.Fit(text, canvas.Width - (2 * Edge), TextScale);
        var x = (canvas.Width - BitmapFont.Measure(fitting, TextScale)) / 2;

        // Twice, a pixel apart: bold.
        canvas.Text(x, y, fitting, Ink, TextScale);
        canvas.Text(x + 1, y, fitting, Ink, TextScale);
    }

    public void DrawHorizontalLabel(int y, string text)
    {
        var fitting = BitmapFont.Fit(text, width, TextScale);
        canvas.Text(left + ((width - BitmapFont.Measure(fitting, TextScale)) / 2), y + TextHeight + 10, fitting, Ink, TextScale);
    }

    public void DrawPanel(Panel panel, int top, int height, bool isLast)
    {
        var area = new PlotArea(canvas, new(left, top, width, height), horizontal, panel.VerticalRange);
        var across = AxisTicks.For(horizontal, TicksAcross(width));
        var upwards = AxisTicks.For(area.Vertical, TicksUpwards(height));
        foreach (var tick in across.Values)
            canvas.Fill(new(Pixel(area.X(tick), left, width), top, 1, height), GridLine);
        foreach (var tick in upwards.Values)
            canvas.Fill(new(left, Pixel(area.Y(tick), top, height), width, 1), GridLine);

        canvas.Clip = area.Rectangle;
        panel.Draw(area);
        canvas.Clip = canvas.Bounds;

        canvas.Frame(new(left - 1, top - 1, width + 2, height + 2), Border);
        DrawTicksUpwards(upwards, area, left - 1);
        DrawTicksAcross(across, area, isLast);
        DrawVerticalLabel(panel.VerticalLabel, top, height);
        var legendLeft = DrawLegend(panel.Legend, left + width - (panel.Colors is null ? 0 : BarDistance), top - TextHeight - 7);
        canvas.Text(left, top - TextHeight - 7, BitmapFont.Fit(panel.Title, legendLeft - left, TextScale), Ink, TextScale);
        if (panel.Colors is { } colors)
            DrawColorBar(colors, top, height);
    }

    private static int TicksAcross(int width) => Math.Max(2, width / TickDistanceAcross);

    private static int TicksUpwards(int height) => Math.Max(2, height / TickDistanceUpwards);

    private static int LabelWidth(AxisRange range, int height)
    {
        var ticks = AxisTicks.For(range, TicksUpwards(height));
        return ticks.Values.Select(tick => BitmapFont.Measure(ticks.Label(tick), TextScale)).DefaultIfEmpty(0).Max();
    }

    private static int BarRoom(Panel panel, int height) =>
        panel.Colors is { } colors ? BarDistance + BarWidth + TickLength + 5 + Math.Max(LabelWidth(colors.Range, height), 1) + Edge : 0;

    // The pixel that holds the coordinate; one on the far edge belongs to the last.
    private static int Pixel(double coordinate, int start, int length) =>
        Math.Clamp((int)Math.Floor(coordinate), start, start + length - 1);

    private void DrawTicksUpwards(AxisTicks ticks, PlotArea area, int right)
    {
        foreach (var tick in ticks.Values)
        {
            var y = Pixel(area.Y(tick), area.Rectangle.Y, area.Rectangle.Height);
            canvas.Fill(new(right - TickLength, y, TickLength, 1), Border);
            var label = ticks.Label(tick);
            canvas.Text(right - TickLength - 4 - BitmapFont.Measure(label, TextScale), y - (TextHeight / 2) + 1, label, Ink, TextScale);
        }
    }

    private void DrawTicksAcross(AxisTicks ticks, PlotArea area, bool withLabels)
    {
        foreach (var tick in ticks.Values)
        {
            var x = Pixel(area.X(tick), left, width);
            canvas.Fill(new(x, area.Rectangle.Bottom + 1, 1, TickLength), Border);
            if (!withLabels)
                continue;
            var label = ticks.Label(tick);
            var labelWidth = BitmapFont.Measure(label, TextScale);
            var start = Math.Min(x - (labelWidth / 2), canvas.Width - labelWidth - 2);
            canvas.Text(start, area.Rectangle.Bottom + TickLength + 6, label, Ink, TextScale);
        }
    }

    private void DrawVerticalLabel(string text, int top, int height)
    {
        var fitting = BitmapFont.Fit(text, height + Gap, TextScale);
        canvas.Text(Edge - 4, top + ((height + BitmapFont.Measure(fitting, TextScale)) / 2), fitting, Ink, TextScale, vertical: true);
    }

    // Right-aligned; returns where it begins.
    private int DrawLegend(IReadOnlyList<(string Name, Rgb Color)> entries, int right, int y)
    {
        var x = right;
        foreach (var (name, color) in entries.Reverse())
        {
            var fitting = BitmapFont.Fit(name, x - left - LegendLine - 8, TextScale);
            if (fitting.Length == 0)
                break;
            x -= BitmapFont.Measure(fitting, TextScale);
            canvas.Text(x, y, fitting, Ink, TextScale);
            x -= LegendLine + 8;
            canvas.Fill(new(x, y + (TextHeight / 2) - 2, LegendLine, 5), color);
            canvas.Frame(new(x, y + (TextHeight / 2) - 2, LegendLine, 5), color.Mix(Rgb.Black, 0.35));
            x -= 18;
        }

        return x;
    }

    private void DrawColorBar(ColorScale colors, int top, int height)
    {
        var x = left + width + BarDistance;
        for (var y = 0; y < height; y++)
            canvas.Fill(new(x, top + y, BarWidth, 1), colors.Map[1 - ((y + 0.5) / height)]);
        canvas.Frame(new(x - 1, top - 1, BarWidth + 2, height + 2), Border);
        var bar = new PlotArea(canvas, new(x, top, BarWidth, height), horizontal, colors.Range);
        var ticks = AxisTicks.For(colors.Range, TicksUpwards(height));
        foreach (var tick in ticks.Values)
        {
            var y = Pixel(bar.Y(tick), top, height);
            canvas.Fill(new(x + BarWidth + 1, y, TickLength, 1), Border);
            canvas.Text(x + BarWidth + TickLength + 5, y - (TextHeight / 2) + 1, ticks.Label(tick), Ink, TextScale);
        }

        var label = BitmapFont.Fit(colors.Label, canvas.Width - x, TextScale);
        canvas.Text(x, top - TextHeight - 7, label, Ink, TextScale);
    }
}
