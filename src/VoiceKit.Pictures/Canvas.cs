namespace VoiceKit.Pictures;

/// <summary>A picture in memory that can be drawn on: 8-bit RGB pixels, row by row from the top left.</summary>
/// <remarks>Everything is clipped to <see cref="Clip"/>: drawing outside it does nothing. Not safe for concurrent use.</remarks>
public sealed class Canvas
{
    /// <summary>The most pixels that a canvas may have: 100 million, which are 300 MB.</summary>
    public const int MaximumPixels = 100_000_000;

    // Far outside any canvas, and small enough for exact integer arithmetic.
    private const double FarthestCoordinate = 1e6;

    private readonly byte[] pixels;

    /// <summary>Creates a canvas of one colour.</summary>
    /// <param name="width">The number of columns, at least 1.</param>
    /// <param name="height">The number of rows, at least 1.</param>
    /// <param name="background">The colour of every pixel.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1, or there are more than <see cref="MaximumPixels"/>
    /// pixels.</exception>
    public Canvas(int width, int height, Rgb background)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if ((long)width * height > MaximumPixels)
            throw new ArgumentOutOfRangeException(
                nameof(height),
                height,
                $"{width} x {height} pixels are more than the {MaximumPixels} allowed."
            );
        Width = width;
        Height = height;
        pixels = new byte[3 * width * height];
        Clip = Bounds;
        Fill(Bounds, background);
    }

    /// <summary>Gets the number of columns.</summary>
    public int Width { get; }

    /// <summary>Gets the number of rows.</summary>
    public int Height { get; }

    /// <summary>Gets the whole canvas.</summary>
    public PixelRectangle Bounds => new(0, 0, Width, Height);

    /// <summary>Gets the part that can be drawn on; whatever is set is cut to <see cref="Bounds"/>. At first the whole canvas.</summary>
    public PixelRectangle Clip
    {
        get;
        set => field = value.Intersect(Bounds);
    }

    /// <summary>
    /// The bytes of row <paramref name="y"/>: red, green, blue for each pixel from the left, 3 x <see cref="Width"/> in all.
    /// </summary>
    /// <param name="y">The row, counted from 0 at the top.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return pixels.AsSpan(3 * y * Width, 3 * Width);
    }

    /// <summary>Gets the colour of a pixel.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pixel.</exception>
    public Rgb this[int x, int y]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(x);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, Width);
            var pixel = Row(y).Slice(3 * x, 3);
            return new(pixel[0], pixel[1], pixel[2]);
        }
    }

    /// <summary>Puts a colour over a pixel.</summary>
    /// <param name="x">The column.</param>
    /// <param name="y">The row.</param>
    /// <param name="color">The colour.</param>
    /// <param name="opacity">0 leaves the pixel as it is, 1 replaces it.</param>
    public void Set(int x, int y, Rgb color, double opacity = 1)
    {
        if (!Clip.Contains(x, y))
            return;
        var pixel = pixels.AsSpan(3 * ((y * Width) + x), 3);
        var mixed = opacity >= 1 ? color : new Rgb(pixel[0], pixel[1], pixel[2]).Mix(color, opacity);
        (pixel[0], pixel[1], pixel[2]) = (mixed.Red, mixed.Green, mixed.Blue);
    }

    /// <summary>Fills a rectangle.</summary>
    /// <param name="rectangle">The pixels to fill.</param>
    /// <param name="color">The colour.</param>
    /// <param name="opacity">0 leaves the pixels as they are, 1 replaces them.</param>
    public void Fill(PixelRectangle rectangle, Rgb color, double opacity = 1)
    {
        var part = rectangle.Intersect(Clip);
        for (var y = part.Y; y < part.Bottom; y++)
        {
            for (var x = part.X; x < part.Right; x++)
                Set(x, y, color, opacity);
        }
    }

    /// <summary>Draws the one-pixel outline of a rectangle, inside it.</summary>
    /// <param name="rectangle">The rectangle.</param>
    /// <param name="color">The colour.</param>
    public void Frame(PixelRectangle rectangle, Rgb color)
    {
        Fill(rectangle with { Height = 1 }, color);
        Fill(rectangle with { Y = rectangle.Bottom - 1, Height = 1 }, color);
        Fill(rectangle with { Width = 1 }, color);
        Fill(rectangle with { X = rectangle.Right - 1, Width = 1 }, color);
    }

    /// <summary>Fills one column between two heights; pixels that are partly covered are blended.</summary>
    /// <param name="x">The column.</param>
    /// <param name="top">Where the span begins, in pixels from the top; NaN draws nothing.</param>
    /// <param name="bottom">Where it ends.</param>
    /// <param name="color">The colour.</param>
    public void VerticalSpan(int x, double top, double bottom, Rgb color)
    {
        var (from, to) = (Math.Max(top, Clip.Y), Math.Min(bottom, Clip.Bottom));
        if (!(from < to))
            return;
        for (var y = (int)from; y < to; y++)
            Set(x, y, color, Math.Min(to, y + 1) - Math.Max(from, y));
    }

    /// <summary>Draws an anti-aliased line with round ends.</summary>
    /// <param name="start">One end.</param>
    /// <param name="end">The other; the same point draws a disc.</param>
    /// <param name="color">The colour.</param>
    /// <param name="thickness">The width in pixels, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The thickness is not above 0 and finite.</exception>
    public void Line(CanvasPoint start, CanvasPoint end, Rgb color, double thickness = 1) => Polyline([start, end], color, thickness);

    /// <summary>Draws anti-aliased lines from point to point with round joints and ends.</summary>
    /// <param name="points">The points; one alone draws a disc. A point that is not finite breaks the line.</param>
    /// <param name="color">The colour.</param>
    /// <param name="thickness">The width in pixels, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The thickness is not above 0 and finite.</exception>
    public void Polyline(ReadOnlySpan<CanvasPoint> points, Rgb color, double thickness = 1)
    {
        if (!(thickness > 0 && double.IsFinite(thickness)))
            throw new ArgumentOutOfRangeException(nameof(thickness), thickness, "A line's thickness must be above 0 and finite.");
        var mask = new CoverageMask(Reach(points, thickness / 2).Intersect(Clip));
        for (var i = 0; i < points.Length; i++)
        {
            if (!points[i].IsFinite)
                continue;
            var next = i + 1 < points.Length && points[i + 1].IsFinite ? points[i + 1] : points[i];
            mask.Add(Limit(points[i]), Limit(next), thickness / 2);
        }

        for (var y = mask.Bounds.Y; y < mask.Bounds.Bottom; y++)
        {
            for (var x = mask.Bounds.X; x < mask.Bounds.Right; x++)
            {
                if (mask[x, y] > 0)
                    Set(x, y, color, mask[x, y]);
            }
        }
    }

    /// <summary>Writes one line of text with <see cref="BitmapFont"/>.</summary>
    /// <param name="x">The left edge.</param>
    /// <param name="y">The top edge; where the text is vertical, the bottom edge.</param>
    /// <param name="text">The text.</param>
    /// <param name="color">The colour.</param>
    /// <param name="scale">The size of a font pixel, at least 1; from 2 on the shapes are smoothed.</param>
    /// <param name="vertical">Whether the text runs upwards, turned by 90 degrees.</param>
    public void Text(int x, int y, string text, Rgb color, int scale = 1, bool vertical = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        var along = 0;
        foreach (var character in text)
        {
            var glyph = BitmapFont.Glyph(character, scale);
            for (var row = 0; row < BitmapFont.Height * scale; row++)
            {
                for (var column = 0; column < BitmapFont.Width * scale; column++)
                {
                    var coverage = glyph[(row * BitmapFont.Width * scale) + column];
                    if (coverage == 0)
                        continue;
                    if (vertical)
                        Set(x + row, y - 1 - along - column, color, coverage);
                    else
                        Set(x + along + column, y + row, color, coverage);
                }
            }

            along += BitmapFont.Advance * scale;
        }
    }

    private static CanvasPoint Limit(CanvasPoint point) =>
        new(Math.Clamp(point.X, -FarthestCoordinate, FarthestCoordinate), Math.Clamp(point.Y, -FarthestCoordinate, FarthestCoordinate));

    private static PixelRectangle Reach(ReadOnlySpan<CanvasPoint> points, double radius)
    {
        var (left, right) = (double.PositiveInfinity, double.NegativeInfinity);
        var (top, bottom) = (left, right);
        foreach (var point in points)
        {
            if (!point.IsFinite)
                continue;
            var limited = Limit(point);
            (left, right) = (Math.Min(left, limited.X), Math.Max(right, limited.X));
            (top, bottom) = (Math.Min(top, limited.Y), Math.Max(bottom, limited.Y));
        }

        if (left > right)
            return default;
        var reach = Math.Min(radius + 1, FarthestCoordinate);
        var (x, y) = ((int)Math.Floor(left - reach), (int)Math.Floor(top - reach));
        return new(x, y, (int)Math.Ceiling(right + reach) - x, (int)Math.Ceiling(bottom + reach) - y);
    }
}

/// <summary>An opaque colour, 8 bits a channel, sRGB.</summary>
/// <param name="Red">The red channel, 0 .. 255.</param>
/// <param name="Green">The green channel, 0 .. 255.</param>
/// <param name="Blue">The blue channel, 0 .. 255.</param>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>White.</summary>
    public static Rgb White { get; } = new(255, 255, 255);

    /// <summary>Black.</summary>
    public static Rgb Black { get; } = new(0, 0, 0);

    /// <summary>
    /// Gets the colours that curves take in turn: eight that stay apart for readers with a colour-vision deficiency (Okabe and Ito, 2008).
    /// </summary>
    public static IReadOnlyList<Rgb> Palette { get; } =
    [
        new(0, 114, 178),
        new(213, 94, 0),
        new(0, 158, 115),
        new(204, 121, 167),
        new(230, 159, 0),
        new(86, 180, 233),
        new(90, 90, 90),
        new(190, 175, 0),
    ];

    /// <summary>The colour a fraction of the way from this one to <paramref name="other"/>, channel by channel.</summary>
    /// <param name="other">The colour at 1.</param>
    /// <param name="fraction">0 gives this colour, 1 the other; values outside are clamped and NaN counts as 0.</param>
    public Rgb Mix(Rgb other, double fraction)
    {
        var share = fraction > 0 ? Math.Min(fraction, 1) : 0;
        return new(Channel(Red, other.Red, share), Channel(Green, other.Green, share), Channel(Blue, other.Blue, share));
    }

    private static byte Channel(byte from, byte to, double share) => (byte)(from + ((to - from) * share) + 0.5);
}

/// <summary>
/// A point on a <see cref="Canvas"/>, in pixels: pixel (0, 0) covers 0 .. 1 in both directions, so its centre is (0.5, 0.5).
/// </summary>
/// <param name="X">The distance from the left edge.</param>
/// <param name="Y">The distance from the top edge.</param>
public readonly record struct CanvasPoint(double X, double Y)
{
    /// <summary>Gets whether both coordinates are finite.</summary>
    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);
}

/// <summary>A rectangle of whole pixels; x grows to the right, y downwards.</summary>
/// <param name="X">The leftmost column.</param>
/// <param name="Y">The topmost row.</param>
/// <param name="Width">The number of columns; 0 or less is an empty rectangle.</param>
/// <param name="Height">The number of rows; 0 or less is an empty rectangle.</param>
public readonly record struct PixelRectangle(int X, int Y, int Width, int Height)
{
    /// <summary>Gets the first column right of the rectangle.</summary>
    public int Right => X + Width;

    /// <summary>Gets the first row below the rectangle.</summary>
    public int Bottom => Y + Height;

    /// <summary>Gets whether it covers no pixel.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>Determines whether the pixel is inside.</summary>
    /// <param name="x">The column, counted from 0 at the left.</param>
    /// <param name="y">The row, counted from 0 at the top.</param>
    public bool Contains(int x, int y) => x >= X && x < Right && y >= Y && y < Bottom;

    /// <summary>The part that lies in both rectangles; empty where they do not meet.</summary>
    /// <param name="other">The other rectangle.</param>
    public PixelRectangle Intersect(PixelRectangle other)
    {
        var (x, y) = (Math.Max(X, other.X), Math.Max(Y, other.Y));
        var right = Math.Min((long)X + Width, (long)other.X + other.Width);
        var bottom = Math.Min((long)Y + Height, (long)other.Y + other.Height);
        return new(x, y, (int)Math.Max(right - x, 0), (int)Math.Max(bottom - y, 0));
    }
}

/// <summary>The part of each pixel, 0 .. 1, that the union of some thick, round-ended segments covers.</summary>
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
        double along0,
        double across0,
        double along1,
        double across1,
        double radius,
        int alongFrom,
        int alongTo,
        int acrossFrom,
        int acrossTo,
        int stride,
        bool transposed
    )
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
