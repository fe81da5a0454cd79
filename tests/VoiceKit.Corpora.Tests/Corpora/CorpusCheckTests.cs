using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Corpora;

public sealed class CorpusCheckTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    [Fact]
    public void Inspect_Sentence_MeasuresWhatTheMeasuresMeasure()
    {
        var path = Path.Combine(TrainedVoice.SourceFolder, "001.wav");
        var report = RecordingCheck.Inspect(new CorpusItem("slt/001", path));
        var waveform = WaveFile.Read(path).Waveform;
        var (signal, activity, measures) = (SignalCheck.Inspect(waveform), SpeechActivity.Detect(waveform), report.Measures!);
        Assert.True(report.IsUsable);
        Assert.Empty(report.Warnings);
        Assert.Equal(
            (16000, 1, "16-bit PCM", waveform.Duration),
            (measures.SampleRate, measures.ChannelCount, measures.Encoding, measures.Duration)
        );
        Assert.Equal(
            (signal.Peak, signal.DcOffset, signal.ClippedFraction, Loudness.Integrated(waveform)),
            (measures.Peak, measures.DcOffset, measures.ClippedFraction, measures.Loudness)
        );
        Assert.Equal(
            (activity.SignalToNoiseDb, activity.LeadingSilence, activity.TrailingSilence),
            (measures.SignalToNoiseDb, measures.LeadingSilence, measures.TrailingSilence)
        );
    }

    [Fact]
    public void Inspect_Stereo_LooksAtEachChannel()
    {
        // The left channel clips and the right is silent: their mean does neither.
        var left = Signals.Generate(
            16000,
            2,
            time => time is > 0.5 and < 1.5 ? Math.Clamp(2 * Math.Sin(2 * Math.PI * 997 * time), -1, 1) : 0
        );
        folder.Write("s.wav", Stereo(left, new Waveform(new double[32000], 16000)));
        var report = RecordingCheck.Inspect(new CorpusItem("s", folder["s.wav"]));
        Assert.True(report.IsUsable);
        Assert.Equal(1, report.Measures!.Peak, 1e-4);
        Assert.InRange(report.Measures.ClippedFraction, 0.1, 0.4);
        Assert.Equal(
            Loudness.Integrated(WaveFile.Read(folder["s.wav"], new WaveReadOptions { Channel = 0 }).Waveform),
            report.Measures.Loudness,
            1e-9
        );
        Assert.Contains(
            report.Warnings,
            warning => warning.StartsWith("Channel 1: ", StringComparison.Ordinal) && warning.Contains("clipped", StringComparison.Ordinal)
        );
        Assert.Contains("Channel 2: The recording is silent.", report.Warnings);
    }

    [Fact]
    public void Inspect_ChannelsThatCancelOut_CannotBeUsed()
    {
        var tone = Signals.Harmonic(200, 16000, 1);
        folder.Write("s.wav", Stereo(tone, new Waveform([.. tone.Samples.ToArray().Select(sample => -sample)], 16000)));
        Assert.Equal("The recording is silent.", RecordingCheck.Inspect(new CorpusItem("s", folder["s.wav"])).Fault);
    }

    [Fact]
    public void Inspect_Part_IsThatOfTheFile()
    {
        var waveform = Signals.Harmonic(150, 16000, 3);
        WaveFile.Write(folder["a.wav"], waveform, WaveEncoding.Float32);
        var report = RecordingCheck.Inspect(new CorpusItem("part", folder["a.wav"]) { Segment = new TimeSegment(1, 1.5) });
        Assert.Equal((0.5, "part"), (report.Measures!.Duration.TotalSeconds, report.Name));
        Assert.NotNull(RecordingCheck.Inspect(new CorpusItem("part", folder["a.wav"]) { Segment = new TimeSegment(4, 5) }).Fault);
    }

    [SndFileFact]
    public void Run_FlacCopyOfAWave_IsADuplicate()
    {
        var waveform = WaveFile.Read(Path.Combine(TrainedVoice.SourceFolder, "001.wav")).Waveform;
        WaveFile.Write(folder["a.wav"], waveform);
        WaveFile.Write(folder["b.wav"], waveform, WaveEncoding.Float32);
        EncodedAudio.Write(folder["c.flac"], EncodedAudio.FlacPcm16, 1, waveform.Samples.ToArray());
        WaveFile.Write(folder["d.wav"], new Waveform(waveform.Samples.ToArray(), 16001));
        var report = CorpusCheck.Run(CorpusFolder.List(folder.Path), 2);
        Assert.Equal(["a.wav", "b.wav", "c.flac"], Assert.Single(report.Duplicates).Select(recording => recording.Name));
        Assert.Equal(2, report.DuplicateCount);
        Assert.Contains("It has the same samples as a.wav.", report.Recordings[2].Warnings);
    }

    [Fact]
    public void Run_RatesAndChannels_AreComparedWithTheMostFrequent()
    {
        var tone = Signals.Harmonic(150, 16000, 0.5);
        WaveFile.Write(folder["a.wav"], tone);
        WaveFile.Write(folder["b.wav"], new Waveform(tone.Samples[1..].ToArray(), 16000));
        WaveFile.Write(folder["c.wav"], new Waveform(tone.Samples.ToArray(), 22050));
        folder.Write("d.wav", Stereo(tone, tone));
        var report = CorpusCheck.Run(CorpusFolder.List(folder.Path), 1);
        Assert.Equal((16000, 1), (report.SampleRate, report.ChannelCount));
        Assert.Empty(report.Duplicates);
        Assert.Equal(
            ["c.wav"],
            report
                .Recordings.Where(recording => recording.Warnings.Any(warning => warning.Contains("16000 Hz", StringComparison.Ordinal)))
                .Select(recording => recording.Name)
        );
        Assert.Equal(
            ["d.wav"],
            report
                .Recordings.Where(recording =>
                    recording.Warnings.Any(warning => warning.Contains("number of channels", StringComparison.Ordinal))
                )
                .Select(recording => recording.Name)
        );
    }

    [Fact]
    public void Run_FoldersThatShareNames_AreCompared()
    {
        var tone = WaveBytes.File(WaveBytes.Format(), WaveBytes.Sine16(8000));
        foreach (
            var name in (string[])
                ["anna/1.wav", "anna/2.wav", "anna/deep/3.wav", "ben/1.wav", "ben/4.flac", "noise/x.wav", "noise/y.wav", "loose.wav"]
        )
            folder.Write(name, tone);
        var missing = CorpusCheck.Run(CorpusFolder.List(folder.Path), 2).MissingPartners;
        Assert.Equal([new("anna", "4"), new("ben", "2"), new MissingPartner("ben", "deep/3")], missing);
    }

    [Fact]
    public void Run_AnyNumberOfJobs_ReportsTheSame()
    {
        CorpusReport Report(int jobs) => CorpusCheck.Run(CorpusFolder.List(TrainedVoice.SourceFolder), jobs);
        var (one, many) = (Report(1), Report(7));
        Assert.Equal(35, one.Recordings.Count);
        Assert.Equal(one.Recordings.Select(recording => recording.Measures), many.Recordings.Select(recording => recording.Measures));
    }

    [Fact]
    public void Run_Cancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        var seen = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
            CorpusCheck.Run(
                CorpusFolder.List(TrainedVoice.SourceFolder),
                1,
                (done, _) =>
                {
                    seen = done;
                    cancellation.Cancel();
                },
                cancellation.Token
            )
        );
        Assert.InRange(seen, 1, 2);
    }

    [Theory]
    [MemberData(nameof(OddNames))]
    public void Inspect_OddFile_IsUsableAsItsVerdictSays(string name)
    {
        var item = BadWaveFiles.All.Single(item => item.Name == name);
        folder.Write("x.wav", item.Bytes);
        var report = RecordingCheck.Inspect(new CorpusItem("x", folder["x.wav"]));
        Assert.Equal(item.Verdict != Verdict.Reject && !HoldsNoSound(name), report.IsUsable);
        Assert.True(item.Verdict is Verdict.Accept or Verdict.Reject || report.Warnings.Count > 0 || !report.IsUsable);
        Assert.DoesNotContain(folder.Path, report.Fault ?? "", StringComparison.Ordinal);
    }

    // "id3-prefix", a WAV file behind an ID3 tag, is for libsndfile to judge: versions that skip such a tag read it, and then it is as good
    // as any.
    public static TheoryData<string> OddNames => [.. BadWaveFiles.All.Select(item => item.Name).Where(name => name != "id3-prefix")];

    public void Dispose() => folder.Dispose();

    // Files that are in order, or can be read with a warning, and still hold nothing to work with.
    private static bool HoldsNoSound(string name) =>
        name switch
        {
            "data-empty" or "trunc-44-header-only" => true, // no samples
            "data-1-sample" or "trunc-half-sample" or "fs-384000" or "pcm24-in-4-bytes" => true, // less than 25 ms
            "silence-1s" or "mulaw" => true, // zeros
            "dc-1s" or "alaw" or "float32" or "float64" or "ext-float" or "pcm24" or "pcm32" or "ext-pcm24in32" => true, // one value throughout
            _ => false,
        };

    private static byte[] Stereo(Waveform left, Waveform right)
    {
        var pairs = left.Samples.ToArray().Zip(right.Samples.ToArray(), (x, y) => new[] { (float)x, (float)y });
        return WaveBytes.File(WaveBytes.Format(3, channels: 2, bits: 32), WaveBytes.F32([.. pairs.SelectMany(pair => pair)]));
    }
}
