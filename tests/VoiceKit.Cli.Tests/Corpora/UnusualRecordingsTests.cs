using VoiceKit.Audio;
using VoiceKit.Batches;
using VoiceKit.Corpora;
using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Corpora;

/// <summary>What looks like a pause and is none is not cut; what is cut is said.</summary>
public class UnusualRecordingsTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(30)]
    public void Prepare_VowelSofterThanItsNeighbour_IsKept(double decibels)
    {
        var factor = Math.Pow(10, -decibels / 20);
        var vowel = Signals.Harmonic(140, 16000, 3);
        var samples = vowel.Samples.ToArray().Select((sample, i) => sample * (i < 24000 ? 1 : factor)).ToArray();
        AssertKept(new Waveform(samples, 16000));
        AssertKept(new Waveform([.. samples.Reverse()], 16000));
    }

    [Fact]
    public void Prepare_GlideOfPitchOrLevel_IsKept()
    {
        AssertKept(Tones.PulseTrain(time => 80 * Math.Pow(2, time), 16000, 3));
        AssertKept(Tones.PulseTrain(time => 640 * Math.Pow(2, -time), 16000, 3));
        var vowel = Signals.Harmonic(140, 16000, 3);
        AssertKept(new Waveform([.. vowel.Samples.ToArray().Select((sample, i) => sample * Math.Pow(10, -30.0 * i / 48000 / 20))], 16000));
    }

    [Fact]
    public void Prepare_PausesOfNoise_AreCutAndSaid()
    {
        var (voice, noise) = (Signals.Harmonic(140, 16000, 3), Signals.Noise(16000, 3, 2e-3));
        var samples = noise.Samples.ToArray();
        for (var i = 16000; i < 32000; i++)
            samples[i] += voice.Samples[i];
        var prepared = new RecordingPreparer(new PrepareOptions { LoudnessTarget = null }).Prepare(new Waveform(samples, 16000));
        Assert.Equal(1.2, Assert.Single(prepared.Pieces).Waveform.Duration.TotalSeconds, 0.05);
        Assert.Matches(@"^0\.9\d s were cut off at the start and 0\.[89]\d s at the end\.$", Assert.Single(prepared.Notes));
    }

    [Fact]
    public void Batch_Prepare_NotesInTheJournalWhatWasCut()
    {
        using var batch = new BatchScratch();
        Directory.CreateDirectory(batch.Input);
        File.Copy(Path.Combine(TrainedVoice.SourceFolder, "001.wav"), Path.Combine(batch.Input, "a.wav"));
        batch.Run(new PrepareTask(new PrepareOptions(), WaveEncoding.Pcm16));
        using var journal = Journal.ReadAll([batch.JournalPath()]);
        Assert.Contains("were cut off at the start", Assert.Single(journal.Find("a")!.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_LessThanALoudnessBlock_IsSaid()
    {
        var prepared = new RecordingPreparer().Prepare(Signals.Harmonic(140, 16000, 0.3));
        Assert.Contains(prepared.Warnings, warning => warning.Contains("shorter than the 400 ms", StringComparison.Ordinal));
        using var folder = new ScratchFolder();
        WaveFile.Write(folder["a.wav"], Signals.Harmonic(140, 16000, 0.3));
        Assert.Contains(
            RecordingCheck.Inspect(new CorpusItem("a", folder["a.wav"])).Warnings,
            warning => warning.Contains("400 ms", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Mel_FiltersWithoutABin_AreSaid()
    {
        using var batch = new BatchScratch("a.wav");
        batch.Run(new MelTask(new MelOptions { BandCount = 256 }, "cpu", () => new CpuDevice(1)));
        using var journal = Journal.ReadAll([batch.JournalPath()]);
        Assert.Matches(
            @"^\d+ of 256 mel filters are narrower",
            Assert.Single(journal.Find("a")!.Warnings, warning => warning.Contains("mel filters", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("spk00/ses0/x", null, "spk00")]
    [InlineData("x", null, null)]
    [InlineData("spk00/ses0/x", "1", "spk00")]
    [InlineData("spk00/ses0/x", "2", "ses0")]
    [InlineData("spk00/x", "2", null)]
    [InlineData("train/p225_001", "p[0-9]+", "p225")]
    [InlineData("train/p225_001", "([a-z]+[0-9]+)_", "p225")]
    [InlineData("train/x", "p[0-9]+", null)]
    public void SpeakerNames_OfPaths_AreTheFirstFoldersOrWhatTheRuleFinds(string id, string? rule, string? speaker) =>
        Assert.Equal(speaker, (rule is null ? SpeakerNames.FirstFolder : SpeakerNames.Parse(rule)).Of(id));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("(")]
    public void SpeakerNames_RuleThatIsNone_IsRefused(string rule)
    {
        Assert.Throws<FormatException>(() => SpeakerNames.Parse(rule));
        Assert.Contains(
            "--speaker-from",
            CommandRun.InProcess("corpus", "check", "/", "--speaker-from", rule).Refused(2),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Check_SpeakersWithSessions_AreCountedByTheirFirstFolder()
    {
        using var folder = new ScratchFolder();
        foreach (var name in (string[])["a/s0/1.wav", "a/s1/1.wav", "b/s0/1.wav", "b/s1/2.wav"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            WaveFile.Write(folder[name], Signals.Noise(16000, 0.5, 0.1, name.GetHashCode(StringComparison.Ordinal)));
        }

        Assert.Contains(
            "speakers          2 (a, b)",
            CommandRun.InProcess("corpus", "check", folder.Path).Ended(0).Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "speakers          2 (s0, s1)",
            CommandRun.InProcess("corpus", "check", folder.Path, "--speaker-from", "2").Ended(0).Output,
            StringComparison.Ordinal
        );
        CommandRun.InProcess("corpus", "manifest", folder.Path, "-o", folder["list.jsonl"], "--speaker-from", "^[a-z]").Ended(0);
        Assert.Equal(["a", "a", "b", "b"], LhotseManifest.Read(folder["list.jsonl"]).Select(item => item.Speaker));
    }

    [Fact]
    public void Check_FilesThatAreNotRead_AreCountedWithTheirReasons()
    {
        using var folder = new ScratchFolder();
        WaveFile.Write(folder["a.wav"], Signals.Noise(16000, 0.5));
        foreach (var name in (string[])["x.m4a", "y.M4A", "z.wma", "notes.txt", "README", "deep/b.m4a", ".hidden/c.m4a", ".d.m4a"])
            folder.Write(name, [1]);
        Assert.Contains(
            "not read          6 other files: 3 .m4a (not supported), 1 without an ending (not named as audio), 1 .txt (not "
                + "named as audio), 1 .wma (not supported)",
            CommandRun.InProcess("corpus", "check", folder.Path).Ended(0).Output,
            StringComparison.Ordinal
        );
        using var json = System.Text.Json.JsonDocument.Parse(
            CommandRun.InProcess("corpus", "check", folder.Path, "--json").Ended(0).Output
        );
        Assert.Equal(3, json.RootElement.GetProperty("summary").GetProperty("other_files")[0].GetProperty("count").GetInt32());
        File.Delete(folder["a.wav"]);
        Assert.Contains(
            "3 .m4a (not supported)",
            CommandRun.InProcess("corpus", "check", folder.Path).Refused(3),
            StringComparison.Ordinal
        );
    }

    [SndFileFact]
    public void List_EveryKindThatLibsndfileReads_IsReadAsTheWave()
    {
        using var folder = new ScratchFolder();
        var samples = Signals.Noise(16000, 0.25, 0.1).Samples.ToArray();
        foreach (
            var (name, format) in ((string, int)[])
                [("a.au", 0x030002), ("b.caf", 0x180002), ("c.w64", 0x0B0002), ("d.aifc", 0x020002), ("e.flac", 0x170002)]
        )
        {
            EncodedAudio.Write(folder[name], format, 1, samples);
            Assert.True(AudioFile.HasAudioName(name));
            using var reader = AudioFile.Open(folder[name]);
            Assert.Equal(samples.Length, reader.Length);
            var whole = AudioFile.Read(folder[name]).Waveform.Samples.ToArray();
            Assert.Equal(whole, reader.ReadAll().Samples.ToArray());
            Assert.Equal(whole[1000..1500], reader.Read(1000, 500).Samples.ToArray());
            Assert.Equal(whole[10..20], reader.Read(10, 10).Samples.ToArray());
            Assert.Equal(samples[700], whole[700], 1e-4);
        }

        Assert.Equal(5, CorpusFolder.List(folder.Path).Count());
    }

    private static void AssertKept(Waveform waveform)
    {
        var prepared = new RecordingPreparer(new PrepareOptions { LoudnessTarget = null }).Prepare(waveform);
        Assert.Equal(waveform.Length, Assert.Single(prepared.Pieces).Waveform.Length);
        Assert.DoesNotContain(prepared.Notes, note => note.Contains("cut off", StringComparison.Ordinal));
    }
}
