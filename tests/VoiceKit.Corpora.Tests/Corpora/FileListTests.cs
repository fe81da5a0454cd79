using VoiceKit.Corpora;

namespace VoiceKit.Tests.Corpora;

public class FileListTests
{
    [Theory]
    [InlineData("a.wav\nb/c.flac\n", '\n', null, "a b/c", "a.wav b/c.flac")]
    [InlineData("a.wav\r\n\r\n./b//c.wav", '\n', null, "a b/c", "a.wav ./b//c.wav")]
    [InlineData("a\nb.wav\0c\0", '\0', null, "a\nb c", "a\nb.wav c")]
    [InlineData("x/a.wav\n/root/y/b.wav\n", '\n', "/root", "x/a y/b", "/root/x/a.wav /root/y/b.wav")]
    [InlineData("/data/a.wav\n", '\n', null, "data/a", "/data/a.wav")]
    [InlineData("", '\n', null, "", "")]
    public void Read_Names_BecomeIdsAndPaths(string text, char separator, string? root, string ids, string paths)
    {
        var items = FileList.Read(new StringReader(text), separator, root);
        Assert.Equal(ids, string.Join(' ', items.Select(item => item.Id)));
        Assert.Equal(paths, string.Join(' ', items.Select(item => item.Path)));
    }

    [Fact]
    public void Read_Speaker_IsTheFilesOwnFolder() =>
        Assert.Equal(["anna", null], FileList.Read(new StringReader("corpus/anna/1.wav\n2.wav"), '\n').Select(item => item.Speaker));
}
