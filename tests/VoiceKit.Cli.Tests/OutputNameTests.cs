using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>What an output's name promises is what is written; what exists is not lost.</summary>
[Collection("Command line")]
public class OutputNameTests
{
    public static readonly TheoryData<string, string> WrongLines = new()
    {
        { "convert a.wav -m m.safetensors -o y.mp3", "it is .wav" },
        { "convert a.wav b.wav -m m.safetensors -o y.flac", "a folder is made here" },
        { "analyze a.wav -o q.csv", "it is .npz" },
        { "analyze a.wav -o q.npz --plot q.svg", "it is .png" },
        { "analyze a.wav b.wav -o q --plot q.png", "a folder is made here" },
        { "synthesize a.npz -o q.ogg", "it is .wav" },
        { "train --source a --target b -o m.pkl", "it is .safetensors" },
        { "evaluate --converted a --target b --csv t.xlsx", "" },
        { "music train --midi m -o m.pt", "it is .safetensors" },
        { "music generate -o snippets.mid", "a folder is made here" },
        { "demo -o demo.wav", "a folder is made here" },
        { "batch analyze a -o f.npz", "a folder is made here" },
        { "corpus prepare a -o f.wav", "a folder is made here" },
        { "corpus manifest a -o list.csv", "a folder is made here" },
        { "corpus manifest a -o list.csv --format lhotse", ".jsonl" },
    };

    [Theory]
    [MemberData(nameof(WrongLines))]
    public void Run_EndingThatCannotBeWritten_Exits2WithThoseThatCan(string line, string reason)
    {
        var run = CommandRun.InProcess(line.Split(' '));
        if (reason.Length > 0)
            Assert.Contains(reason, run.Refused(2), StringComparison.Ordinal);
        else
            Assert.NotEqual(0, run.Code);
    }

    [Fact]
    public void Evaluate_TableWithAnotherEnding_Exits2()
    {
        using var folder = new VoiceFolder();
        folder.Corpus("a", TrainedVoice.SourceFolder, "026");
        folder.Corpus("b", TrainedVoice.TargetFolder, "026");
        Assert.Contains(
            "it is .csv",
            CommandRun.InProcess("evaluate", "--converted", folder["a"], "--target", folder["b"], "--csv", folder["t.xlsx"]).Refused(2),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Run_NamesWithoutOrWithTheRightEnding_AreWritten()
    {
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        foreach (var name in (string[])["plain", "O.WAV", "with.dots/o.wav"])
        {
            var run = CommandRun.InProcess("convert", speech, "-m", folder.Model, "-o", folder[name]).Ended(0);
            Assert.Contains($"wrote {folder[name]} (", run.Error, StringComparison.Ordinal);
            Assert.True(File.Exists(folder[name]));
        }
    }

    [Fact]
    public void Train_WhileAnotherMakesTheSameFile_Exits75AndLeavesNoLock()
    {
        using var folder = new VoiceFolder();
        string[] midi = ["music", "train", "--midi", folder["none"], "-o", folder["m.safetensors"]];
        string[] voice =
        [
            "train",
            "--source",
            TrainedVoice.SourceFolder,
            "--target",
            TrainedVoice.TargetFolder,
            "-o",
            folder["m.safetensors"],
        ];
        using (FileLock.TryTakeFor(folder["m.safetensors"])!)
        {
            Assert.Null(FileLock.TryTakeFor(folder["m.safetensors"]));
            Assert.Contains("another", CommandRun.InProcess(midi).Refused(75), StringComparison.Ordinal);
            Assert.Contains("another run", CommandRun.InProcess(voice).Refused(75), StringComparison.Ordinal);
        }

        // Two models of one checkpoint: "-o m" and "-o m.safetensors".
        using (FileLock.TryTakeFor(folder["m.checkpoint.safetensors"])!)
            Assert.Contains("another", CommandRun.InProcess(midi).Refused(75), StringComparison.Ordinal);

        CommandRun.InProcess(midi).Ended(4);
        Assert.Empty(folder.Files);
    }

    [LinuxFact]
    public void MusicTrain_PreviewsThatALinkLeadsElsewhereOrNameOfACheckpoint_AreRefused()
    {
        using var folder = new ScratchFolder();
        using var elsewhere = new ScratchFolder();
        Directory.CreateSymbolicLink(folder["m-previews"], elsewhere.Path);
        Assert.Contains(
            "leads out",
            CommandRun.InProcess("music", "train", "--midi", folder["none"], "-o", folder["m.safetensors"]).Refused(3),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "checkpoint",
            CommandRun.InProcess("music", "train", "--midi", folder["none"], "-o", folder["n.checkpoint.safetensors"]).Refused(2),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Outputs_StandardOutputWhereItIsNotOffered_AreRefused()
    {
        foreach (
            var line in (string[][])
                [
                    ["music", "train", "--midi", "m", "-o", "-"],
                    ["train", "--source", "a", "--target", "b", "-o", "-"],
                    ["analyze", TrainedVoice.SourceFolder + "/001.wav", "-o", "x.npz", "--plot", "-"],
                    ["evaluate", "--converted", TrainedVoice.SourceFolder, "--target", TrainedVoice.TargetFolder, "--csv", "-"],
                ]
        )
        {
            Assert.Contains("not written to standard output", CommandRun.InProcess(line).Refused(2), StringComparison.Ordinal);
            Assert.False(File.Exists("-"));
        }
    }

    [Fact]
    public void Inputs_FileThatIsThereTwice_IsTakenOnce()
    {
        using var folder = new VoiceFolder();
        var path = folder.Speech("in/a.wav");
        CommandRun.InProcess("analyze", path, folder["in"], folder["in/../in/a.wav"], "-o", folder["out"], "--features", "f0").Ended(0);
        Assert.Equal(["a.npz"], Directory.GetFiles(folder["out"]).Select(Path.GetFileName));
    }

    [LinuxFact]
    public void TryTakeFor_DeviceOrPipe_IsAlwaysFreeAndLeavesNothing()
    {
        using var first = FileLock.TryTakeFor("/dev/null");
        using var second = FileLock.TryTakeFor("/dev/null");
        Assert.True(first is not null && second is not null && !File.Exists("/dev/.null.lock"));
    }

    [Fact]
    public void Resume_DamagedCheckpoint_Exits3()
    {
        using var folder = new ScratchFolder();
        for (var i = 1; i <= 4; i++)
            Rolls.Choir(i, 192).WriteMidi(folder[$"midi/{i}.mid"]);
        string[] line =
        [
            "music",
            "train",
            "--midi",
            folder["midi"],
            "-o",
            folder["m.safetensors"],
            "--channels",
            "4",
            "--batch",
            "8",
            "--bars",
            "1",
            "--preview-every",
            "0",
            "--steps",
        ];
        CommandRun.InProcess([.. line, "2"]).Ended(0);
        foreach (var name in (string[])["m.checkpoint.safetensors", "m.safetensors"])
        {
            var bytes = File.ReadAllBytes(folder[name]);
            for (var i = 1; i <= 12; i++)
                bytes[^(7 * i)] ^= 0x10;
            File.WriteAllBytes(folder[name], bytes);
        }

        Assert.Contains("SHA-256", CommandRun.InProcess([.. line, "2", "--resume"]).Ended(3).ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains(
            "SHA-256",
            CommandRun.InProcess("music", "generate", "--model", folder["m.safetensors"], "-o", folder["out"]).Refused(3),
            StringComparison.Ordinal
        );
    }
}
