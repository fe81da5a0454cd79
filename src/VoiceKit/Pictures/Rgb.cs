namespace VoiceKit.Pictures;

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

    /// <summary>The colours that curves take in turn: eight that stay apart for readers with a colour-vision deficiency (Okabe and Ito, 2008).</summary>
    public static IReadOnlyList<Rgb> Palette { get; } =
    [
        new(0, 114, 178), new(213, 94, 0), new(0, 158, 115), new(204, 121, 167), new(230, 159, 0), new(86, 180, 233), new(90, 90, 90), new(190, 175, 0),
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
