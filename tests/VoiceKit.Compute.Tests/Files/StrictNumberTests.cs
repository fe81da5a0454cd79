using System.Globalization;
using VoiceKit.Files;

namespace VoiceKit.Tests.Files;

public class StrictNumberTests
{
    [Theory]
    [InlineData("2.5", 2.5)]
    [InlineData("-1e-3", -0.001)]
    [InlineData("7", 7.0)]
    [InlineData(".5", 0.5)]
    [InlineData("2,5", null)]
    [InlineData("1,000", null)]
    [InlineData("1_000", null)]
    [InlineData(" 1", null)]
    [InlineData("(1)", null)]
    [InlineData("1 ", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("1e999", null)]
    [InlineData("0x10", null)]
    [InlineData("\u0661", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Real_InAnyLanguage_IsThatOfPrograms(string? text, double? value)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (var culture in (string[])["", "de-DE", "fr-FR", "hi-IN"])
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                Assert.Equal(value, StrictNumber.Real(text));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("42", 42)]
    [InlineData("-42", -42)]
    [InlineData("4.0", null)]
    [InlineData("4,000", null)]
    [InlineData("2147483648", null)]
    [InlineData(" 4", null)]
    public void Integer_OfText_IsExact(string text, int? value) => Assert.Equal(value, StrictNumber.Whole(text));

    [Theory]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("-1", null)]
    [InlineData("1,5", null)]
    public void Natural_OfText_IsExact(string text, ulong? value) => Assert.Equal(value, StrictNumber.Natural(text));
}
