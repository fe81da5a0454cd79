namespace VoiceKit.Audio;

/// <summary>The expansion tables of ITU-T G.711 (11/1988), scaled to -1 .. 1 with 16 bits as full scale.</summary>
internal static class G711
{
    private const double FullScale = 32768;

    /// <summary>A-law: table 1a of the recommendation; even bits of the code are inverted.</summary>
    public static double[] ALaw { get; } = Table(code =>
    {
        code ^= 0x55;
        var (segment, step) = ((code >> 4) & 7, code & 15);
        var magnitude = segment == 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (segment - 1);
        return (code & 0x80) != 0 ? magnitude : -magnitude;
    });

    /// <summary>mu-law: table 2a of the recommendation; all bits of the code are inverted.</summary>
    public static double[] MuLaw { get; } = Table(code =>
    {
        code ^= 0xFF;
        var (segment, step) = ((code >> 4) & 7, code & 15);
        var magnitude = (((step << 3) + 0x84) << segment) - 0x84;
        return (code & 0x80) != 0 ? -magnitude : magnitude;
    });

    private static double[] Table(Func<int, int> expand) => [.. Enumerable.Range(0, 256).Select(code => expand(code) / FullScale)];
}
