using System.Text;
using VoiceKit.Corpora;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Corpora;

public class ManifestFileTests
{
    [Theory]
    [InlineData("list.jsonl", """{"id":"a","path":"/a"}""")]
    [InlineData("list.jsonl", "\n" + """{"path":"/a","id":"a"}""")]
    [InlineData("list.JSONL.GZ", """{"id":"a","path":"/a"}""")]
    [InlineData(
        "list.jsonl",
        """{"id":"a","sources":[{"type":"file","channels":[0],"source":"/a"}],"sampling_rate":8000,"num_samples":8,"duration":0.001}"""
    )]
    [InlineData("data/wav.scp", "a /a")]
    [InlineData("wav.scp", "a /a")]
    public void Read_AnyForm_IsKnownByItsContent(string name, string line)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write(name, Encoding.UTF8.GetBytes(line + "\n"));
        Assert.True(ManifestFile.IsManifest(path));
        Assert.Equal([new CorpusItem("a", "/a")], ManifestFile.Read(path).Select(item => item with { Claims = null, Channel = null }));
    }

    [Fact]
    public void Read_FolderWithWaveList_IsKaldis()
    {
        using var folder = new ScratchFolder();
        Assert.False(ManifestFile.IsManifest(folder.Path));
        folder.Write("wav.scp", "a /a\n"u8.ToArray());
        Assert.True(ManifestFile.IsManifest(folder.Path));
        Assert.Equal([new CorpusItem("a", "/a")], ManifestFile.Read(folder.Path));
    }

    [Theory]
    [InlineData("""{"id":"a","recording_id":"r","start":0,"duration":1,"channel":0}""", "supervisions")]
    [InlineData("""{"id":"a","type":"MonoCut","recording":{}}""", "cuts")]
    [InlineData("""{"audio_filepath":"/a"}""", "no list of recordings")]
    [InlineData("""[{"id":"a"}]""", "no JSON object")]
    public void Read_OtherJsonLines_AreRefusedByName(string line, string reason)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list.jsonl", Encoding.UTF8.GetBytes(line));
        Assert.Contains(reason, Assert.Throws<BadFileException>(() => ManifestFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EmptyOrMissingFile_GivesNothingOrSaysSo()
    {
        using var folder = new ScratchFolder();
        Assert.Empty(ManifestFile.Read(folder.Write("empty.jsonl", [])));
        Assert.Throws<FileNotFoundException>(() => ManifestFile.Read(folder["missing.jsonl"]));
        Assert.False(ManifestFile.IsManifest(folder["a.wav"]));
    }
}
