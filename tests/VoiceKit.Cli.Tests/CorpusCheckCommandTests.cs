using System.Diagnostics;
using System.Text.Json.Nodes;
using VoiceKit.Audio;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public sealed class CorpusCheckCommandTests : IDisposable
{
    private static readonly string[] FileKeys =
    [
        "id",
        "path",
        "speaker",
        "usable",
        "fault",
        "sample_rate_hz",
        "channels",
        "encoding",
        "duration_s",
        "peak",
        "dc_offset",
        "clipped_fraction",
        "loudness_lufs",
        "snr_db",
        "leading_silence_s",
        "trailing_silence_s",
        "sha256",
        "warnings",
    ];

    private readonly ScratchFolder folder = new();

    [Fact]
    public void Check_ShippedCorpus_IsFaultless()
    {
        var run = CommandRun.InProcess("corpus", "check", Path.GetDirectoryName(TrainedVoice.SourceFolder)!).Ended(0);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2 + 70 + 7, lines.Length);
        Assert.StartsWith(
            "name         duration   rate  ch  level  SNR  clipped  before  after  remarks",
            lines[0],
            StringComparison.Ordinal
        );
        Assert.All(
            lines[2..72],
            line =>
                Assert.Matches(@"^(rms|slt)/0\d\d\.wav +[34]\.\d\d  16000   1  -[12]\d\.\d   \d\d     0\.00    0\.\d\d   0\.\d\d$", line)
        );
        Assert.Equal(
            [
                "files             70",
                "hours             0.071",
                "speakers          2 (rms, slt)",
                "not read          1 other file: 1 .txt (not named as audio)",
                "unusable          0",
                "duplicates        0",
                "missing partners  0",
            ],
            lines[72..]
        );
    }

    [Fact]
    public void Check_MixedCorpus_SaysWhatIsWrongWithEach()
    {
        WriteMixedCorpus();
        var run = CommandRun.InProcess("corpus", "check", folder.Path, "--jobs", "3").Ended(3);
        Assert.Contains("3 of 9 recordings cannot be used", run.ErrorLines[^1], StringComparison.Ordinal);
        var lines = run.Output.Split('\n');
        string Line(string name) => lines.Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        Assert.Contains("UNUSABLE: an audio file was expected", Line("ben/4.wav"), StringComparison.Ordinal);
        Assert.Contains("UNUSABLE: The recording is silent.", Line("anna/3.wav"), StringComparison.Ordinal);
        Assert.Contains("UNUSABLE: this is a directory", Line("ben/x.wav"), StringComparison.Ordinal);
        Assert.Contains("clipped", Line("ben/1.wav"), StringComparison.Ordinal);
        Assert.Contains("the same samples as anna/1.wav", Line("ben/2.wav"), StringComparison.Ordinal);
        Assert.Contains("2 channels were mixed down", Line("ben/3.wav"), StringComparison.Ordinal);
        Assert.Contains("not the corpus' most frequent, 16000 Hz", Line("anna/4.wav"), StringComparison.Ordinal);
        Assert.Contains("files             9", lines);
        Assert.Contains("speakers          2 (anna, ben)", lines);
        Assert.Contains("unusable          3", lines);
        Assert.Contains("duplicates        1", lines);
        Assert.Contains("  the same: anna/1.wav, ben/2.wav", lines);
        Assert.Contains("missing partners  1", lines);
        Assert.Contains("  anna has no x", lines);
    }

    [Fact]
    public void Check_Json_HoldsTheSameInFiniteNumbers()
    {
        WriteMixedCorpus();
        var run = CommandRun.InProcess("corpus", "check", folder.Path, "--json").Ended(3);
        var root = JsonNode.Parse(run.Output)!;
        var files = root["files"]!.AsArray();
        Assert.Equal(9, files.Count);
        Assert.All(files, file => Assert.Equal(FileKeys, file!.AsObject().Select(item => item.Key)));
        var good = files.Single(file => file!["id"]!.GetValue<string>() == "anna/2")!;
        Assert.Equal(
            ("anna", true, 16000, 1),
            (
                good["speaker"]!.GetValue<string>(),
                good["usable"]!.GetValue<bool>(),
                good["sample_rate_hz"]!.GetValue<int>(),
                good["channels"]!.GetValue<int>()
            )
        );
        var waveform = WaveFile.Read(folder["anna/2.wav"]).Waveform;
        Assert.Equal(Loudness.Integrated(waveform), good["loudness_lufs"]!.GetValue<double>());
        Assert.Equal(waveform.Duration.TotalSeconds, good["duration_s"]!.GetValue<double>());
        Assert.Equal(64, good["sha256"]!.GetValue<string>().Length);
        var silent = files.Single(file => file!["id"]!.GetValue<string>() == "anna/3")!;
        Assert.Equal("The recording is silent.", silent["fault"]!.GetValue<string>());
        Assert.Null(silent["loudness_lufs"]);
        Assert.Null(files.Single(file => file!["id"]!.GetValue<string>() == "ben/4")!["sample_rate_hz"]);

        var summary = root["summary"]!;
        Assert.Equal(
            (9, 3, 16000, 1),
            (
                summary["files"]!.GetValue<int>(),
                summary["unusable"]!.GetValue<int>(),
                summary["sample_rate_hz"]!.GetValue<int>(),
                summary["channels"]!.GetValue<int>()
            )
        );
        Assert.Equal(
            [folder["anna/1.wav"], folder["ben/2.wav"]],
            summary["duplicates"]![0]!.AsArray().Select(path => path!.GetValue<string>())
        );
        Assert.Equal("x", summary["missing_partners"]![0]!["name"]!.GetValue<string>());
        Assert.Equal(["anna", "ben"], summary["speakers"]!.AsArray().Select(name => name!.GetValue<string>()));
    }

    [Fact]
    public void Check_SingleFile_IsChecked()
    {
        var path = folder.Write("a.wav", BadWaveFiles.Good);
        var run = CommandRun.InProcess("corpus", "check", path).Ended(0);
        Assert.Contains("files             1", run.Output, StringComparison.Ordinal);
        Assert.Contains("speakers          0\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_BrokenHeaders_AreAllListed()
    {
        foreach (var item in BadWaveFiles.All)
            folder.Write(item.Name + ".wav", item.Bytes);
        var root = JsonNode.Parse(CommandRun.InProcess("corpus", "check", folder.Path, "--json").Ended(3).Output)!;
        var usable = root["files"]!
            .AsArray()
            .Where(file => file!["usable"]!.GetValue<bool>())
            .Select(file => file!["id"]!.GetValue<string>())
            .ToHashSet();
        Assert.Equal(BadWaveFiles.All.Count(), root["files"]!.AsArray().Count);
        Assert.Equal(root["summary"]!["unusable"]!.GetValue<int>(), root["files"]!.AsArray().Count - usable.Count);

        // Versions of libsndfile differ in whether they read what follows an ID3 tag.
        Assert.DoesNotContain(
            BadWaveFiles.All,
            item => item.Name != "id3-prefix" && item.Verdict == Verdict.Reject && usable.Contains(item.Name)
        );
    }

    [LinuxFact]
    public void Check_NamedPipe_IsReportedAndNotWaitedFor()
    {
        folder.Write("a.wav", BadWaveFiles.Good);
        using (var process = Process.Start("mkfifo", folder["pipe.wav"]))
            process.WaitForExit();
        Assert.Contains("named pipe", CommandRun.InProcess("corpus", "check", folder.Path).Ended(3).Output, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Check_OddNames_StayOnOneLine()
    {
        folder.Write("a\nb \u001b[31m\"ü\".wav", BadWaveFiles.Good);
        folder.Write(new string('n', 60) + "end.wav", BadWaveFiles.Good);
        var run = CommandRun.InProcess("corpus", "check", folder.Path).Ended(0);
        Assert.Contains("a\\u000ab \\u001b[31m\"ü\".wav", run.Output, StringComparison.Ordinal);
        Assert.Contains("..." + new string('n', 30) + "end.wav ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.Equal(2 + 2 + 6 + 1, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.NotNull(JsonNode.Parse(CommandRun.InProcess("corpus", "check", folder.Path, "--json").Ended(0).Output));
    }

    [Fact]
    public void Check_NothingToCheck_IsRefused()
    {
        Directory.CreateDirectory(folder["empty"]);
        Assert.Contains(
            "no recording in it",
            CommandRun.InProcess("corpus", "check", folder["empty"]).Refused(3),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no such file or folder",
            CommandRun.InProcess("corpus", "check", folder["none"]).Refused(4),
            StringComparison.Ordinal
        );
        CommandRun.InProcess("corpus", "check", folder.Path, "--jobs", "0").Refused(2);
    }

    public void Dispose() => folder.Dispose();

    private void WriteMixedCorpus()
    {
        void Wave(string name, Waveform waveform)
        {
            folder.Write(name, []);
            WaveFile.Write(folder[name], waveform);
        }

        var (one, two) = (Signals.Harmonic(150, 16000, 1), Signals.Harmonic(200, 16000, 1));
        Wave("anna/1.wav", one);
        Wave("anna/2.wav", two);
        Wave("anna/3.wav", new Waveform(new double[16000], 16000));
        Wave("anna/4.wav", Signals.Harmonic(150, 22050, 1));
        Wave("ben/1.wav", Signals.Odd("clipped"));
        Wave("ben/2.wav", one);
        folder.Write("ben/3.wav", WaveBytes.File(WaveBytes.Format(channels: 2), WaveBytes.Sine16(16000)));
        folder.Write("ben/4.wav", [1, 2, 3]);
        Directory.CreateDirectory(folder["ben/x.wav"]);
    }
}
