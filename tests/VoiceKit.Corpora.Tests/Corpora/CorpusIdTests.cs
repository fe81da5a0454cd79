using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Tests.Corpora;

public class CorpusIdTests
{
    private static string Long(int length) => new('x', length);

    public static TheoryData<string> Usable =>
        [
            "a",
            "a/b",
            "..a",
            "a..",
            "...",
            ".hidden",
            "a b",
            "a\nb",
            "-o",
            "a\\..\\b",
            "b/.voicekit",
            ".voicekit2",
            Long(240),
            $"{Long(240)}/{Long(240)}",
            "語\U0001D11E",
        ];

    public static TheoryData<string> Leading =>
        ["/a", "a/", "a//b", ".", "..", "a/..", "a/../b", "./a", "a/.", "a\0b", ".voicekit", ".voicekit/journal", ".VoiceKit/a"];

    public static TheoryData<string> TooLong =>
        ["", Long(241), "a/" + Long(241), new string('語', 81), string.Join('/', Enumerable.Repeat(Long(100), 21))];

    [Theory]
    [MemberData(nameof(Usable))]
    public void Admit_UsableId_KeepsIt(string id)
    {
        var item = new CorpusItem(id, "a.wav");
        Assert.Same(item, CorpusId.Admit(item, ("list", 1)));
    }

    [Theory]
    [MemberData(nameof(Leading))]
    public void Admit_IdThatLeadsOutOfTheFolder_IsRefusedWithItsLine(string id) =>
        Assert.StartsWith(
            "list: line 7: ",
            Assert.Throws<BadFileException>(() => CorpusId.Admit(new CorpusItem(id, "a.wav"), ("list", 7))).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [MemberData(nameof(TooLong))]
    public void Admit_IdThatNoFileSystemTakes_FailsAlone(string id)
    {
        var item = CorpusId.Admit(new CorpusItem(id, "a.wav"), ("list", 7));
        Assert.NotNull(item.Fault);
        Assert.Null(CorpusId.Fault(item.Id));
    }
}
