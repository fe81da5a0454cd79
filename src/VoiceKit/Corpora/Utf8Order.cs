namespace VoiceKit.Corpora;

/// <summary>
/// The order of texts by their bytes in UTF-8, which is that of their code points and what "LC_ALL=C sort" does. Ordinal order differs above U+FFFF: surrogates
/// are below U+E000 but stand for code points above it.
/// </summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var same = x.AsSpan().CommonPrefixLength(y);
        return same == x.Length || same == y.Length ? x.Length - y.Length : Rank(x[same]) - Rank(y[same]);
    }

    // Surrogates move behind all other units.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
