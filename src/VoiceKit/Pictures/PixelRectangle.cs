namespace VoiceKit.Pictures;

/// <summary>A rectangle of whole pixels; x grows to the right, y downwards.</summary>
/// <param name="X">The leftmost column.</param>
/// <param name="Y">The topmost row.</param>
/// <param name="Width">The number of columns; 0 or less is an empty rectangle.</param>
/// <param name="Height">The number of rows; 0 or less is an empty rectangle.</param>
public readonly record struct PixelRectangle(int X, int Y, int Width, int Height)
{
    /// <summary>The first column right of the rectangle.</summary>
    public int Right => X + Width;

    /// <summary>The first row below the rectangle.</summary>
    public int Bottom => Y + Height;

    /// <summary>Whether it covers no pixel.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>Whether the pixel is inside.</summary>
    public bool Contains(int x, int y) => x >= X && x < Right && y >= Y && y < Bottom;

    /// <summary>The part that lies in both rectangles; empty where they do not meet.</summary>
    public PixelRectangle Intersect(PixelRectangle other)
    {
        var (x, y) = (Math.Max(X, other.X), Math.Max(Y, other.Y));
        var right = Math.Min((long)X + Width, (long)other.X + other.Width);
        var bottom = Math.Min((long)Y + Height, (long)other.Y + other.Height);
        return new(x, y, (int)Math.Max(right - x, 0), (int)Math.Max(bottom - y, 0));
    }
}
