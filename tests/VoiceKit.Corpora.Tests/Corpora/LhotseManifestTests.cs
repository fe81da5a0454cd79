using System.IO.Compression;
using System.Text;
using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Corpora;

public class LhotseManifestTests
{
    private const string Recording =
        """{"id": "r1", "sources": [{"type": "file", "channels": [0], "source": "/corpus/r 1.wav"}], "sampling_rate": 16000, "num_samples": 32000, "duration": 2.0, "channel_ids": [0]}""";

    [Theory]
    [InlineData("recordings_train.jsonl", "supervisions_train.jsonl")]
    [InlineData("my_recordings_train.jsonl.gz", "my_supervisions_train.jsonl.gz")]
    [InlineData("train.jsonl", "supervisions_train.jsonl")]
    public void Read_WrittenItems_AreTheSame(string name, string beside)
    {
        using var folder = new ScratchFolder();
        var awkward = folder["a \"b\"\n'é\U0001D11E'.wav"];
        WaveFile.Write(awkward, Tones.PulseTrain(100, 8000, 1.7));
        folder.Write("stereo.wav", WaveBytes.File(WaveBytes.Format(channels: 2), WaveBytes.Sine16(8000)));
        CorpusItem[] items =
        [
            new("plain", folder["stereo.wav"]),
            new("anna/1\n", awkward) { Speaker = "anna\n", Text = "line\nbreak \"quoted\" \U0001D11E" },
            new("part 1", awkward) { Segment = new TimeSegment(0.1, 0.3) },
            new("part 2", awkward) { Segment = new TimeSegment(0.30000000000001, 1.1), Text = "" },
            new("again", folder["stereo.wav"]) { Segment = new TimeSegment(0.0625, 0.125), Speaker = "ben" },
        ];
        Assert.Equal(5, LhotseManifest.Write(folder["lists/" + name], items));
        Assert.Equal(
            [name, beside],
            Directory.EnumerateFiles(folder["lists"]).Select(Path.GetFileName).Order(StringComparer.Ordinal).OrderBy(file => file != name)
        );
        var again = LhotseManifest.Read(folder["lists/" + name]).ToArray();
        Assert.Equal(items, again.Select(Bare));
        Assert.Equal([null, 0, 0, 0, null], again.Select(item => item.Channel));
        Assert.All(again, item => Assert.Empty(item.Claims!.Contradictions(AudioFile.Describe(item.Path))));
        Assert.Equal(again, ManifestFile.Read(folder["lists/" + name]));
    }

    [Fact]
    public void Write_WholeFile_GivesLhotsesFields()
    {
        using var folder = new ScratchFolder();
        folder.Write("stereo.wav", WaveBytes.File(WaveBytes.Format(channels: 2), WaveBytes.Sine16(8000)));
        LhotseManifest.Write(folder["r.jsonl"], [new("s", folder["stereo.wav"]) { Text = "hé" }]);
        Assert.Equal(
            $$"""{"id":"s","sources":[{"type":"file","channels":[0,1],"source":"{{folder["stereo.wav"]}}"}],"sampling_rate":16000,"num_samples":4000,"duration":0.25,"channel_ids":[0,1]}"""
                + "\n",
            File.ReadAllText(folder["r.jsonl"])
        );
        Assert.Equal(
            """{"id":"s","recording_id":"s","start":0,"duration":0.25,"channel":[0,1],"text":"hé"}""" + "\n",
            File.ReadAllText(folder["supervisions_r.jsonl"])
        );
    }

    [Fact]
    public void Write_PartsOfOneFile_ShareARecordingAndEndWithIt()
    {
        using var folder = new ScratchFolder();
        WaveFile.Write(folder["a.wav"], Tones.PulseTrain(100, 8000, 1));
        LhotseManifest.Write(
            folder["recordings.jsonl"],
            [
                new("u1", folder["a.wav"]) { Segment = new(0, 0.5) },
                new("u2", folder["a.wav"]) { Segment = new(0.5, double.PositiveInfinity) },
            ]
        );
        Assert.Single(File.ReadAllLines(folder["recordings.jsonl"]));
        Assert.Equal(
            [new TimeSegment(0, 0.5), new TimeSegment(0.5, 1)],
            LhotseManifest.Read(folder["recordings.jsonl"]).Select(item => item.Segment)
        );
    }

    [Fact]
    public void Read_SupervisionsBeside_BecomeItems()
    {
        using var folder = new ScratchFolder();
        var path = Lines(
            folder,
            "recordings_x.jsonl",
            Recording,
            Recording.Replace("r1", "r2", StringComparison.Ordinal),
            Recording.Replace("r1", "r3", StringComparison.Ordinal)
        );
        using (var packed = new GZipStream(File.Create(folder["supervisions_x.jsonl.gz"]), CompressionLevel.Optimal))
        {
            packed.Write(
                Encoding.UTF8.GetBytes(
                    """
                    {"id": "r2-b", "recording_id": "r2", "start": 1.1, "duration": 0.2, "channel": 0, "text": "late", "speaker": "s", "gender": "F", "custom": {"x": 1}}
                    {"id": "gone-1", "recording_id": "gone", "start": 0, "duration": 1, "channel": 0}
                    {"id": "r2-a", "recording_id": "r2", "start": 0.0, "duration": 1, "channel": [0], "language": "en"}
                    {"id": "r1-a", "recording_id": "r1", "start": 0.0, "duration": 1.9995, "channel": 0, "speaker": "s"}
                    """
                )
            );
        }

        Assert.Equal(
            [
                new("r1-a", "/corpus/r 1.wav") { Speaker = "s" },
                new("r2-b", "/corpus/r 1.wav")
                {
                    Speaker = "s",
                    Text = "late",
                    Segment = new(1.1, 1.3),
                },
                new("r2-a", "/corpus/r 1.wav") { Segment = new(0, 1) },
                new("r3", "/corpus/r 1.wav"),
            ],
            LhotseManifest.Read(path).Select(Bare)
        );
    }

    [Fact]
    public void Read_RelativeSource_IsFoundBesideTheManifest()
    {
        using var folder = new ScratchFolder();
        folder.Write("wav/a.wav", [1]);
        var path = Lines(folder, "recordings.jsonl", Recording.Replace("/corpus/r 1.wav", "wav/a.wav", StringComparison.Ordinal));
        Assert.Equal(folder["wav/a.wav"], Assert.Single(LhotseManifest.Read(path)).Path);
    }

    [Theory]
    [InlineData("\"file\"", "\"command\"", "a command: it is code, not a file")]
    [InlineData("\"file\"", "\"url\"", "URL")]
    [InlineData("\"file\"", "\"memory\"", "memory")]
    [InlineData("\"file\"", "\"shar\"", "'shar'")]
    [InlineData("\"file\"", "1", "\"type\" is no text")]
    [InlineData("\"type\": \"file\", ", "", "\"type\" is missing")]
    [InlineData("[{", "[{}, {", "2 sources")]
    [InlineData("\"source\": ", "\"sauce\": ", "\"source\" is missing")]
    [InlineData("\"sources\"", "\"sorces\"", "\"sources\" is missing")]
    [InlineData("\"id\": \"r1\"", "\"id\": \"../r1\"", "another folder")]
    [InlineData("\"id\": \"r1\"", "\"id\": null", "\"id\" is missing")]
    [InlineData("\"duration\": 2.0", "\"duration\": 2.0, \"transforms\": [{\"name\": \"Speed\"}]", "transforms")]
    [InlineData("\"duration\": 2.0", "\"duration\": \"2\"", "\"duration\" is no number")]
    [InlineData("\"duration\": 2.0", "\"duration\": -2.0", "\"duration\" is -2")]
    [InlineData("\"duration\": 2.0", "\"duration\": 2.0, \"num_samples\": 0", "\"num_samples\" is 0")]
    public void Read_RecordingThatIsNoFile_IsRefusedWithItsLine(string old, string other, string reason)
    {
        using var folder = new ScratchFolder();
        var path = Lines(
            folder,
            "recordings.jsonl",
            Recording.Replace("r1", "r0", StringComparison.Ordinal),
            Recording.Replace(old, other, StringComparison.Ordinal)
        );
        var exception = Assert.Throws<BadFileException>(() => LhotseManifest.Read(path).ToArray());
        Assert.StartsWith($"{path}: line 2: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id": "a", "recording_id": "r1", "start": -1, "duration": 0.5}""", "-1 .. -0.5 s")]
    [InlineData("""{"id": "a", "recording_id": "r1", "start": 1e300, "duration": 1}""", "in seconds")]
    [InlineData("""{"id": "a", "recording_id": "r1", "start": 1}""", "\"duration\" is missing")]
    [InlineData("""{"id": "a", "start": 1, "duration": 1}""", "\"recording_id\" is missing")]
    [InlineData("""{"id": "/a", "recording_id": "r1", "start": 0, "duration": 1}""", "slash")]
    [InlineData("""{"id": "a", "recording_id": "r1", "start": 0, "duration": -1}""", "0 .. -1 s")]
    [InlineData("""{"id": "a", "recording_id": "r1", "start": 0, "duration": 1, "channel": [0, 2]}""", "2 of 3 channels")]
    [InlineData("""{"id": "a", "recording_id": "r1", "start": 0, "duration": 1, "channel": -1}""", "no channel")]
    [InlineData("""{"id": "a", "recording_id": "r1", "start": 0, "duration": 1, "channel": "left"}""", "neither a number nor a list")]
    public void Read_BadSupervision_IsRefusedWithItsLine(string line, string reason)
    {
        using var folder = new ScratchFolder();
        var path = Lines(
            folder,
            "recordings.jsonl",
            Recording.Replace("\"channels\": [0]", "\"channels\": [0, 1, 2]", StringComparison.Ordinal)
        );
        var supervisions = Lines(
            folder,
            "supervisions.jsonl",
            """{"id": "ok", "recording_id": "r1", "start": 0, "duration": 1, "channel": [0, 1, 2]}""",
            line
        );
        var exception = Assert.Throws<BadFileException>(() => LhotseManifest.Read(path).ToArray());
        Assert.StartsWith($"{supervisions}: line 2: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FilesThatCannotBeUsed_AreLeftOutOrEndIt()
    {
        using var folder = new ScratchFolder();
        WaveFile.Write(folder["good.wav"], Tones.PulseTrain(100, 8000, 1));
        WaveFile.Write(folder["empty.wav"], new Waveform([], 8000));
        folder.Write("bad.wav", "not audio"u8.ToArray());
        CorpusItem[] items =
        [
            new("bad", folder["bad.wav"]),
            new("missing", folder["missing.wav"]),
            new("empty", folder["empty.wav"]),
            new("folder", folder.Path),
            new("late", folder["good.wav"]) { Segment = new(1, 2) },
            new("good", folder["good.wav"]),
        ];
        var leftOut = new List<string>();
        Assert.Equal(1, LhotseManifest.Write(folder["r.jsonl"], items, (item, _) => leftOut.Add(item.Id)));
        Assert.Equal(["bad", "missing", "empty", "folder", "late"], leftOut);
        Assert.Equal([items[^1]], LhotseManifest.Read(folder["r.jsonl"]).Select(Bare));
        Assert.Throws<BadFileException>(() => LhotseManifest.Write(folder["other.jsonl"], items));
        Assert.False(File.Exists(folder["other.jsonl"]));
    }

    [Fact]
    public void Write_SameIdTwiceOrStaleSupervisions_IsRefusedAndLeavesTheOldManifest()
    {
        using var folder = new ScratchFolder();
        WaveFile.Write(folder["a.wav"], Tones.PulseTrain(100, 8000, 1));
        CorpusItem item = new("a", folder["a.wav"]) { Speaker = "anna" };
        LhotseManifest.Write(folder["r.jsonl"], [item]);
        Assert.Throws<UnusableDataException>(() => LhotseManifest.Write(folder["r.jsonl"], [item, item]));
        Assert.Throws<IOException>(() => LhotseManifest.Write(folder["r.jsonl"], [item with { Speaker = null }]));
        Assert.Equal([item], LhotseManifest.Read(folder["r.jsonl"]).Select(Bare));
        Assert.Equal(
            ["a.wav", "r.jsonl", "supervisions_r.jsonl"],
            Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("recordings.jsonl.gz")]
    [InlineData("supervisions.jsonl.gz")]
    public void Read_CompressedFileCutOffAnywhere_IsRefused(string name)
    {
        using var folder = new ScratchFolder();
        WaveFile.Write(folder["a.wav"], Tones.PulseTrain(100, 8000, 0.5));
        LhotseManifest.Write(
            folder["recordings.jsonl.gz"],
            Enumerable.Range(0, 20).Select(i => new CorpusItem($"{i * 7919}", folder["a.wav"]) { Speaker = "s" })
        );
        var whole = File.ReadAllBytes(folder[name]);
        for (var length = whole.Length - 1; length > 2; length -= 7)
        {
            folder.Write(name, whole[..length]);
            Assert.Contains(
                "damaged or cut off",
                Assert.Throws<BadFileException>(() => LhotseManifest.Read(folder["recordings.jsonl.gz"]).Count()).Message,
                StringComparison.Ordinal
            );
        }
    }

    private static string Lines(ScratchFolder folder, string name, params string[] lines) =>
        folder.Write(name, Encoding.UTF8.GetBytes(string.Join("\n", lines) + "\n"));

    /// <summary>An item without what a manifest says of its file.</summary>
    private static CorpusItem Bare(CorpusItem item) => item with { Claims = null, Channel = null };
}
