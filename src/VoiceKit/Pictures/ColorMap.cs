namespace VoiceKit.Pictures;

/// <summary>Turns a number from 0 to 1 into a colour.</summary>
/// <remarks>The anchors of <see cref="Ember"/> were chosen in the OKLCH space (Ottosson, 2020) so that the lightness rises in equal steps:
/// equal differences of the value look equal, also in print without colour.</remarks>
public sealed class ColorMap
{
    private readonly Rgb[] anchors;

    /// <summary>Creates a map that goes from anchor to anchor in straight lines.</summary>
    /// <param name="anchors">The colours at equal distances from 0 to 1, at least two.</param>
    /// <exception cref="ArgumentException">There are fewer than two anchors.</exception>
    public ColorMap(params ReadOnlySpan<Rgb> anchors)
    {
        if (anchors.Length < 2)
            throw new ArgumentException($"A colour map needs at least two anchors; there are {anchors.Length}.", nameof(anchors));
        this.anchors = anchors.ToArray();
    }

    /// <summary>From black over violet, red and orange to a pale yellow: for spectra and other amounts.</summary>
    public static ColorMap Ember { get; } = new(
        new(6, 5, 20), new(28, 7, 56), new(59, 5, 82), new(95, 0, 97), new(132, 1, 101), new(171, 6, 97), new(204, 37, 84),
        new(230, 72, 67), new(248, 109, 52), new(255, 149, 63), new(255, 187, 102), new(253, 221, 153), new(255, 250, 218));

    /// <summary>From white to black: for print, piano rolls and paths.</summary>
    public static ColorMap Ink { get; } = new(Rgb.White, Rgb.Black);

    /// <summary>From blue over white to red: for differences, with the zero in the middle.</summary>
    public static ColorMap Difference { get; } = new(
        new(17, 50, 110), new(43, 109, 178), new(133, 182, 222), new(247, 247, 247), new(240, 163, 130), new(199, 69, 60), new(108, 9, 36));

    /// <summary>The colour at <paramref name="position"/>; what lies outside 0 .. 1 takes the end's colour, NaN that of 0.</summary>
    public Rgb this[double position]
    {
        get
        {
            var place = (position > 0 ? Math.Min(position, 1) : 0) * (anchors.Length - 1);
            var index = Math.Min((int)place, anchors.Length - 2);
            return anchors[index].Mix(anchors[index + 1], place - index);
        }
    }
}
