namespace VoiceKit.Pictures;

/// <summary>
/// A signal: where there are several samples to a pixel, from the least to the greatest, with the RMS value darker inside.
/// </summary>
public sealed class WaveformPanel : Panel
{
    private const double EnvelopeSamplesPerPixel = 3;

    private static readonly Rgb Peaks = new(140, 183, 219);
    private static readonly Rgb Middle = new(31, 98, 160);

    private readonly double[] samples;
    private readonly int sampleRate;

    /// <summary>Creates a panel; the samples are copied.</summary>
    /// <param name="samples">The samples; one that is not finite leaves a gap.</param>
    /// <param name="sampleRate">The sampling frequency in Hz, at least 1.</param>
    public WaveformPanel(ReadOnlySpan<double> samples, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        this.samples = samples.ToArray();
        this.sampleRate = sampleRate;
    }

    /// <summary>
    /// Gets or sets the part of the vertical axis that is shown; null (the default) is as far below 0 as above, so that every sample is
    /// seen.
    /// </summary>
    public AxisRange? VerticalLimits { get; init; }

    internal override AxisRange? HorizontalExtent => samples.Length == 0 ? null : new(0, (double)samples.Length / sampleRate);

    internal override AxisRange VerticalRange
    {
        get
        {
            if (VerticalLimits is not null)
                return VerticalLimits;
            var range = AxisRange.Covering(samples);
            var peak = Math.Max(Math.Abs(range.Minimum), Math.Abs(range.Maximum)) * 1.05;
            return new(-peak, peak);
        }
    }

    internal override void Draw(PlotArea area)
    {
        if (area.Horizontal.Length / area.Rectangle.Width * sampleRate < EnvelopeSamplesPerPixel)
        {
            area.Draw(new Curve("", samples, 1.0 / sampleRate) { Thickness = 1.5 }, Middle);
            return;
        }

        for (var x = area.Rectangle.X; x < area.Rectangle.Right; x++)
            DrawColumn(area, x, samples.AsSpan(Index(area, x)..Index(area, x + 1)));
    }

    private int Index(PlotArea area, int x) => (int)Math.Clamp(Math.Round(area.HorizontalAt(x) * sampleRate), 0, samples.Length);

    private static void DrawColumn(PlotArea area, int x, ReadOnlySpan<double> column)
    {
        var (least, greatest, squares, count) = (double.PositiveInfinity, double.NegativeInfinity, 0.0, 0);
        foreach (var sample in column)
        {
            if (!double.IsFinite(sample))
                continue;
            (least, greatest) = (Math.Min(least, sample), Math.Max(greatest, sample));
            squares += sample * sample;
            count++;
        }

        if (count == 0)
            return;

        // Silence, too, is drawn: as a line of one pixel.
        area.Canvas.VerticalSpan(x, area.Y(greatest) - 0.5, area.Y(least) + 0.5, Peaks);
        var rms = Math.Sqrt(squares / count);
        area.Canvas.VerticalSpan(x, area.Y(Math.Min(rms, greatest)) - 0.5, area.Y(Math.Max(-rms, least)) + 0.5, Middle);
    }
}
