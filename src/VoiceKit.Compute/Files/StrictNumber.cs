using System.Globalization;

namespace VoiceKit.Files;

/// <summary>
/// Numbers as programs write them, the same in every language: "2.5" and "1e-3", never "2,5" or "1,000". What people type and files hold is
/// read with these alone.
/// </summary>
internal static class StrictNumber
{
    private const NumberStyles RealStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a finite real number.</summary>
    /// <param name="text">The text, without blanks.</param>
    /// <returns>The number; null where the text is not a number.</returns>
    public static double? Real(string? text) =>
        double.TryParse(text, RealStyle, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>Reads a whole number.</summary>
    /// <param name="text">The text, without blanks.</param>
    /// <returns>The number; null where the text is not a number of 32 bits.</returns>
    public static int? Whole(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Reads a whole number that is not negative.</summary>
    /// <param name="text">The text, without blanks.</param>
    /// <returns>The number; null where the text is not a number of 64 bits.</returns>
    public static ulong? Natural(string? text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
