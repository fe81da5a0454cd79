using System.Diagnostics;
using System.Text;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public sealed class MusicTrainTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public MusicTrainTests()
    {
        SmallMusic.Bars(0, 1, 0, 1).WriteMidi(folder["midi/a.mid"]);
        SmallMusic.Bars(1, 1, 0).WriteMidi(folder["midi/b.mid"]);
    }

    [Fact]
    public void Train_Folder_WritesModelCheckpointAndPreviews()
    {
        folder.Write("midi/broken.mid", [1, 2, 3]);
        var run = CommandRun.InProcess([.. Line("m.safetensors", 20), "--preview-every", "10"]).Ended(0);
        Assert.Empty(run.Output);
        Assert.Contains(
            run.ErrorLines,
            line =>
                line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("broken.mid: left out", StringComparison.Ordinal)
        );
        Assert.Contains("2 of 3 files are used", run.Error, StringComparison.Ordinal);
        Assert.Contains("5 windows", run.Error, StringComparison.Ordinal);
        Assert.Contains(run.ErrorLines, line => line.Contains('%', StringComparison.Ordinal));
        Assert.Contains("20 steps in", run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal(["m-previews", "m.checkpoint.safetensors", "m.safetensors"], Outputs());
        var previews = Directory.GetFiles(folder["m-previews"]).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["step-0000010.png", "step-0000020.png"], previews.Select(Path.GetFileName));
        Assert.All(previews, path => Assert.InRange(PngReader.Read(File.ReadAllBytes(path)).Width, 600, 4000));

        CommandRun
            .InProcess("music", "generate", "-m", folder["m.safetensors"], "--count", "1", "--format", "mid", "-o", folder["out"])
            .Ended(0);
        Assert.Equal(2, MidiFile.Read(folder["out/snippet-0001.mid"]).TrackCount);
    }

    [Fact]
    public void Train_SameLineAgain_GivesTheSameBytes()
    {
        CommandRun.InProcess(Line("a", 6)).Ended(0);
        CommandRun.InProcess([.. Line("b", 6), "--threads", "3", "--checkpoint-every", "2"]).Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"]));
        CommandRun.InProcess([.. Line("c", 6), "--seed", "2"]).Ended(0);
        Assert.NotEqual(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["c"]));
        var before = File.ReadAllBytes(folder["b.checkpoint.safetensors"]);
        Assert.Contains(
            "b.checkpoint.safetensors is the checkpoint of an earlier training: --resume",
            CommandRun.InProcess(Line("b", 4)).Refused(2),
            StringComparison.Ordinal
        );
        Assert.Equal(before, File.ReadAllBytes(folder["b.checkpoint.safetensors"]));
        CommandRun.InProcess([.. Line("a", 6), "--overwrite"]).Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"]));
    }

    [Fact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Train_SignalAndResume_EndsWithTheModelOfAnUninterruptedRun()
    {
        if (OperatingSystem.IsWindows())
            return;
        const int steps = 150;

        // A checkpoint at every step makes the steps slow enough for the signal to come in time, and changes nothing else.
        using var process = CommandRun.Start([.. Line("m", steps), "--checkpoint-every", "1"]);
        var clock = Stopwatch.StartNew();
        while (!File.Exists(folder["m.checkpoint.safetensors"]) && !process.HasExited && clock.Elapsed.TotalSeconds < 30)
            Thread.Sleep(1);
        Process.Start("/bin/sh", ["-c", $"kill -INT {process.Id}"]).WaitForExit();
        var error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(60_000), "The program did not end.");
        Assert.True(process.ExitCode == 130, $"Exit code {process.ExitCode}. {error}");
        Assert.Contains($"of {steps} steps; --resume goes on from", error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", error, StringComparison.Ordinal);
        Assert.Equal(["m", "m.checkpoint.safetensors"], Outputs());
        var done = int.Parse(MusicModelFile.Read(folder["m"]).Description["steps"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(done, 1, steps - 1);

        var resumed = CommandRun.InProcess([.. Line("m", steps), "--resume"]).Ended(0);
        Assert.Contains($"going on at step {done}", resumed.Error, StringComparison.Ordinal);
        CommandRun.InProcess(Line("whole", steps)).Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["whole"]), File.ReadAllBytes(folder["m"]));
        Assert.Equal(File.ReadAllBytes(folder["whole.checkpoint.safetensors"]), File.ReadAllBytes(folder["m.checkpoint.safetensors"]));
    }

    [Fact]
    public void Train_ResumeThatCannotGoOn_SaysWhy()
    {
        Assert.Contains(
            "m.checkpoint.safetensors: there is no such file",
            CommandRun.InProcess([.. Line("m", 5), "--resume"]).Ended(4).ErrorLines[^1],
            StringComparison.Ordinal
        );
        CommandRun.InProcess(Line("m", 1)).Ended(0);
        Assert.Contains(
            "made with other settings",
            CommandRun.InProcess([.. Line("m", 5), "--resume"]).Ended(3).ErrorLines[^1],
            StringComparison.Ordinal
        );
        SmallMusic.Bars(1, 0).WriteMidi(folder["midi/c.mid"]);
        Assert.Contains(
            "made with other music",
            CommandRun.InProcess([.. Line("m", 1), "--resume"]).Ended(3).ErrorLines[^1],
            StringComparison.Ordinal
        );
        Assert.Equal("1", MusicModelFile.Read(folder["m"]).Description["steps"]);
    }

    [Fact]
    public void Train_NothingToTrainOn_ExitsAndSaysWhy()
    {
        string[] From(string midi) => ["music", "train", "--midi", folder[midi], "-o", folder["m"]];
        Directory.CreateDirectory(folder["empty"]);
        folder.Write("broken/a.mid", [1, 2, 3]);
        Assert.Contains("no MIDI file", CommandRun.InProcess(From("empty")).Refused(3), StringComparison.Ordinal);
        Assert.Contains("none of its 1 MIDI files", CommandRun.InProcess(From("broken")).Ended(3).ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains("no such folder", CommandRun.InProcess(From("none")).Refused(4), StringComparison.Ordinal);
        Assert.Contains(
            "no file of chorales",
            CommandRun.InProcess(From(Path.GetFileName(folder.Write("c.json", [1, 2])))).Refused(3),
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(folder["m"]));
    }

    [Fact]
    public void Train_Chorales_AreRead()
    {
        var steps = string.Join(", ", Enumerable.Repeat("[72, 67, 64, 48]", 16));
        var path = folder.Write("c.json", Encoding.UTF8.GetBytes($$"""{"train": [[{{steps}}]]}"""));
        CommandRun
            .InProcess(
                "music",
                "train",
                "--midi",
                path,
                "-o",
                folder["m"],
                "--bars",
                "1",
                "--channels",
                "4",
                "--batch",
                "8",
                "--steps",
                "1"
            )
            .Ended(0);
        Assert.Equal(4, MusicModelFile.Read(folder["m"]).Layout.VoiceCount);
    }

    [Fact]
    public void Train_OutputThatCannotBeWritten_Exits4BeforeTheTraining()
    {
        var below = Path.Combine(folder.Write("file", [1]), "m");
        string[] line = ["music", "train", "--midi", folder["midi"], "-o"];
        Assert.Contains("file", CommandRun.InProcess([.. line, below]).Refused(4), StringComparison.Ordinal);
        Assert.Contains("directory", CommandRun.InProcess([.. line, folder.Path]).Refused(4), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["m.checkpoint.safetensors"]);
        Assert.Contains(
            "m.checkpoint.safetensors",
            CommandRun.InProcess([.. line, folder["m.safetensors"]]).Refused(4),
            StringComparison.Ordinal
        );
    }

    [LinuxFact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Train_DiskFull_Exits4AndKeepsTheOldModel()
    {
        // The arrays of the smallest model are larger than the limit on the size of files.
        var old = folder.Write("m", [1, 2, 3]);
        const string limit = "trap '' XFSZ; ulimit -f 16; export DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0; exec \"$@\"";
        var (code, output, error) = CommandRun.ProgramUnder(limit, [], Line("m", 1));
        var run = new CommandRun(code, output.Length == 0 ? "" : "data", error).Ended(4);
        Assert.DoesNotContain(".tmp", run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(old));
        Assert.Equal(["m"], Outputs());
    }

    public void Dispose() => folder.Dispose();

    private string[] Line(string output, int steps) =>
        [
            "music",
            "train",
            "--midi",
            folder["midi"],
            "-o",
            folder[output],
            "--bars",
            "2",
            "--grid",
            "2",
            "--voices",
            "2",
            "--channels",
            "4",
            "--batch",
            "8",
            "--steps",
            $"{steps}",
        ];

    /// <summary>What lies beside the music, temporary files included.</summary>
    private string[] Outputs() =>
        [
            .. Directory
                .GetFileSystemEntries(folder.Path)
                .Select(path => Path.GetFileName(path))
                .Where(name => name != "midi")
                .Order(StringComparer.Ordinal),
        ];
}
