using VoiceKit.Corpora;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Corpora;

public class CorpusFolderTests
{
    [Fact]
    public void List_Tree_GivesFilesThenSubfoldersInOrdinalOrderWithSpeakers()
    {
        using var folder = new ScratchFolder();
        foreach (
            var name in (string[])
                ["b/2.wav", "b/10.FLAC", "B/x.mp3", "z.wav", "a b/ü \"q\".wav", "b/notes.txt", ".hidden/h.wav", "b/.h.wav", "b/deep/d.ogg"]
        )
            folder.Write(name, [1]);
        var items = CorpusFolder.List(folder.Path).ToArray();
        Assert.Equal(["z", "B/x", "a b/ü \"q\"", "b/10", "b/2", "b/deep/d"], items.Select(item => item.Id));
        Assert.Equal([null, "B", "a b", "b", "b", "b"], items.Select(item => item.Speaker));
        Assert.All(items, item => Assert.True(File.Exists(item.Path)));
    }

    [LinuxFact]
    public void List_LinksInALoopAndFoldersNamedAsFiles_AreNotFollowedNorTakenForFiles()
    {
        using var folder = new ScratchFolder();
        folder.Write("x.wav/inner.wav", [1]);
        Directory.CreateSymbolicLink(folder["x.wav/up"], folder.Path);
        File.CreateSymbolicLink(folder["link.wav"], folder["x.wav/inner.wav"]);
        Assert.Equal(["link", "x.wav/inner"], CorpusFolder.List(folder.Path).Select(item => item.Id));
    }

    [Fact]
    public void List_FolderNamedAsAFileWithoutAny_IsListedForItsReaderToRefuse()
    {
        using var folder = new ScratchFolder();
        folder.Write("b/x.wav/notes.txt", [1]);
        Directory.CreateDirectory(folder["b/plain"]);
        var item = Assert.Single(CorpusFolder.List(folder.Path));
        Assert.Equal(("b/x", "b"), (item.Id, item.Speaker));
        Assert.Contains("directory", Assert.Throws<BadFileException>(() => item.Read()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void List_ExceptFolder_LeavesItOut()
    {
        using var folder = new ScratchFolder();
        folder.Write("a.wav", [1]);
        folder.Write("out/a.wav", [1]);
        folder.Write("outer/a.wav", [1]);
        Assert.Equal(["a", "outer/a"], CorpusFolder.List(folder.Path, folder["out"] + "/").Select(item => item.Id));
    }

    [Fact]
    public void List_NoFolder_SaysSo() => Assert.Throws<DirectoryNotFoundException>(() => CorpusFolder.List("/nowhere/at/all"));
}
