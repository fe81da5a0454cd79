using System.Diagnostics;
using System.Text;
using VoiceKit.Audio;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>The command line as a program of its own: standard streams, exit codes, signals.</summary>
[Collection("Command line")]
public class ProgramTests
{
    [Fact]
    public void Convert_StandardInputToStandardOutput_IsTheSameAsByFiles()
    {
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        CommandRun.InProcess("convert", speech, "-m", folder.Model, "-o", folder["o.wav"]).Ended(0);
        var (code, output, error) = CommandRun.Program(File.ReadAllBytes(speech), "convert", "-", "-m", folder.Model, "-o", "-");
        Assert.True(code == 0, error);
        Assert.Equal(File.ReadAllBytes(folder["o.wav"]), output);
        Assert.Empty(error);
    }

    [Fact]
    public void Convert_RubbishOnStandardInput_Exits3WithNothingOnStandardOutput()
    {
        using var folder = new VoiceFolder();
        var (code, output, error) = CommandRun.Program(Encoding.ASCII.GetBytes("no audio"), "convert", "-", "-m", folder.Model, "-o", "-");
        Assert.Equal((3, 0), (code, output.Length));
        Assert.Contains(
            "standard input",
            Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Analyze_ToStandardOutput_IsTheSameAsToAFile()
    {
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav", length: 8000);
        CommandRun.InProcess("analyze", speech, "-o", folder["o.npz"], "--f0-method", "dio").Ended(0);
        var (code, output, error) = CommandRun.Program([], "analyze", speech, "-o", "-", "--f0-method", "dio");
        Assert.True(code == 0, error);
        File.WriteAllBytes(folder["piped.npz"], output);
        CommandRun.InProcess("synthesize", folder["piped.npz"], "-o", folder["piped.wav"]).Ended(0);
        CommandRun.InProcess("synthesize", folder["o.npz"], "-o", folder["o.wav"]).Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["o.wav"]), File.ReadAllBytes(folder["piped.wav"]));
    }

    [Fact]
    public void Program_UsageError_Exits2WithOneLine()
    {
        var (code, output, error) = CommandRun.Program([], "convert");
        Assert.Equal((2, 0), (code, output.Length));
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Trait(SlowTests.Category, SlowTests.Slow)]
    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public void Train_Signal_EndsWithItsCodeAndLeavesNoFile(string signal, int code)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new VoiceFolder();
        var before = folder.Files.ToArray();

        // Harvest over all sentences: long enough to be interrupted while it analyses.
        using var process = CommandRun.Start(
            "train",
            "--source",
            TrainedVoice.SourceFolder,
            "--target",
            TrainedVoice.TargetFolder,
            "-o",
            folder["m"]
        );
        var error = new StringBuilder();
        while (process.StandardError.ReadLine() is { } line)
        {
            error.AppendLine(line);
            if (!line.Contains("reading", StringComparison.Ordinal))
                continue;
            Thread.Sleep(1500);
            Process.Start("/bin/sh", ["-c", $"kill -{signal} {process.Id}"]).WaitForExit();
        }

        Assert.True(process.WaitForExit(60_000), "The program did not end.");
        Assert.True(process.ExitCode == code, $"Exit code {process.ExitCode}. {error}");
        Assert.Contains("stopped", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("bug", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, folder.Files);
    }

    [Fact]
    public void Convert_StereoFloatThroughAPipe_Works()
    {
        using var folder = new VoiceFolder();
        var samples = TrainedVoice.Shared.HeldOutSource[0].Samples[6000..14000].ToArray();
        var stereo = WaveBytes.File(
            WaveBytes.Format(tag: 3, channels: 2, bits: 32),
            WaveBytes.F32([.. samples.SelectMany(x => new[] { (float)x, (float)x })])
        );
        var (code, output, error) = CommandRun.Program(stereo, "convert", "-", "-m", folder.Model, "-o", "-");
        Assert.True(code == 0, error);
        using var stream = new MemoryStream(output);
        Assert.Equal(8000, WaveFile.Read(stream, "output").Waveform.Length);
    }
}
