using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Files;

public class ContainedPathTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a/b.npz")]
    [InlineData("..a/...")]
    [InlineData("a\\..\\b")]
    public void Of_NameBelowTheFolder_IsItsPath(string name)
    {
        using var folder = new ScratchFolder();
        Assert.Equal(folder[name], ContainedPath.Of(folder.Path, name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("a/..")]
    [InlineData("./a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\0b")]
    public void Of_NameThatLeadsOut_IsRefused(string name)
    {
        using var folder = new ScratchFolder();
        Assert.NotNull(ContainedPath.Fault(name));
        Assert.Throws<BadFileException>(() => ContainedPath.Of(folder.Path, name));
    }

    [LinuxFact]
    public void Of_LinkedFolderOnTheWay_IsRefusedOnlyWhereItLeadsOut()
    {
        using ScratchFolder folder = new(),
            outside = new();
        Directory.CreateDirectory(folder["out/inner/deep"]);
        Directory.CreateSymbolicLink(folder["out/away"], outside.Path);
        Directory.CreateSymbolicLink(folder["out/here"], "inner");
        Directory.CreateSymbolicLink(folder["out/chain"], "away");
        Directory.CreateSymbolicLink(folder["out/up"], "inner/../..");
        Directory.CreateSymbolicLink(folder["out/round"], "round");
        Directory.CreateSymbolicLink(folder["link"], folder["out"]);
        foreach (var root in (string[])["out", "link"])
        {
            Assert.Equal(Path.Combine(folder[root], "here/deep/a"), ContainedPath.Of(folder[root], "here/deep/a"));
            foreach (var name in (string[])["away/a", "away/b/a", "chain/a", "up/a"])
                Assert.Contains(
                    "leads out",
                    Assert.Throws<BadFileException>(() => ContainedPath.Of(folder[root], name)).Message,
                    StringComparison.Ordinal
                );
            Assert.ThrowsAny<IOException>(() => ContainedPath.Of(folder[root], "round/a"));
        }

        // What is at the place of the output itself is not followed: it is replaced.
        Assert.Equal(folder["out/away"], ContainedPath.Of(folder["out"], "away"));
    }
}
