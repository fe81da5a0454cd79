namespace VoiceKit.Pictures;

/// <summary>The pixel font of the pictures: ASCII 32 .. 126, capitals of 5 x 7 pixels with two rows below the base line.</summary>
/// <remarks>Any other character is drawn as an empty box. All sizes are for scale 1; a scale multiplies them.</remarks>
internal static partial class BitmapFont
{
    /// <summary>The columns of a glyph.</summary>
    public const int Width = 5;

    /// <summary>The rows of a glyph: seven above the base line, two below.</summary>
    public const int Height = 9;

    /// <summary>The rows above the base line.</summary>
    public const int CapitalHeight = 7;

    /// <summary>The distance from one glyph to the next.</summary>
    public const int Advance = 6;

    // A glyph is smoothed at eight times its size (three rounds of Scale2x) and then averaged down.
    private const int SmoothScale = 8;

    // ASCII 32 .. 126 and the box.
    private const int GlyphCount = 96;

    private static readonly float[]?[] Smoothed = new float[GlyphCount][];

    /// <summary>The width of a text in pixels, from the first glyph's left to the last one's right edge; 0 for none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scale">The size of a font pixel, at least 1.</param>
    public static int Measure(string text, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        return text.Length == 0 ? 0 : ((text.Length * Advance) - (Advance - Width)) * scale;
    }

    /// <summary>The text, or where it is wider than <paramref name="width"/> as much of its beginning as fits before "..".</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The room in pixels.</param>
    /// <param name="scale">The size of a font pixel, at least 1.</param>
    public static string Fit(string text, int width, int scale = 1)
    {
        if (Measure(text, scale) <= width)
            return text;
        var count = ((width / scale) + Advance - Width) / Advance;
        return count <= 2 ? "" : string.Concat(text.AsSpan(0, count - 2), "..");
    }

    /// <summary>
    /// The part of each pixel, 0 .. 1, that a glyph covers: <see cref="Height"/> x scale rows of <see cref="Width"/> x scale.
    /// </summary>
    internal static float[] Glyph(char character, int scale)
    {
        var index = character is >= ' ' and <= '~' ? character - ' ' : GlyphCount - 1;
        if (scale == 1)
            return Array.ConvertAll(Parse(Drawings[index]), set => set ? 1f : 0f);
        var fine = Smoothed[index] ??= Smooth(Parse(Drawings[index]));
        return Average(fine, scale);
    }

    private static bool[] Parse(string drawing)
    {
        var pixels = new bool[Width * Height];
        var rows = drawing.Split(' ');
        for (var y = 0; y < rows.Length; y++)
        {
            for (var x = 0; x < Width; x++)
                pixels[(y * Width) + x] = rows[y][x] == '#';
        }

        return pixels;
    }

    private static float[] Smooth(bool[] pixels)
    {
        var (width, height) = (Width, Height);
        while (width < Width * SmoothScale)
        {
            pixels = Double(pixels, width, height);
            (width, height) = (2 * width, 2 * height);
        }

        return Array.ConvertAll(pixels, set => set ? 1f : 0f);
    }

    // Scale2x (Mazzoleni, 2001): a corner takes its two neighbours' colour where they agree and the others do not.
    private static bool[] Double(bool[] pixels, int width, int height)
    {
        var result = new bool[4 * pixels.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (up, down, left, right) = (At(x, y - 1), At(x, y + 1), At(x - 1, y), At(x + 1, y));
                var (corner, own) = ((4 * y * width) + (2 * x), At(x, y));
                var edge = up != down && left != right;
                result[corner] = edge && left == up ? left : own;
                result[corner + 1] = edge && right == up ? right : own;
                result[corner + (2 * width)] = edge && left == down ? left : own;
                result[corner + (2 * width) + 1] = edge && right == down ? right : own;
            }
        }

        return result;

        bool At(int x, int y) => x >= 0 && x < width && y >= 0 && y < height && pixels[(y * width) + x];
    }

    private static float[] Average(float[] fine, int scale)
    {
        const int samples = 4;
        var (width, height) = (Width * scale, Height * scale);
        var result = new float[width * height];
        for (var i = 0; i < result.Length; i++)
        {
            var sum = 0f;
            for (var s = 0; s < samples * samples; s++)
            {
                var x = ((((i % width) * samples) + (s % samples)) * 2 + 1) * SmoothScale / (2 * samples * scale);
                var y = ((((i / width) * samples) + (s / samples)) * 2 + 1) * SmoothScale / (2 * samples * scale);
                sum += fine[(y * Width * SmoothScale) + x];
            }

            result[i] = sum / (samples * samples);
        }

        return result;
    }
}
