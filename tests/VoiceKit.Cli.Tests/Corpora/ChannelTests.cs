using System.Text;
using VoiceKit.Corpora;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Corpora;

/// <summary>A channel that a list names is the one that is read, in every form of list, both ways.</summary>
public sealed class ChannelTests : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly string stereo;
    private readonly string mono;

    public ChannelTests()
    {
        // Left is 0.25 throughout and right -0.5: their mean is neither.
        stereo = folder.Write(
            "call.wav",
            WaveBytes.File(
                WaveBytes.Format(channels: 2, rate: 8000),
                WaveBytes.U16([.. Enumerable.Range(0, 16000).Select(i => (i % 2 == 0 ? 8192 : -16384) & 0xFFFF)])
            )
        );
        mono = folder.Write("mono.wav", WaveBytes.File(WaveBytes.Format(rate: 8000), WaveBytes.U16([.. Enumerable.Repeat(4096, 8000)])));
    }

    [Fact]
    public void Read_Channel_IsThatOfTheFile()
    {
        Assert.Equal(0.25, First(new CorpusItem("a", stereo) { Channel = 0 }));
        Assert.Equal(-0.5, First(new CorpusItem("a", stereo) { Channel = 1 }));
        Assert.Equal(-0.125, First(new CorpusItem("a", stereo)));
        Assert.Equal(-0.5, First(new CorpusItem("a", stereo) { Channel = 1, Segment = new(0.25, 0.5) }));
        Assert.Equal(
            2000,
            new CorpusItem("a", stereo) { Channel = 1, Segment = new(0.25, 0.5) }
                .Read()
                .Waveform.Length
        );
        Assert.Equal(0.125, First(new CorpusItem("a", mono) { Channel = 1 }));
        Assert.Contains(
            "channel 2 was asked for",
            Assert.Throws<BadFileException>(() => new CorpusItem("a", stereo) { Channel = 2 }.Read()).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(
            new CorpusItem("a", stereo) { Channel = 1 }
                .Read()
                .Warnings
        );
    }

    [Fact]
    public void Kaldi_Reco2fileAndChannel_IsHonouredWithAndWithoutSegments()
    {
        Text("wav.scp", $"call-A {stereo}\ncall-B {stereo}\nm {mono}\n");
        Text("reco2file_and_channel", "call-A call A\ncall-B call B\nm mono A\n");
        Assert.Equal([0.25, -0.5, 0.125], KaldiDirectory.Read(folder.Path).Select(First));
        Text("segments", "u1 call-B 0 0.5\nu2 call-A 0.5 1\nu3 m 0 1\nu4 call-B 0 0.5 0\n");
        Assert.Equal([-0.5, 0.25, 0.125, 0.25], KaldiDirectory.Read(folder.Path).Select(First));
    }

    [Theory]
    [InlineData("[1]", null, -0.5)]
    [InlineData("[0]", null, 0.25)]
    [InlineData("[0, 1]", null, -0.125)]
    [InlineData("[0, 1]", "1", -0.5)]
    [InlineData("[0, 1]", "[0]", 0.25)]
    [InlineData("[0, 1]", "[0, 1]", -0.125)]
    [InlineData("[1]", "1", -0.5)]
    public void Lhotse_Channels_AreHonoured(string recording, string? supervision, double value)
    {
        Text(
            "r.jsonl",
            $$"""{"id": "r", "sources": [{"type": "file", "channels": {{recording}}, "source": "{{stereo}}"}], "sampling_rate": 8000, "num_samples": 8000, "duration": 1.0}"""
        );
        if (supervision is not null)
            Text(
                "supervisions_r.jsonl",
                $$"""{"id": "s", "recording_id": "r", "start": 0.0, "duration": 0.5, "channel": {{supervision}}}"""
            );
        var item = Assert.Single(LhotseManifest.Read(folder["r.jsonl"]));
        Assert.Equal(value, First(item));
        Assert.Empty(item.Contradictions(item.Open()));
    }

    [Theory]
    [InlineData("[0, 1]", null, "means 2 of the file's 4 channels")]
    [InlineData("[0, 1, 2, 3]", "[2, 3]", "2 of 4 channels")]
    [InlineData("[0, 1]", "2", "channel 2, which the recording 'r' has not")]
    public void Lhotse_SeveralChannelsOfMore_AreRefusedInsteadOfMixingAll(string recording, string? supervision, string reason)
    {
        var four = folder.Write(
            "four.wav",
            WaveBytes.File(WaveBytes.Format(channels: 4, rate: 8000), WaveBytes.U16([.. Enumerable.Repeat(4096, 32000)]))
        );
        Text(
            "r.jsonl",
            $$"""{"id": "r", "sources": [{"type": "file", "channels": {{recording}}, "source": "{{four}}"}], "sampling_rate": 8000, "num_samples": 8000, "duration": 1.0}"""
        );
        if (supervision is not null)
            Text(
                "supervisions_r.jsonl",
                $$"""{"id": "s", "recording_id": "r", "start": 0.0, "duration": 0.5, "channel": {{supervision}}}"""
            );
        Assert.Contains(
            reason,
            Assert.Throws<BadFileException>(() => Assert.Single(LhotseManifest.Read(folder["r.jsonl"])).Open()).Message,
            StringComparison.Ordinal
        );

        // A list that a batch keeps says the same.
        if (supervision is not null)
            return;
        using (var list = File.Create(folder["i.jsonl"]))
            CorpusItemList.Write(list, LhotseManifest.Read(folder["r.jsonl"]));
        Assert.Contains(
            reason,
            Assert.Throws<BadFileException>(() => Assert.Single(CorpusItemList.Read(folder["i.jsonl"])).Open()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ItemList_LineThatIsThereTwice_IsTakenOnceByEveryVerb()
    {
        var line = $$"""{"id": "a", "path": "{{mono}}"}""" + "\n";
        Text("i.jsonl", line + line);
        Assert.Equal("a", Assert.Single(ManifestFile.Read(folder["i.jsonl"])).Id);
        CommandRun.InProcess("corpus", "manifest", folder["i.jsonl"], "-o", folder["r.jsonl"]).Ended(0);
        Assert.Single(File.ReadAllLines(folder["r.jsonl"]));
    }

    [Fact]
    public void Write_ChannelThatTheFileLacks_IsLeftOut()
    {
        Text("wav.scp", $"a {stereo}\nb {stereo}\n");
        Text("reco2file_and_channel", "a call B\nb call Z\n");
        var run = CommandRun.InProcess("corpus", "manifest", folder["wav.scp"], "-o", folder["r.jsonl"]);
        Assert.Contains("channel 25 was asked for", run.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, run.Code);
    }

    [Theory]
    [InlineData("kaldi", "data")]
    [InlineData("lhotse", "r.jsonl")]
    [InlineData("items", "i.jsonl")]
    public void Write_Channels_AreReadBack(string form, string name)
    {
        CorpusItem[] items =
        [
            new("a", stereo) { Channel = 1 },
            new("b", stereo) { Channel = 0 },
            new("c", stereo) { Channel = 1, Segment = new(0.25, 0.5) },
            new("d", stereo)
            {
                Channel = 0,
                Segment = new(0.25, 0.5),
                Speaker = "s",
            },
            new("e", mono),
        ];
        foreach (var some in (CorpusItem[][])[items, items[..2]])
        {
            if (form == "kaldi")
            {
                if (Directory.Exists(folder[name]))
                    Directory.Delete(folder[name], recursive: true);
                KaldiDirectory.Write(folder[name], some);
            }
            else if (form == "lhotse")
            {
                LhotseManifest.Write(folder[name], some);
            }
            else
            {
                AtomicFile.Write(folder[name], stream => CorpusItemList.Write(stream, some));
            }

            Assert.Equal(some.Select(First).Order(), ManifestFile.Read(folder[name]).Select(First).Order());
        }
    }

    [Fact]
    public void Claims_ThatTheFileContradicts_AreWarnings()
    {
        Text(
            "r.jsonl",
            $$"""{"id": "r", "sources": [{"type": "file", "channels": [0, 1], "source": "{{stereo}}"}], "sampling_rate": 16000, "num_samples": 9000, "duration": 3.0}"""
        );
        var warnings = Assert.Single(LhotseManifest.Read(folder["r.jsonl"])).Read().Warnings;
        Assert.Contains(warnings, warning => warning.Contains("says 16000 Hz; the file has 8000 Hz", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("says 9000 samples; the file has 8000", StringComparison.Ordinal));
        CommandRun.InProcess("batch", "mel", folder["r.jsonl"], "-o", folder["out"]).Ended(0);
        Assert.Contains("the file has 8000 Hz", File.ReadAllText(folder["out/.voicekit/journal.jsonl"]), StringComparison.Ordinal);
        Assert.Contains(
            "the file has 8000 Hz",
            CommandRun.InProcess("corpus", "check", folder["r.jsonl"]).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Lists_LinesThatSayNothing_AreLeftOutWithAWarning()
    {
        Text("wav.scp", $"m {mono}\nm {mono}\n");
        Text("segments", "u1 m 0 0.5\nu2 m 0.5 0.5\nu3 nobody 0 1\nu1 m 0 0.5\n");
        var warnings = new List<string>();
        Assert.Equal(["u1"], KaldiDirectory.Read(folder.Path, warnings.Add).Select(item => item.Id));
        Assert.Equal(2, warnings.Count);
        Assert.Contains("line 2: left out, 'u2' has no length", warnings[0], StringComparison.Ordinal);
        Assert.Contains("line 3: left out, the recording 'nobody' is not in wav.scp", warnings[1], StringComparison.Ordinal);
        Assert.Contains(
            "warning: ",
            CommandRun.InProcess("batch", "mel", folder.Path, "-o", folder["out"]).Ended(0).Error,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => folder.Dispose();

    private static double First(CorpusItem item) => item.Read().Waveform.Samples[100];

    private void Text(string name, string text) => File.WriteAllText(folder[name], text, new UTF8Encoding(false));
}
