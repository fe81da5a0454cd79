using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Files;

public class StagedFileTests
{
    [Fact]
    public void Commit_GivesTheNameAndReplacesWhatWasThere()
    {
        using var folder = new ScratchFolder();
        folder.Write("out/a", [1]);
        Directory.CreateDirectory(folder["tmp"]);
        using (var staged = StagedFile.Write(folder["out/a"], folder["tmp"], stream => stream.Write([2, 3])))
        {
            Assert.Equal([1], File.ReadAllBytes(folder["out/a"]));
            Assert.Equal(2, staged.Info.Length);
            staged.Flush();
            var written = staged.Info.LastWriteTimeUtc;
            staged.Commit();
            Assert.Equal(written, staged.Info.LastWriteTimeUtc);
        }

        Assert.Equal([2, 3], File.ReadAllBytes(folder["out/a"]));
        Assert.Empty(Directory.GetFileSystemEntries(folder["tmp"]));
    }

    [Fact]
    public void Dispose_WithoutCommit_LeavesNothing()
    {
        using var folder = new ScratchFolder();
        StagedFile.Write(folder["a"], folder.Path, stream => stream.WriteByte(1)).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Write_ThatThrows_LeavesNothingAndPassesTheException()
    {
        using var folder = new ScratchFolder();
        Assert.Throws<InvalidOperationException>(() =>
            StagedFile.Write(folder["a"], folder.Path, _ => throw new InvalidOperationException())
        );
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Commit_WhereTheNameIsAFolder_NamesItAndLeavesNothing()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["a/b"]);
        using (var staged = StagedFile.Write(folder["a"], folder.Path, stream => stream.WriteByte(1)))
            Assert.DoesNotContain(".tmp", Assert.ThrowsAny<Exception>(staged.Commit).Message, StringComparison.Ordinal);
        Assert.Equal([folder["a"]], Directory.GetFileSystemEntries(folder.Path));
    }
}
