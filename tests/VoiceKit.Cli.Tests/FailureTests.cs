using VoiceKit.Audio;
using VoiceKit.Cli;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public class FailureTests
{
    [Fact]
    public void Run_MissingFiles_Exit4AndNameThem()
    {
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        string[][] lines =
        [
            ["convert", folder["none.wav"], "-m", folder.Model, "-o", folder["o.wav"]],
            ["convert", speech, "-m", folder["none.wav"], "-o", folder["o.wav"]],
            ["analyze", folder["none.wav"], "-o", folder["o.npz"]],
            ["synthesize", folder["none.wav"], "-o", folder["o.wav"]],
            ["info", folder["none.wav"]],
            ["train", "--source", folder["none.wav"], "--target", folder.Path, "-o", folder["o"]],
            ["evaluate", "--converted", folder["none.wav"], "--target", folder.Path],
        ];
        Assert.All(lines, line => Assert.Contains("none.wav", CommandRun.InProcess(line).Refused(4), StringComparison.Ordinal));
        Assert.Equal(["a.wav"], folder.Files);
    }

    [Fact]
    public void Run_BadInputs_Exit3AndNameThem()
    {
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        var text = folder.Write("bad.wav", "this is no audio"u8.ToArray());
        var empty = folder.Write("bad-empty.wav", []);
        var noSamples = folder.Write("bad-none.wav", WaveBytes.File(WaveBytes.Format(), []));
        var model = folder.Write("bad.safetensors", TrainedVoice.Shared.FileBytes[..5000]);
        string[][] lines =
        [
            ["convert", text, "-m", folder.Model, "-o", folder["o.wav"]],
            ["convert", empty, "-m", folder.Model, "-o", folder["o.wav"]],
            ["convert", speech, "-m", model, "-o", folder["o.wav"]],
            ["convert", speech, "-m", text, "-o", folder["o.wav"]],
            ["analyze", text, "-o", folder["o.npz"]],
            ["synthesize", text, "-o", folder["o.wav"]],
            ["info", model],
        ];
        Assert.All(lines, line => Assert.Contains("bad", CommandRun.InProcess(line).Refused(3), StringComparison.Ordinal));
        foreach (
            var run in new[]
            {
                CommandRun.InProcess("convert", noSamples, "-m", folder.Model, "-o", folder["o.wav"]),
                CommandRun.InProcess("analyze", noSamples, "-o", folder["o.npz"]),
            }
        )
            Assert.Contains("bad-none.wav: the recording is empty", run.Ended(3).ErrorLines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Files, file => file.StartsWith('o'));
    }

    [Fact]
    public void Run_FoldersWithNothingToDo_Exit3()
    {
        using var folder = new VoiceFolder();
        Directory.CreateDirectory(folder["empty"]);
        folder.Speech("one/a.wav");
        folder.Speech("two/b.wav");
        Assert.Contains(
            "no audio file",
            CommandRun.InProcess("convert", folder["empty"], "-m", folder.Model, "-o", folder["o"]).Refused(3),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "partner",
            CommandRun.InProcess("train", "--source", folder["one"], "--target", folder["two"], "-o", folder["o"]).Refused(3),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Run_NewerModel_Exits5()
    {
        using var folder = new VoiceFolder();
        var file = SafetensorsFile.Read(folder.Model);
        var metadata = file.Metadata.ToDictionary(item => item.Key, item => item.Key == "version" ? "2" : item.Value);
        AtomicFile.Write(folder["newer"], (file with { Metadata = metadata }).Write);
        Assert.Contains("version 2", CommandRun.InProcess("info", folder["newer"]).Refused(5), StringComparison.Ordinal);
        Assert.Contains(
            "version 2",
            CommandRun.InProcess("convert", folder.Speech("a.wav"), "-m", folder["newer"], "-o", folder["o.wav"]).Refused(5),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Run_OutputThatCannotBeCreated_Exits4AndNamesIt()
    {
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        var below = Path.Combine(folder.Speech("file.wav"), "o.wav");
        Assert.Contains(
            "file.wav",
            CommandRun.InProcess("convert", speech, "-m", folder.Model, "-o", below).Refused(4),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "file.wav",
            CommandRun.InProcess("analyze", speech, "-o", Path.ChangeExtension(below, ".npz")).Refused(4),
            StringComparison.Ordinal
        );
        var train = CommandRun.InProcess(
            "train",
            "--source",
            TrainedVoice.SourceFolder,
            "--target",
            TrainedVoice.TargetFolder,
            "-o",
            Path.ChangeExtension(below, ".safetensors")
        );
        Assert.Contains("file.wav", train.Refused(4), StringComparison.Ordinal);
        Assert.Contains(
            "directory",
            CommandRun
                .InProcess("train", "--source", TrainedVoice.SourceFolder, "--target", TrainedVoice.TargetFolder, "-o", folder.Path)
                .Refused(4),
            StringComparison.Ordinal
        );
        if (OperatingSystem.IsLinux())
        {
            var line = CommandRun.InProcess("convert", speech, "-m", folder.Model, "-o", "/proc/voicekit.wav").Refused(4);
            Assert.Contains("/proc/voicekit.wav", line, StringComparison.Ordinal);
        }
    }

    [LinuxFact]
    public void Run_FullDevice_Exits4()
    {
        using var folder = new VoiceFolder();
        Assert.Contains(
            "space",
            CommandRun.InProcess("convert", folder.Speech("a.wav"), "-m", folder.Model, "-o", "/dev/full").Refused(4),
            StringComparison.Ordinal
        );
    }

    [LinuxFact]
    public void Convert_DiskFullInTheMiddle_Exits4WithoutAPartialFile()
    {
        // A limit on the size of files fails a write in the middle, as a full disk does, and needs no rights.
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        const string limit = "trap '' XFSZ; ulimit -f 16; export DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0; exec \"$@\"";
        var (code, output, error) = CommandRun.ProgramUnder(limit, [], "convert", speech, "-m", folder.Model, "-o", folder["out/o.wav"]);
        var line = new CommandRun(code, output.Length == 0 ? "" : "data", error).Refused(4);
        Assert.Contains("o.wav", line, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", line, StringComparison.Ordinal);
        Assert.Equal(["a.wav"], folder.Files);
    }

    [Fact]
    public void Convert_OneBrokenAmongMany_Exits1AndWritesTheOthers()
    {
        using var folder = new VoiceFolder();
        folder.Speech("in/a.wav");
        folder.Write("in/broken.wav", [1, 2, 3]);
        folder.Speech("in/c.wav", 1);
        var run = CommandRun.InProcess("convert", folder["in"], "-m", folder.Model, "-o", folder["out"]).Ended(1);
        Assert.Equal(
            ["a.wav", "c.wav"],
            folder.Files.Where(file => file.StartsWith("out", StringComparison.Ordinal)).Select(Path.GetFileName)
        );
        Assert.Contains(
            "broken.wav",
            Assert.Single(run.ErrorLines, line => line.StartsWith("failed: ", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Contains("2 of 3 files done, 1 failed", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Convert_TwoInputsOfOneOutput_Exits2BeforeAnyWork()
    {
        using var folder = new VoiceFolder();
        var run = CommandRun.InProcess(
            "convert",
            folder.Speech("x/a.wav"),
            folder.Speech("y/a.wav"),
            "-m",
            folder.Model,
            "-o",
            folder["out"]
        );
        Assert.Contains("both be written", run.Refused(2), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void Convert_FolderIntoItself_Exits2AndKeepsTheRecordings()
    {
        using var folder = new VoiceFolder();
        var before = File.ReadAllBytes(folder.Speech("in/a.wav"));
        Assert.Contains(
            "replaced",
            CommandRun.InProcess("convert", folder["in"], "-m", folder.Model, "-o", folder["in"]).Refused(2),
            StringComparison.Ordinal
        );
        Assert.Equal(before, File.ReadAllBytes(folder["in/a.wav"]));
    }

    [Fact]
    public void Train_SameRecordings_Exits3()
    {
        using var folder = new VoiceFolder();
        var (a, b) = (
            folder.Corpus("a", TrainedVoice.SourceFolder, "001", "002"),
            folder.Corpus("b", TrainedVoice.SourceFolder, "001", "002")
        );
        var run = CommandRun.InProcess("train", "--source", a, "--target", b, "-o", folder["o"], "--f0-method", "dio").Ended(3);
        Assert.Contains("are the same", run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.False(File.Exists(folder["o"]));
    }

    [Theory]
    [InlineData(ExitCode.Bug, typeof(NullReferenceException))]
    [InlineData(ExitCode.Bug, typeof(IndexOutOfRangeException))]
    [InlineData(ExitCode.InputOutput, typeof(IOException))]
    [InlineData(ExitCode.InputOutput, typeof(UnauthorizedAccessException))]
    [InlineData(ExitCode.InputOutput, typeof(FileNotFoundException))]
    public void Judge_Exception_HasItsExitCode(int code, Type type)
    {
        var exception = (Exception)Activator.CreateInstance(type)!;
        Assert.Equal(code, CommandLine.Judge(exception).Code);
        Assert.Equal(code, CommandLine.Judge(new AggregateException(exception)).Code);
    }

    [Fact]
    public void Judge_OwnExceptions_HaveTheirExitCodes()
    {
        Assert.Equal(ExitCode.BadInput, CommandLine.Judge(new BadFileException("a", null, "b")).Code);
        Assert.Equal(ExitCode.Version, CommandLine.Judge(new ModelVersionException("a")).Code);
        Assert.Equal((ExitCode.BadInput, "x"), CommandLine.Judge(new UnusableDataException("x")));

        // Arguments are this program's own: a wrong one is a bug.
        var (code, message) = CommandLine.Judge(new ArgumentException("x"));
        Assert.Equal(ExitCode.Bug, code);
        Assert.Contains("please report it", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_StereoAtAnotherRate_WarnsAndConverts()
    {
        using var folder = new VoiceFolder();
        var mono = Resampler.Resample(new Waveform(TrainedVoice.Shared.HeldOutSource[0].Samples[..16000].ToArray(), 16000), 44100);
        var samples = mono
            .Samples.ToArray()
            .SelectMany(sample => new[] { (int)(sample * 30000), (int)(sample * 20000) })
            .Select(value => value & 0xFFFF);
        var stereo = folder.Write("stereo.wav", WaveBytes.File(WaveBytes.Format(channels: 2, rate: 44100), WaveBytes.U16([.. samples])));
        var run = CommandRun.InProcess("convert", stereo, "-m", folder.Model, "-o", folder["o.wav"]).Ended(0);
        Assert.Contains("2 channels were mixed down", run.Error, StringComparison.Ordinal);
        var converted = WaveFile.Read(folder["o.wav"]);
        Assert.Equal((16000, 1), (converted.Waveform.SampleRate, converted.Format.ChannelCount));
        Assert.InRange(converted.Waveform.Length, 15999, 16001);
    }
}
