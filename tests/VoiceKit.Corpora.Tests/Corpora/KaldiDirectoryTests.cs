using System.Text;
using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Corpora;

public class KaldiDirectoryTests
{
    private const double Endless = double.PositiveInfinity;

    [Fact]
    public void Read_UtterancesOfAFile_HaveSpeakersTextsAndParts()
    {
        using var folder = new ScratchFolder();
        Table(folder, "wav.scp", "call-2 /corpus/my calls/2.wav", "call-1\t/corpus/1.wav ");
        Table(folder, "segments", "anna-1 call-1 0.5 2.25", "anna-2 call-2 1e0 -1", "ben-1 call-2 0 -1");
        Table(folder, "utt2spk", "anna-1 anna", "anna-2 anna", "ben-1 ben-1", "carl-1 carl");
        Table(folder, "text", "anna-1 good  morning", "ben-1");
        Assert.Equal(
            [
                new("anna-1", "/corpus/1.wav")
                {
                    Speaker = "anna",
                    Text = "good  morning",
                    Segment = new TimeSegment(0.5, 2.25),
                },
                new("anna-2", "/corpus/my calls/2.wav") { Speaker = "anna", Segment = new TimeSegment(1, Endless) },
                new("ben-1", "/corpus/my calls/2.wav") { Text = "" },
            ],
            KaldiDirectory.Read(folder.Path)
        );
    }

    [Fact]
    public void Read_ByteOrderMarkCarriageReturnsBlankLines_AreAccepted()
    {
        using var folder = new ScratchFolder();
        folder.Write("wav.scp", Encoding.UTF8.GetBytes("\uFEFFb /b.wav\r\n\r\na /a.wav"));
        Assert.Equal([new CorpusItem("b", "/b.wav"), new CorpusItem("a", "/a.wav")], KaldiDirectory.Read(folder.Path));
    }

    [Fact]
    public void Read_RelativePath_IsFoundBesideTheDirectory()
    {
        using var folder = new ScratchFolder();
        folder.Write("wav/a.wav", [1]);
        Table(folder, "wav.scp", "a wav/a.wav", "b wav/b.wav");
        Assert.Equal([folder["wav/a.wav"], "wav/b.wav"], KaldiDirectory.Read(folder.Path).Select(item => item.Path));
    }

    [Theory]
    [InlineData("wav.scp", "b sph2pipe -f wav /b.sph |", "a command: it is code, not a file")]
    [InlineData("wav.scp", "b |cat /b.wav", "a command: it is code, not a file")]
    [InlineData("wav.scp", "b cat /b.wav | sox - -", "a command: it is code, not a file")]
    [InlineData("wav.scp", "b -", "standard input")]
    [InlineData("wav.scp", "b /data/wav.ark:171", "archive")]
    [InlineData("wav.scp", "b", "no path")]
    [InlineData("wav.scp", "a /other.wav", "there twice; the first is in line 1")]
    [InlineData("wav.scp", "b\0 /b.wav", "NUL")]
    [InlineData("utt2spk", "b", "its speaker were expected")]
    [InlineData("utt2spk", "b anna maria", "its speaker were expected")]
    [InlineData("utt2spk", "a ben", "there twice")]
    [InlineData("segments", "b a 0", "were expected")]
    [InlineData("segments", "b a 0 1 -1", "channel")]
    [InlineData("segments", "b a 0 1 left", "'left' is no channel")]
    [InlineData("reco2file_and_channel", "b call C9", "'C9' is no channel")]
    [InlineData("reco2file_and_channel", "b call", "a channel were expected")]
    [InlineData("segments", "b a zero 1", "'zero' is no time")]
    [InlineData("segments", "b a 0 NaN", "'NaN' is no time")]
    [InlineData("segments", "b a 0 1,5", "'1,5' is no time")]
    [InlineData("segments", "b a -1 1", "-1 .. 1 s")]
    [InlineData("segments", "b a 2 1", "2 .. 1 s")]
    [InlineData("segments", "b a 2 -2", "2 .. -2 s")]
    [InlineData("segments", "../b a 0 1", "another folder")]
    [InlineData("text", "a again", "there twice")]
    public void Read_BadLine_IsRefusedWithItsNumber(string name, string line, string reason)
    {
        using var folder = new ScratchFolder();
        Table(folder, "wav.scp", "a /a.wav");
        Table(folder, "utt2spk", "a anna");
        Table(folder, "text", "a yes");
        if (name == "segments")
            Table(folder, name, "a a 0 1");
        if (name == "reco2file_and_channel")
            Table(folder, name, "a call A");
        File.AppendAllText(folder[name], line + "\n");
        var exception = Assert.Throws<BadFileException>(() => KaldiDirectory.Read(folder.Path));
        Assert.StartsWith($"{folder[name]}: line 2: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BinaryOrEndlessLines_AreRefused()
    {
        using var folder = new ScratchFolder();
        Table(folder, "wav.scp", "a /a.wav");
        folder.Write("text", [(byte)'a', (byte)' ', 0xFF, 0xFE, (byte)'\n']);
        Assert.Contains(
            "line 1: this is no text",
            Assert.Throws<BadFileException>(() => KaldiDirectory.Read(folder.Path)).Message,
            StringComparison.Ordinal
        );
        Table(folder, "wav.scp", "a /a.wav", "b /" + new string('b', 1 << 20));
        Assert.Contains(
            "line 2 is longer",
            Assert.Throws<BadFileException>(() => KaldiDirectory.Read(folder.Path)).Message,
            StringComparison.Ordinal
        );
        File.Delete(folder["text"]);
        Table(folder, "wav.scp", "ok /ok.wav", new string('a', 1_000_000) + " /a.wav");
        var items = KaldiDirectory.Read(folder.Path);
        Assert.Equal([null, true], items.Select(item => item.Fault?.Contains("longer than", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_NoDirectory_NamesTheFileThatIsMissing() =>
        Assert.Contains(
            "wav.scp",
            Assert.Throws<FileNotFoundException>(() => KaldiDirectory.Read("/nowhere")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Write_ItemsOfAFolder_GivesTheTablesInByteOrder()
    {
        using var folder = new ScratchFolder();
        var count = KaldiDirectory.Write(
            folder["data"],
            [
                new("ben/b 1", "/c/b 1.wav") { Speaker = "ben", Text = " two\nwords\t" },
                new("\U00010000", "/c/1.wav"),
                new("\uFF5E", "/c/2.wav") { Text = "" },
                new("anna_7", "/c/3.wav") { Speaker = "anna" },
                new("x", "/c/4.wav") { Speaker = "anna" },
            ]
        );
        Assert.Equal(5, count);
        Assert.Equal(
            "anna-x /c/4.wav\nanna_7 /c/3.wav\nben-b_1 /c/b 1.wav\n\uFF5E /c/2.wav\n\U00010000 /c/1.wav\n",
            File.ReadAllText(folder["data/wav.scp"])
        );
        Assert.Equal(
            "anna-x anna\nanna_7 anna\nben-b_1 ben\n\uFF5E \uFF5E\n\U00010000 \U00010000\n",
            File.ReadAllText(folder["data/utt2spk"])
        );
        Assert.Equal("anna anna-x anna_7\nben ben-b_1\n\uFF5E \uFF5E\n\U00010000 \U00010000\n", File.ReadAllText(folder["data/spk2utt"]));
        Assert.Equal("ben-b_1 two words\n\uFF5E\n", File.ReadAllText(folder["data/text"]));
        Assert.Equal(["spk2utt", "text", "utt2spk", "wav.scp"], Names(folder["data"]));
    }

    [Fact]
    public void Write_Parts_GivesSegmentsAndReadsBack()
    {
        using var folder = new ScratchFolder();
        WaveFile.Write(folder["one.wav"], Tones.PulseTrain(100, 8000, 1.5));
        WaveFile.Write(folder["b/two.wav"], Tones.PulseTrain(100, 8000, 0.5));
        CorpusItem[] items =
        [
            new("p-1", folder["one.wav"]) { Speaker = "p", Segment = new TimeSegment(0.1, 1.0 / 3) },
            new("p-2", folder["one.wav"]) { Speaker = "p", Segment = new TimeSegment(0.5, Endless) },
            new("p-3", folder["b/two.wav"]) { Speaker = "p" },
        ];
        KaldiDirectory.Write(folder["data"], items);
        Assert.Equal("p-1 one 0.1 0.3333333333333333\np-2 one 0.5 1.5\np-3 two 0 0.5\n", File.ReadAllText(folder["data/segments"]));
        Assert.Equal($"one {folder["one.wav"]}\ntwo {folder["b/two.wav"]}\n", File.ReadAllText(folder["data/wav.scp"]));
        Assert.Equal(
            [items[0], items[1] with { Segment = new TimeSegment(0.5, 1.5) }, items[2] with { Segment = new TimeSegment(0, 0.5) }],
            KaldiDirectory.Read(folder["data"])
        );
        Assert.Equal(4000, items[2].Read().Waveform.Length);
        Assert.Equal(8000, items[1].Read().Waveform.Length);
    }

    [Fact]
    public void Write_FilesOfOneName_NamesRecordingsByTheirFirstUtterance()
    {
        using var folder = new ScratchFolder();
        KaldiDirectory.Write(
            folder["data"],
            [
                new("u2", "/a/x.wav") { Segment = new(1, 2) },
                new("u1", "/a/x.wav") { Segment = new(0, 1) },
                new("v", "/b/x.wav") { Segment = new(0, 1) },
            ]
        );
        Assert.Equal("u1 /a/x.wav\nv /b/x.wav\n", File.ReadAllText(folder["data/wav.scp"]));
        Assert.Equal("u1 u1 0 1\nu2 u1 1 2\nv v 0 1\n", File.ReadAllText(folder["data/segments"]));
    }

    [Fact]
    public void Write_SpeakersOfWhichOneStartsAsTheOther_SortsBothAlike()
    {
        using var folder = new ScratchFolder();
        KaldiDirectory.Write(folder["data"], [new("p1_001", "/1") { Speaker = "p1" }, new("p10_001", "/10") { Speaker = "p10" }]);
        Assert.Equal("p1-p1_001 p1\np10-p10_001 p10\n", File.ReadAllText(folder["data/utt2spk"]));
    }

    public static TheoryData<string, string, string, string, string> Unwritable =>
        new()
        {
            { "a/b", "/1", "a-b", "/2", "would both be 'a-b'" },
            { "a b", "/1", "a\tb", "/2", "would both be 'a_b'" },
            { "a", "/1", "a", "/2", "would both be 'a'" },
            { "", "/1", "b", "/2", "empty" },
            { "a", "/new\nline.wav", "b", "/2", "line break" },
            { "a", "/pipe.wav|", "b", "/2", "command" },
            { "a", "/1 ", "b", "/2", "blank" },
            { "a", " 1", "b", "/2", "blank" },
            { "a", "", "b", "/2", "empty" },
            { "a", "-", "b", "/2", "standard input" },
            { "a", "~/1.wav", "b", "/2", "'~'" },
            { "a", "/x:12", "b", "/2", "archive" },
        };

    [Theory]
    [MemberData(nameof(Unwritable))]
    public void Write_WhatKaldiCannotHold_IsRefusedBeforeAnythingIsWritten(
        string id,
        string path,
        string otherId,
        string otherPath,
        string reason
    )
    {
        using var folder = new ScratchFolder();
        var exception = Assert.Throws<UnusableDataException>(() =>
            KaldiDirectory.Write(folder["data"], [new(id, path), new(otherId, otherPath)])
        );
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Fact]
    public void Write_SpeakersThatCannotBeSorted_AreRefused()
    {
        using var folder = new ScratchFolder();
        var exception = Assert.Throws<UnusableDataException>(() =>
            KaldiDirectory.Write(folder["data"], [new("x", "/1") { Speaker = "a" }, new("1", "/2") { Speaker = "a-b" }])
        );
        Assert.Contains("'a-b'", exception.Message, StringComparison.Ordinal);
        Assert.Throws<UnusableDataException>(() => KaldiDirectory.Write(folder["data"], []));
    }

    [Fact]
    public void Write_OverADirectoryWithTexts_RefusesToLeaveThemBeside()
    {
        using var folder = new ScratchFolder();
        KaldiDirectory.Write(folder.Path, [new("a", "/a") { Text = "yes" }]);
        Assert.Contains(
            "earlier",
            Assert.Throws<IOException>(() => KaldiDirectory.Write(folder.Path, [new("b", "/b")])).Message,
            StringComparison.Ordinal
        );
        Assert.Equal([new CorpusItem("a", "/a") { Text = "yes" }], KaldiDirectory.Read(folder.Path));
        KaldiDirectory.Write(folder.Path, [new("b", "/b") { Text = "no" }]);
        Assert.Equal([new CorpusItem("b", "/b") { Text = "no" }], KaldiDirectory.Read(folder.Path));
    }

    private static void Table(ScratchFolder folder, string name, params string[] lines) =>
        folder.Write(name, Encoding.UTF8.GetBytes(string.Join("\n", lines) + "\n"));

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
