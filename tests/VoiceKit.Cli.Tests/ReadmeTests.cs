using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using VoiceKit.Music;
using VoiceKit.Tests.Architecture;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>
/// Every command of the README, as it is typed there, in its order, in a fresh folder that holds what the text asks a reader to have.
/// </summary>
[Collection("Slurm")]
public class ReadmeTests
{
    /// <summary>The commands that are not run here, by how they start, and why.</summary>
    private static readonly (string Start, string Why)[] NotRun =
    [
        ("dotnet pack", ".ci/run packs and installs the program"),
        ("git clone", "this is the clone"),
        ("dotnet run -c Release --project src/VoiceKit.Cli -- demo", "the test below runs the demo"),
        ("dotnet test", "this is a test"),
    ];

    private static string Text { get; } = File.ReadAllText(Path.Combine(SourceFiles.Root, "README.md"));

    /// <summary>The lines of the blocks without a language; splitting at the fences gives text and blocks in turn.</summary>
    private static string[] Commands { get; } =
    [
        .. Text.Split("```")
            .Where((block, i) => i % 2 == 1 && block[0] == '\n')
            .SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
    ];

    [Trait(SlowTests.Category, SlowTests.Slow)]
    [LinuxFact]
    public void Commands_AsTyped_RunInAFreshFolder()
    {
        using var folder = new ScratchFolder();
        Prepare(folder);
        Assert.InRange(Commands.Length, 30, 60);
        foreach (var (start, _) in NotRun)
            Assert.Contains(Commands, command => command.StartsWith(start, StringComparison.Ordinal));
        foreach (
            var command in Commands.Where(command =>
                !Array.Exists(NotRun, item => command.StartsWith(item.Start, StringComparison.Ordinal)) && !Obstacle(command)
            )
        )
        {
            // There may be no GPU: then the program says so, with its exit code.
            var needsGpu = Regex.IsMatch(command, "^[^#]*--device cuda|^VOICEKIT_DEVICE=cuda");
            var (code, output) = Run(folder, command);
            Assert.True(code == 0 || (needsGpu && code == 6), $"{command}\nended with {code}:\n{output}");
        }
    }

    [Fact]
    public void Json_Table_NamesWhatIsPrinted()
    {
        using var folder = new VoiceFolder();
        folder.Corpus("a", TrainedVoice.SourceFolder, "026");
        folder.Corpus("b", TrainedVoice.TargetFolder, "026");
        Rolls.Choir(1, 192).WriteMidi(folder["piece.mid"]);
        CommandRun.InProcess("batch", "mel", folder["a"], "-o", folder["mels"]).Ended(0);
        foreach (
            var (verb, line) in ((string, string[])[])
                [
                    ("info", ["info", folder.Model]),
                    ("evaluate", ["evaluate", "--converted", folder["a"], "--target", folder["b"]]),
                    ("corpus check", ["corpus", "check", folder["a"]]),
                    ("batch status", ["batch", "status", folder["mels"]]),
                    ("batch verify", ["batch", "verify", folder["mels"]]),
                    ("devices", ["devices"]),
                    ("music generate", ["music", "generate", "--count", "1", "--format", "mid", "-o", folder["music"]]),
                    ("music inspect", ["music", "inspect", folder["piece.mid"]]),
                ]
        )
        {
            var row = Assert.Single(Text.Split('\n'), text => text.StartsWith($"| `{verb}` |", StringComparison.Ordinal));
            using var json = JsonDocument.Parse(CommandRun.InProcess([.. line, "--json"]).Ended(0).Output);
            Assert.All(
                json.RootElement.EnumerateObject().Where(property => property.Name != "schema"),
                property => Assert.Contains($"`{property.Name}`", row, StringComparison.Ordinal)
            );
        }
    }

    [Trait(SlowTests.Category, SlowTests.Slow)]
    [Fact]
    public void Demo_InAnEmptyFolder_EndsWithWhatToListenTo()
    {
        using var folder = new ScratchFolder();
        var run = CommandRun.InProcess("demo", "-o", folder["demo"]).Ended(0);
        Assert.Contains("Listen to, in this order:", run.Output, StringComparison.Ordinal);
        foreach (var name in (string[])["source/026.wav", "converted/026.wav", "target/026.wav", "pictures/026.png"])
        {
            Assert.Contains(folder["demo/" + name], run.Output, StringComparison.Ordinal);
            Assert.True(File.Exists(folder["demo/" + name]));
        }
    }

    /// <summary>What the text asks a reader to have: recordings by two people, music, a corpus.</summary>
    private static void Prepare(ScratchFolder folder)
    {
        string[] names = [.. Enumerable.Range(1, 27).Select(i => $"{i:000}")];
        void Copy(string voice, string target, IEnumerable<string> sentences)
        {
            Directory.CreateDirectory(folder[target]);
            foreach (var name in sentences)
                File.Copy(Path.Combine(voice, name + ".wav"), folder[$"{target}/{name}.wav"]);
        }

        Copy(TrainedVoice.SourceFolder, "anna", names);
        Copy(TrainedVoice.TargetFolder, "ben", names);
        Copy(TrainedVoice.SourceFolder, "anna-new", ["026", "027"]);
        Copy(TrainedVoice.SourceFolder, "recordings/anna/ses-1", ["001", "002"]);
        Copy(TrainedVoice.TargetFolder, "recordings/ben/ses-1", ["001", "002"]);
        File.Copy(folder["anna/026.wav"], folder["new.wav"]);
        File.Copy(folder["anna/027.wav"], folder["speech.wav"]);
        Rolls.Choir(1, 64).WriteMidi(folder["tune.mid"]);
        folder.Write("FluidR3_GM.sf2", SmallSoundFont.Bytes());
        Directory.CreateDirectory(folder["corpora"]);
        Directory.CreateSymbolicLink(folder["corpora/classical"], Path.Combine(SourceFiles.Root, "corpora", "classical"));
        string[] program =
        [
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            Path.Combine(AppContext.BaseDirectory, "VoiceKit.Cli.dll"),
        ];
        Directory.CreateDirectory(folder["bin"]);
        File.WriteAllText(folder["bin/voicekit"], $"#!/bin/sh\nexec '{program[0]}' '{program[1]}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["bin/voicekit"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Whether a command needs what this machine lacks.</summary>
    private static bool Obstacle(string command) =>
        (command.Contains("--slurm", StringComparison.Ordinal) && SlurmFactAttribute.Obstacle is not null)
        || (command.Contains("--soundfont", StringComparison.Ordinal) && !SoundFontRenderer.IsAvailable)
        || (command.StartsWith("python3", StringComparison.Ordinal) && !HasNumpy());

    private static bool HasNumpy()
    {
        using var probe = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "python3 -c 'import numpy' >/dev/null 2>&1"]))!;
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }

    private static (int Code, string Output) Run(ScratchFolder folder, string command)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", $"set -o pipefail; {command}"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{folder["bin"]}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var text = new StringBuilder();
        void Take(object sender, DataReceivedEventArgs line)
        {
            lock (text)
                text.AppendLine(line.Data);
        }

        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var hasEnded = process.WaitForExit(240_000);
        if (hasEnded)
            process.WaitForExit();
        lock (text)
        {
            Assert.True(hasEnded, $"{command}\ndid not end:\n{text}");
            return (process.ExitCode, text.ToString());
        }
    }
}
