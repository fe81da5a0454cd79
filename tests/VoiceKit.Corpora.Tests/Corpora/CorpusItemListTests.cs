using System.IO.Compression;
using System.Text;
using VoiceKit.Corpora;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Corpora;

public class CorpusItemListTests
{
    public static TheoryData<string> AwkwardNames =>
        [
            "plain",
            "a b",
            "quote \" and '",
            "line\nbreak\r\n",
            "tab\t",
            "back\\slash",
            "-dash",
            "é ü 語",
            "\U0001D11E\U0010FFFF",
            "\u2028\u0085\u0001",
            "{\"id\":1}",
            "\uFEFFbom",
        ];

    [Theory]
    [MemberData(nameof(AwkwardNames))]
    public void Read_WrittenItems_AreTheSame(string name)
    {
        CorpusItem[] items =
        [
            new(name, "/" + name)
            {
                Speaker = name,
                Text = name,
                Segment = new TimeSegment(0.1, 1e-3 + (1.0 / 3)),
            },
            new("folder/" + name, "/data/" + name + ".wav") { Segment = new TimeSegment(1.25, double.PositiveInfinity) },
        ];
        using var folder = new ScratchFolder();
        var path = Write(folder, items);
        Assert.Equal(2, File.ReadAllBytes(path).Count(value => value == (byte)'\n'));
        Assert.Equal(items, CorpusItemList.Read(path));
    }

    [Fact]
    public void Write_HalfASurrogatePair_BecomesAReplacementCharacterOnOneLine()
    {
        using var folder = new ScratchFolder();
        var path = Write(folder, [new("a\ud800", "/a\udc00b")]);
        Assert.Equal([new CorpusItem("a\ufffd", "/a\ufffdb")], CorpusItemList.Read(path));
    }

    [Fact]
    public void Read_ManyItems_GivesThemAllFromPlainAndCompressedFiles()
    {
        var items = Enumerable
            .Range(0, 10_000)
            .Select(i => new CorpusItem($"speaker/{i}", $"/corpus/{new string('x', i % 300)}.wav"))
            .ToArray();
        using var folder = new ScratchFolder();
        var path = Write(folder, items);
        using (var packed = new GZipStream(File.Create(folder["packed"]), CompressionLevel.Fastest))
            packed.Write(File.ReadAllBytes(path));
        Assert.Equal(items, CorpusItemList.Read(path));
        Assert.Equal(items, CorpusItemList.Read(folder["packed"]));
    }

    [Fact]
    public void Read_ByteOrderMarkCarriageReturnsBlankLinesAndUnknownValues_AreAccepted()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write(
            "list",
            Encoding.UTF8.GetBytes(
                "\uFEFF{\"id\":\"a\",\"path\":\"/a\",\"more\":[1]}\r\n\r\n  \n{\"path\":\"/b\",\"id\":\"b\",\"text\":null}"
            )
        );
        Assert.Equal([new CorpusItem("a", "/a"), new CorpusItem("b", "/b")], CorpusItemList.Read(path));
    }

    [Fact]
    public void Read_RelativePath_IsFoundBesideTheList()
    {
        using var folder = new ScratchFolder();
        folder.Write("wav/a.wav", [1]);
        var path = Write(folder, [new("a", "wav/a.wav"), new("b", "wav/b.wav")]);
        Assert.Equal([folder["wav/a.wav"], "wav/b.wav"], CorpusItemList.Read(path).Select(item => item.Path));
    }

    [Theory]
    [InlineData("""{"id":"a"}""", "\"path\" is missing")]
    [InlineData("""{"path":"/a"}""", "\"id\" is missing")]
    [InlineData("""{"id":1,"path":"/a"}""", "\"id\" is no text")]
    [InlineData("""{"id":"\ud800","path":"/a"}""", "\"id\" is no text")]
    [InlineData("""{"id":"a","path":""}""", "path is empty")]
    [InlineData("""{"id":"a","path":"a\u0000b"}""", "NUL")]
    [InlineData("""{"id":"../a","path":"/a"}""", "another folder")]
    [InlineData("""{"id":"a","path":"/a","end":1}""", "\"start\"")]
    [InlineData("""{"id":"a","path":"/a","start":-1,"end":1}""", "-1 .. 1 s")]
    [InlineData("""{"id":"a","path":"/a","start":2,"end":2}""", "2 .. 2 s")]
    [InlineData("""{"id":"a","path":"/a","start":0,"end":1e999}""", "\"end\" is no number")]
    [InlineData("""{"id":"a","path":"/a","start":"0","end":1}""", "\"start\" is no number")]
    [InlineData("""["a"]""", "no JSON object")]
    [InlineData("""{"id":"a" """, "no JSON object")]
    [InlineData("RIFF\u0001\u0002", "no JSON object")]
    public void Read_BadLine_IsRefusedWithItsNumber(string line, string reason)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("list", Encoding.UTF8.GetBytes("{\"id\":\"ok\",\"path\":\"/ok\"}\n" + line + "\n"));
        var exception = Assert.Throws<BadFileException>(() => CorpusItemList.Read(path).ToArray());
        Assert.StartsWith($"{path}: line 2: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EndlessLineInASmallCompressedFile_IsRefused()
    {
        using var folder = new ScratchFolder();
        using (var packed = new GZipStream(File.Create(folder["bomb"]), CompressionLevel.Fastest))
        {
            for (var i = 0; i < 64; i++)
                packed.Write(new byte[1 << 20]);
        }

        Assert.Contains(
            "longer than",
            Assert.Throws<BadFileException>(() => CorpusItemList.Read(folder["bomb"]).Count()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Read_CompressedFileCutOffAnywhere_IsRefused()
    {
        using var folder = new ScratchFolder();
        var path = Write(folder, Enumerable.Range(0, 50).Select(i => new CorpusItem($"{i}", $"/{i * 7919 % 1000}")));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(File.ReadAllBytes(path));
        var whole = packed.ToArray();
        for (var length = 2; length < whole.Length; length++)
        {
            var cut = folder.Write("cut", whole[..length]);
            Assert.Contains(
                "damaged or cut off",
                Assert.Throws<BadFileException>(() => CorpusItemList.Read(cut).Count()).Message,
                StringComparison.Ordinal
            );
        }

        Assert.Contains(
            "damaged or cut off",
            Assert.Throws<BadFileException>(() => CorpusItemList.Read(folder.Write("more", [.. whole, 1, 2])).Count()).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(100, CorpusItemList.Read(folder.Write("twice", [.. whole, .. whole])).Count());
    }

    [Fact]
    public void Read_NothingThere_SaysSoAtOnce() => Assert.Throws<FileNotFoundException>(() => CorpusItemList.Read("/nowhere/at/all"));

    private static string Write(ScratchFolder folder, IEnumerable<CorpusItem> items)
    {
        using var buffer = new MemoryStream();
        CorpusItemList.Write(buffer, items);
        return folder.Write("items.jsonl", buffer.ToArray());
    }
}
