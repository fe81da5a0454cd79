using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Tests.Corpora;

public class CorpusIdTests
{
    private static string Long(int length) => new('x', length);

    public static TheoryData<string> Usable => ["a", "a/b", "..a", "a..", "...", ".hidden", "a b", "a\nb", "-o", "a\\..\\b", "b/.voicekit", ".voicekit2", Long(240), $"{Long(240)}/{Long(240)}", "語\U0001D11E"];

    public static TheoryData<string> Refused => ["", "/a", "a/", "a//b", ".", "..", "a/..", "a/../b", "./a", "a/.", "a\0b", ".voicekit", ".voicekit/journal", ".VoiceKit/a", Long(241), "a/" + Long(241), new string('語', 81), string.Join('/', Enumerable.Repeat(Long(100), 21))];

    [Theory]
    [MemberData(nameof(Usable))]
    public void Require_UsableId_ReturnsIt(string id) =>
        Assert.Equal(id, CorpusId.Require(id, "list", 1));

    [Theory]
    [MemberData(nameof(Refused))]
    public void Require_IdThatNoOutputMayHave_IsRefusedWithItsLine(string id) =>
        Assert.StartsWith("list: line 7: ", Assert.Throws<BadFileException>(() => CorpusId.Require(id, "list", 7)).Message, StringComparison.Ordinal);
}
