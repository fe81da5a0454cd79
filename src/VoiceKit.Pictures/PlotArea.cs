namespace VoiceKit.Pictures;

/// <summary>The rectangle in which a panel draws, and where the axes' values lie in it.</summary>
internal sealed record PlotArea(Canvas Canvas, PixelRectangle Rectangle, AxisRange Horizontal, AxisRange Vertical)
{
    private const double OutlineWidth = 1.5;

    // More values in a column of pixels than this are replaced by its first, least, greatest and last one, which look the same.
    private const double DenseValuesPerPixel = 8;

    /// <summary>The pixel coordinate of a value of the horizontal axis.</summary>
    public double X(double value) => Rectangle.X + ((value - Horizontal.Minimum) / Horizontal.Length * Rectangle.Width);

    /// <summary>The pixel coordinate of a value of the vertical axis, which points upwards.</summary>
    public double Y(double value) => Rectangle.Bottom - ((value - Vertical.Minimum) / Vertical.Length * Rectangle.Height);

    /// <summary>The value of the horizontal axis at a pixel coordinate.</summary>
    public double HorizontalAt(double x) => Horizontal.Minimum + ((x - Rectangle.X) / Rectangle.Width * Horizontal.Length);

    /// <summary>The value of the vertical axis at a pixel coordinate.</summary>
    public double VerticalAt(double y) => Vertical.Minimum + ((Rectangle.Bottom - y) / Rectangle.Height * Vertical.Length);

    /// <summary>Draws a curve, with an outline where a colour is given for it.</summary>
    public void Draw(Curve curve, Rgb color, Rgb? outline = null)
    {
        var runs = Runs(curve);
        if (outline is { } around)
        {
            foreach (var run in runs)
                Canvas.Polyline(run, around, curve.Thickness + (2 * OutlineWidth));
        }

        foreach (var run in runs)
            Canvas.Polyline(run, color, curve.Thickness);
    }

    private List<CanvasPoint[]> Runs(Curve curve)
    {
        var runs = new List<CanvasPoint[]>();
        var run = new List<CanvasPoint>();
        for (var i = 0; i <= curve.Values.Length; i++)
        {
            if (i < curve.Values.Length && curve.IsShown(curve.Values[i]))
            {
                run.Add(new(X(curve.Start + (i * curve.Spacing)), Y(curve.Values[i])));
            }
            else if (run.Count > 0)
            {
                runs.Add(curve.Spacing / Horizontal.Length * Rectangle.Width * DenseValuesPerPixel < 1 ? Thin(run) : [.. run]);
                run.Clear();
            }
        }

        return runs;
    }

    // Jugel et al., "M4: a visualization-oriented time series data aggregation" (2014).
    private static CanvasPoint[] Thin(List<CanvasPoint> run)
    {
        var kept = new List<CanvasPoint>();
        for (var start = 0; start < run.Count;)
        {
            var (end, least, greatest) = (start, start, start);
            while (end < run.Count && Math.Floor(run[end].X) == Math.Floor(run[start].X))
            {
                least = run[end].Y < run[least].Y ? end : least;
                greatest = run[end].Y > run[greatest].Y ? end : greatest;
                end++;
            }

            foreach (var index in new SortedSet<int> { start, least, greatest, end - 1 })
                kept.Add(run[index]);
            start = end;
        }

        return [.. kept];
    }
}
