namespace VoiceKit.Pictures;

/// <summary>How much of each pixel the union of some thick, round-ended segments covers, 0 .. 1.</summary>
/// <remarks>A mask is blended once for a whole polyline: blending each segment by itself would darken every joint.</remarks>
internal sealed class CoverageMask(PixelRectangle bounds)
{
    private readonly float[] values = new float[bounds.Width * bounds.Height];

    public PixelRectangle Bounds => bounds;

    public float this[int x, int y] => values[((y - bounds.Y) * bounds.Width) + x - bounds.X];

    /// <summary>Adds the pixels within <paramref name="radius"/> of the segment; the edge falls off linearly over one pixel.</summary>
    public void Add(CanvasPoint start, CanvasPoint end, double radius)
    {
        if (Math.Abs(end.X - start.X) >= Math.Abs(end.Y - start.Y))
            Add(start.X, start.Y, end.X, end.Y, radius, bounds.X, bounds.Right, bounds.Y, bounds.Bottom, bounds.Width, transposed: false);
        else
            Add(start.Y, start.X, end.Y, end.X, radius, bounds.Y, bounds.Bottom, bounds.X, bounds.Right, bounds.Width, transposed: true);
    }

    // Walks along the axis in which the segment is longer ("along") and visits only the pixels across it that can be touched.
    private void Add(
        double along0, double across0, double along1, double across1, double radius,
        int alongFrom, int alongTo, int acrossFrom, int acrossTo, int stride, bool transposed)
    {
        var (length, rise) = (along1 - along0, across1 - across0);
        var slope = length == 0 ? 0 : rise / length;
        var squaredLength = (length * length) + (rise * rise);
        var reach = radius + 1;
        var spread = reach * Math.Sqrt(1 + (slope * slope));
        var (low, high) = (Math.Min(along0, along1), Math.Max(along0, along1));
        var first = Math.Max((int)Math.Floor(low - reach), alongFrom);
        var last = Math.Min((int)Math.Ceiling(high + reach), alongTo - 1);
        for (var a = first; a <= last; a++)
        {
            var centre = across0 + ((Math.Clamp(a + 0.5, low, high) - along0) * slope);
            var from = Math.Max((int)Math.Floor(centre - spread), acrossFrom);
            var to = Math.Min((int)Math.Ceiling(centre + spread), acrossTo - 1);
            for (var b = from; b <= to; b++)
            {
                var (da, db) = (a + 0.5 - along0, b + 0.5 - across0);
                var share = squaredLength == 0 ? 0 : Math.Clamp(((da * length) + (db * rise)) / squaredLength, 0, 1);
                var (ea, eb) = (da - (share * length), db - (share * rise));
                var coverage = (float)Math.Clamp(radius + 0.5 - Math.Sqrt((ea * ea) + (eb * eb)), 0, 1);
                ref var value = ref transposed
                    ? ref values[((a - alongFrom) * stride) + b - acrossFrom]
                    : ref values[((b - acrossFrom) * stride) + a - alongFrom];
                value = Math.Max(value, coverage);
            }
        }
    }
}
