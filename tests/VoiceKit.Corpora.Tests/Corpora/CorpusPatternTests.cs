using VoiceKit.Corpora;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Corpora;

public class CorpusPatternTests
{
    [Theory]
    [InlineData("*.wav", "top")]
    [InlineData("**/*.wav", "top a/1 a/b/2 c/1")]
    [InlineData("a/**/*.wav", "1 b/2")]
    [InlineData("*/1.wav", "a/1 c/1")]
    [InlineData("*/1.*", "a/1 c/1 c/1")]
    [InlineData("a/*/2.wav", "b/2")]
    [InlineData("x*/*.wav", "")]
    public void Open_Pattern_GivesWhatMatchesBelowItsFolder(string pattern, string ids)
    {
        using var folder = new ScratchFolder();
        foreach (var name in (string[])["top.wav", "a/1.wav", "a/b/2.wav", "c/1.wav", "c/1.flac", "c/note.txt"])
            folder.Write(name, [1]);
        Assert.Equal(
            ids.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            CorpusSource.Open($"{folder.Path}/{pattern}").Select(item => item.Id)
        );
    }

    [Fact]
    public void Open_FileWithAStarInItsName_IsThatFile()
    {
        using var folder = new ScratchFolder();
        folder.Write("a*.wav", [1]);
        folder.Write("ab.wav", [1]);
        Assert.Equal(["a*"], CorpusSource.Open(folder["a*.wav"]).Select(item => item.Id));
    }

    [Fact]
    public void Open_NothingThere_SaysSo()
    {
        Assert.Throws<FileNotFoundException>(() => CorpusSource.Open("/nowhere/a.wav"));
        Assert.Throws<DirectoryNotFoundException>(() => CorpusSource.Open("/nowhere/*.wav"));
    }
}
