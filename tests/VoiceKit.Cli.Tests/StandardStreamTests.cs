using System.Diagnostics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>Closed, full and broken standard streams, and a terminal that goes away.</summary>
[Collection("Command line")]
public class StandardStreamTests
{
    [LinuxFact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Run_ClosedStreams_NeverAbort()
    {
        using var folder = new VoiceFolder();
        foreach (
            var (closed, line, code) in ((string, string[], int)[])
                [
                    ("2>&-", ["info", folder.Model], 0),
                    ("2>&-", ["info", folder["nowhere"]], 4),
                    ("2>&-", ["convert", folder.Speech("a.wav"), "-m", folder.Model, "-o", folder["a-out.wav"]], 0),
                    (">&-", ["info", folder.Model], 4),
                    (">&-", ["convert", folder.Speech("b.wav"), "-m", folder.Model, "-o", folder["b-out.wav"]], 0),
                    (">&-", ["convert", folder.Speech("b.wav"), "-m", folder.Model, "-o", "-"], 4),
                    ("<&- >&- 2>&-", ["info", folder["nowhere"]], 4),
                    ("<&-", ["info", "-"], 3),
                    ("2>/dev/full", ["info", folder["nowhere"]], 4),
                    ("2>/dev/full", ["info", folder.Model], 0),
                    (">/dev/full", ["info", folder.Model], 4),
                ]
        )
        {
            var (actual, _, error) = CommandRun.ProgramUnder($"exec \"$@\" {closed}", [], line);
            Assert.True(actual == code, $"{closed} {line[0]}: exit code {actual} instead of {code}. {error}");
        }

        CommandRun.InProcess("convert", folder["a.wav"], "-m", folder.Model, "-o", folder["expected.wav"]).Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["expected.wav"]), File.ReadAllBytes(folder["a-out.wav"]));
    }

    [LinuxFact]
    public void Run_OnATerminal_ShowsOneLineOfProgressAndTakesItAway()
    {
        // "script" of util-linux gives the program a terminal; -e passes its exit code on.
        using var folder = new VoiceFolder();
        folder.Corpus("a", TrainedVoice.SourceFolder, "026", "027", "028");
        folder.Corpus("b", TrainedVoice.TargetFolder, "026", "027", "028");
        const string inTerminal = "export TERM=xterm; unset CI; exec script -qec \"stty cols 120; $(printf '\"%s\" ' \"$@\")\" /dev/null";
        var (code, output, _) = CommandRun.ProgramUnder(inTerminal, [], "evaluate", "--converted", folder["a"], "--target", folder["b"]);
        var text = System.Text.Encoding.UTF8.GetString(output);
        Assert.True(code == 0, text);
        Assert.Contains("analysing, ", text, StringComparison.Ordinal);
        Assert.Contains("\e[2K", text, StringComparison.Ordinal);
        Assert.Contains("MCD  ", text, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Run_ReaderThatGoesAway_EndsWithoutAWord()
    {
        using var folder = new VoiceFolder();
        var (code, output, error) = CommandRun.ProgramUnder("\"$@\" | head -n 1", [], "info", folder.Model);
        Assert.Equal((0, ""), (code, error));
        Assert.NotEmpty(output);
    }

    [Trait(SlowTests.Category, SlowTests.Slow)]
    [LinuxTheory]
    [InlineData("exec \"$@\"", 75)]
    [InlineData("trap '' HUP; exec \"$@\"", 1)]
    public void Batch_HangUp_EndsItAsATerminationUnlessItIsIgnored(string shell, int code)
    {
        // One broken recording: a run that goes on to its end exits with 1.
        using var batch = new BatchScratch([.. Enumerable.Range(0, 40).Select(i => $"{i}.wav")]);
        foreach (var path in Directory.GetFiles(batch.Input))
            File.Copy(Path.Combine(TrainedVoice.SourceFolder, "001.wav"), path, overwrite: true);
        File.WriteAllText(Path.Combine(batch.Input, "x.wav"), "broken");
        string[] program =
        [
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            Path.Combine(AppContext.BaseDirectory, "VoiceKit.Cli.dll"),
        ];
        using var process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", shell, "sh", .. program, "batch", "analyze", batch.Input, "-o", batch.Output, "-j", "1"])
            {
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        for (
            var clock = Stopwatch.StartNew();
            !File.Exists(batch.JournalPath()) || new FileInfo(batch.JournalPath()).Length == 0;
            Thread.Sleep(5)
        )
            Assert.True(clock.Elapsed.TotalSeconds < 60, "The batch did not start.");
        Process.Start("/bin/sh", ["-c", $"kill -HUP {process.Id}"]).WaitForExit();
        Assert.True(process.WaitForExit(120_000));
        Assert.True(process.ExitCode == code, $"Exit code {process.ExitCode} instead of {code}. {error.Result}");
        Assert.Empty(batch.Leftovers);
    }
}
