using System.Globalization;
using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>voicekit batch and corpus prepare, in process.</summary>
[Collection("Command line")]
public class BatchTests
{
    private static readonly string[] Dio = ["--f0-method", "dio"];

    [Fact]
    public void Analyze_TreeTwice_MirrorsItAndThenDoesNothing()
    {
        using var batch = new BatchScratch();
        Speech(batch, "anna/1.wav");
        Speech(batch, "ben/x/2.wav");
        var first = CommandRun.InProcess(["batch", "analyze", batch.Input, "-o", batch.Output, .. Dio]).Ended(0);
        Assert.Contains("2 done", first.Error, StringComparison.Ordinal);
        Assert.Equal(["anna/1.npz", "ben/x/2.npz"], batch.Outputs);
        CommandRun.InProcess(["analyze", Path.Combine(batch.Input, "anna/1.wav"), "-o", batch["one.npz"], .. Dio]).Ended(0);
        Assert.Equal(File.ReadAllBytes(batch["one.npz"]), File.ReadAllBytes(Path.Combine(batch.Output, "anna/1.npz")));
        Assert.Contains(
            "2 as they were",
            CommandRun.InProcess(["batch", "analyze", batch.Input, "-o", batch.Output, .. Dio]).Ended(0).Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Convert_OtherModel_RedoesAllOtherGlobalVarianceToo()
    {
        using var folder = new VoiceFolder();
        folder.Speech("in/1.wav");
        folder.Speech("in/2.wav", 1);
        string[] line = ["batch", "convert", "-m", folder.Model, folder["in"], "-o", folder["out"]];
        CommandRun.InProcess(line).Ended(0);
        CommandRun.InProcess("convert", "-m", folder.Model, folder["in/1.wav"], "-o", folder["1.wav"]).Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["1.wav"]), File.ReadAllBytes(folder["out/1.wav"]));
        Assert.Contains("0 done, 2 as they were", CommandRun.InProcess(line).Ended(0).Error, StringComparison.Ordinal);
        Assert.Contains("2 done", CommandRun.InProcess([.. line, "--gv", "none"]).Ended(0).Error, StringComparison.Ordinal);
        Assert.Contains(
            "another model",
            CommandRun
                .InProcess(["batch", "convert", "-m", Retrained(folder), folder["in"], "-o", folder["out"], "--gv", "none", "--dry-run"])
                .Ended(0)
                .Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Prepare_LongStereoRecording_IsSplitMonoAndOfOneLoudness()
    {
        using var batch = new BatchScratch();
        var speech = TrainedVoice.Shared.HeldOutSource[0].Samples.ToArray();
        double[] pause = new double[16000];
        WaveFile.Write(batch["in/talk.wav"], new Waveform([.. pause, .. speech, .. pause, .. speech, .. pause], 16000));
        CommandRun
            .InProcess("corpus", "prepare", batch.Input, "-o", batch.Output, "--split", "5", "--rate", "8000", "--bits", "24")
            .Ended(0);
        Assert.Equal(["talk_0001.wav", "talk_0002.wav"], batch.Outputs);
        Assert.All(
            batch.Outputs,
            name =>
            {
                var piece = WaveFile.Read(Path.Combine(batch.Output, name));
                Assert.Equal((8000, 1), (piece.Waveform.SampleRate, piece.ChannelCount));
                Assert.InRange(Loudness.Integrated(piece.Waveform), -24, -22);
                Assert.InRange(piece.Waveform.Duration.TotalSeconds, 0.5, 5);
            }
        );
    }

    [Fact]
    public void DryRun_SaysWhatAndWhyAndTouchesNothing()
    {
        using var batch = new BatchScratch();
        Speech(batch, "a.wav");
        var run = CommandRun.InProcess(["batch", "analyze", batch.Input, "-o", batch.Output, "--dry-run"]).Ended(0);
        Assert.Contains("a.npz\tnot done before", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(batch.Output));
        CommandRun.InProcess(["batch", "analyze", batch.Input, "-o", batch.Output, .. Dio]).Ended(0);
        Assert.Contains(
            "other parameters",
            CommandRun.InProcess("batch", "analyze", batch.Input, "-o", batch.Output, "--dry-run").Ended(0).Output,
            StringComparison.Ordinal
        );
        Assert.Empty(CommandRun.InProcess(["batch", "analyze", batch.Input, "-o", batch.Output, "--dry-run", .. Dio]).Ended(0).Output);
    }

    [Fact]
    public void Analyze_SomeBroken_Exits1AndListsThem()
    {
        using var batch = new BatchScratch();
        Speech(batch, "a.wav");
        File.WriteAllText(Path.Combine(batch.Input, "b.wav"), "no audio");
        var run = CommandRun.InProcess(["batch", "analyze", batch.Input, "-o", batch.Output, .. Dio]).Ended(1);
        Assert.Contains("failed: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("failed.tsv", run.Error, StringComparison.Ordinal);
        using var status = JsonDocument.Parse(CommandRun.InProcess("batch", "status", batch.Output, "--json").Ended(0).Output);
        Assert.Equal((2, 1, 1), (Number(status, "items"), Number(status, "done"), Number(status, "failed")));
        Assert.Contains(
            "b",
            CommandRun.InProcess("batch", "status", batch.Output, "--failed").Ended(0).Output.Split('\n')[^2],
            StringComparison.Ordinal
        );
        using var verified = JsonDocument.Parse(CommandRun.InProcess("batch", "verify", batch.Output, "--json").Ended(1).Output);
        Assert.Equal(
            (2, 1, "b"),
            (
                Number(verified, "items"),
                Number(verified, "whole"),
                verified.RootElement.GetProperty("problems")[0].GetProperty("item").GetString()
            )
        );
    }

    [Fact]
    public void Shards_MergedAndVerified_AreTheSameBytesAsOneRun()
    {
        using var batch = new BatchScratch();
        for (var i = 0; i < 9; i++)
            Speech(batch, $"s{i % 3}/{i}.wav", i, 1600);
        CommandRun.InProcess(["batch", "analyze", batch.Input, "-o", batch["whole"], .. Dio]).Ended(0);
        string[] parts = ["batch", "analyze", batch.Input, "-o", batch.Output, .. Dio, "--shard"];
        CommandRun.InProcess([.. parts, "1/3"]).Ended(0);
        CommandRun.InProcess([.. parts, "3/3"]).Ended(0);
        Assert.Contains("2/3 never ran", CommandRun.InProcess("batch", "merge", batch.Output).Refused(1), StringComparison.Ordinal);
        Assert.Contains("2/3 never ran", CommandRun.InProcess("batch", "verify", batch.Output).Refused(1), StringComparison.Ordinal);
        CommandRun.InProcess([.. parts, "2/3"]).Ended(0);
        CommandRun.InProcess("batch", "verify", batch.Output).Ended(0);
        CommandRun.InProcess("batch", "merge", batch.Output).Ended(0);
        CommandRun.InProcess("batch", "verify", batch.Output).Ended(0);
        Assert.Equal(9, batch.JournalLines().Length);
        Assert.Equal(9, batch.Outputs.Length);
        Assert.All(
            batch.Outputs,
            name => Assert.Equal(File.ReadAllBytes(Path.Combine(batch["whole"], name)), File.ReadAllBytes(Path.Combine(batch.Output, name)))
        );
        Assert.Contains("0 done, 9 as they were", CommandRun.InProcess(parts[..^1]).Ended(0).Error, StringComparison.Ordinal);
        Assert.Contains(" 0 done", CommandRun.InProcess([.. parts, "2/3"]).Ended(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_DamagedMissingChangedAndStray_AreSaid()
    {
        using var batch = new BatchScratch();
        for (var i = 0; i < 5; i++)
            Speech(batch, $"{i}.wav", i, 1600);
        CommandRun.InProcess(["batch", "analyze", batch.Input, "-o", batch.Output, .. Dio]).Ended(0);
        string Output(int i) => Path.Combine(batch.Output, string.Create(CultureInfo.InvariantCulture, $"{i}.npz"));

        // One byte in the middle, with size and time as before: only reading finds it.
        var time = File.GetLastWriteTimeUtc(Output(1));
        var bytes = File.ReadAllBytes(Output(1));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Output(1), bytes);
        File.SetLastWriteTimeUtc(Output(1), time);
        Assert.Empty(CommandRun.InProcess("batch", "verify", batch.Output, "--quick").Ended(0).Output);
        File.Delete(Output(2));
        batch.Sound("3.wav");
        File.WriteAllText(batch["out/stray.npz"], "");
        var run = CommandRun.InProcess("batch", "verify", batch.Output).Ended(1);
        Assert.Equal(
            ["1\t1.npz is not as it was written", "2\t2.npz is not as it was written", "3\tanother input"],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Contains("2 of 5", run.Error, StringComparison.Ordinal);
        Assert.Contains("1 files in the folder belong to no input", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("batch", "analyze", "-o", "x")]
    [InlineData("batch", "analyze", "in", "-o", "x", "--shard", "5/4")]
    [InlineData("batch", "analyze", "in", "-o", "x", "-0")]
    [InlineData("batch", "analyze", "in")]
    [InlineData("batch", "convert", "in", "-o", "x")]
    [InlineData("batch", "analyze", "in", "-o", "x", "--jobs", "0")]
    [InlineData("batch", "prepare", "in", "-o", "x", "--loudness", "loud")]
    [InlineData("batch", "prepare", "in", "-o", "x", "--split", "0.1")]
    public void Usage_Wrong_Exits2WithOneLineAndWritesNothing(params string[] line)
    {
        using var batch = new BatchScratch("a.wav");
        CommandRun
            .InProcess([
                .. line.Select(word =>
                    word == "in" ? batch.Input
                    : word == "x" ? batch.Output
                    : word
                ),
            ])
            .Refused(2);
        Assert.False(Directory.Exists(batch.Output));
    }

    [Fact]
    public void TwoInputsForOneOutput_AreRefusedBeforeTheStart()
    {
        using var batch = new BatchScratch("s/a.wav", "b.wav");
        File.Copy(batch["in/s/a.wav"], batch["in/s/a.flac"]);
        var line = CommandRun.InProcess("batch", "analyze", batch.Input, "-o", batch.Output).Refused(2);
        Assert.Contains("a.flac and ", line, StringComparison.Ordinal);
        Assert.Empty(batch.Outputs);
        CommandRun.InProcess("batch", "analyze", batch.Input, "-o", batch.Output, "--dry-run").Ended(2);
        File.Delete(batch["in/s/a.flac"]);
        batch.Sound("s/a_0001.wav");
        Assert.Contains(
            "a_0001",
            CommandRun.InProcess("batch", "prepare", batch.Input, "-o", batch.Output, "--split", "5").Refused(2),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void InputsWouldBeReplaced_IsRefused()
    {
        using var batch = new BatchScratch("a.wav");
        var before = File.ReadAllBytes(batch["in/a.wav"]);
        Assert.Contains(
            "would be replaced",
            CommandRun.InProcess("batch", "prepare", batch.Input, "-o", batch.Input).Refused(2),
            StringComparison.Ordinal
        );
        Assert.Equal(before, File.ReadAllBytes(batch["in/a.wav"]));
    }

    [Fact]
    public void OutputBelowInput_IsNotTakenForInput()
    {
        using var batch = new BatchScratch();
        Speech(batch, "a.wav");
        for (var i = 0; i < 2; i++)
            Assert.Contains(
                "1 items",
                CommandRun.InProcess("batch", "prepare", batch.Input, "-o", batch["in/prepared"]).Ended(0).Error,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Missing_FolderOrBatch_ExitsWithItsReason()
    {
        using var batch = new BatchScratch();
        CommandRun.InProcess("batch", "analyze", batch["nowhere"], "-o", batch.Output).Refused(4);
        CommandRun.InProcess("batch", "analyze", batch.Input, "-o", batch.Output).Refused(3);
        CommandRun.InProcess("batch", "status", batch.Input).Refused(4);
        CommandRun.InProcess("batch", "verify", batch.Input).Refused(4);
        CommandRun.InProcess("batch", "merge", batch.Input).Refused(4);
        Assert.False(Directory.Exists(batch["in/.voicekit"]));
    }

    private static string Speech(BatchScratch batch, string name, int sentence = 0, int length = 4000)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(batch["in/" + name])!);
        var source = TrainedVoice.Shared.HeldOutSource;
        WaveFile.Write(
            batch["in/" + name],
            new Waveform(source[sentence % source.Count].Samples.Slice(6000 + (100 * sentence), length).ToArray(), 16000)
        );
        return batch["in/" + name];
    }

    private static string Retrained(VoiceFolder folder)
    {
        var model = VoiceKit.Conversion.VoiceModelFile.Read(folder.Model);
        VoiceKit.Conversion.VoiceModelFile.Write(
            folder["other.safetensors"],
            model with
            {
                Description = new Dictionary<string, string> { ["seed"] = "1" },
            }
        );
        return folder["other.safetensors"];
    }

    private static int Number(JsonDocument json, string name) => json.RootElement.GetProperty(name).GetInt32();
}
