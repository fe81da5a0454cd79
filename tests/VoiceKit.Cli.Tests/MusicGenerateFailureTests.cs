using VoiceKit.Conversion;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public sealed class MusicGenerateFailureTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    [Fact]
    public void Generate_ModelThatCannotBeUsed_ExitsWithItsCodeAndWritesNothing()
    {
        VoiceModelFile.Write(folder["voice"], SmallModels.Voice());
        folder.Write("text", [.. "no model"u8]);
        var (name, tensor) = SmallMusic.Model.Parameters.First();
        SmallMusic.Model.WriteChanged(folder["nan"], change: tensors => tensors[name] = tensor.With(0, double.NaN));
        SmallMusic.Model.WriteChanged(folder["newer"], metadata => metadata["version"] = "2");
        foreach (
            var (model, code, fault) in ((string, int, string)[])
                [
                    ("none", 4, "no such file"),
                    ("voice", 3, "not a music model"),
                    ("text", 3, "safetensors"),
                    ("nan", 3, "not finite"),
                    ("newer", 5, "version 2"),
                ]
        )
        {
            var line = CommandRun.InProcess("music", "generate", "-m", folder[model], "-o", folder["out"]).Refused(code);
            Assert.Contains(folder[model], line, StringComparison.Ordinal);
            Assert.Contains(fault, line, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void Generate_SoundFontThatCannotBeUsed_NamesIt()
    {
        // The same code whether libfluidsynth is there or not: the line says which.
        MusicModelFile.Write(folder["model"], SmallMusic.Model);
        string[] line = ["music", "generate", "-m", folder["model"], "--format", "wav", "-o", folder["out"], "--soundfont"];
        var broken = CommandRun.InProcess([.. line, folder.Write("broken.sf2", [1, 2, 3])]).Ended(3);
        Assert.Contains("broken.sf2", broken.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains(
            SoundFontRenderer.IsAvailable ? "soundfont (.sf2) was expected" : "apt-get",
            broken.ErrorLines[^1],
            StringComparison.Ordinal
        );
        Assert.Contains("none.sf2", CommandRun.InProcess([.. line, folder["none.sf2"]]).Ended(4).ErrorLines[^1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void Generate_MelodyThatCannotBeUsed_NamesIt()
    {
        MusicModelFile.Write(folder["model"], SmallMusic.Model);
        new PianoRoll(PitchRange.Choir, 1, 4, []).WriteMidi(folder["silent.mid"]);
        folder.Write("broken.mid", BadMidiFiles.Good[..20]);
        foreach (var (name, code) in ((string, int)[])[("none.mid", 4), ("broken.mid", 3), ("silent.mid", 3)])
            Assert.Contains(
                name,
                CommandRun
                    .InProcess("music", "generate", "-m", folder["model"], "-o", folder["out"], "--melody", folder[name])
                    .Refused(code),
                StringComparison.Ordinal
            );
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void Generate_OutputThatIsAFile_Exits4()
    {
        MusicModelFile.Write(folder["model"], SmallMusic.Model);
        var run = CommandRun.InProcess("music", "generate", "-m", folder["model"], "-o", folder["model"]).Ended(4);
        Assert.Contains(folder["model"], run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", run.ErrorLines[^1], StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Generate_DiskFullInTheMiddle_Exits4AndKeepsTheOldFile()
    {
        // The MIDI file fits the limit on the size of files, the WAV does not.
        MusicModelFile.Write(folder["model"], SmallMusic.Model);
        var old = folder.Write("out/snippet-0001.wav", [1, 2, 3]);
        const string limit = "trap '' XFSZ; ulimit -f 16; export DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0; exec \"$@\"";
        var (code, output, error) = CommandRun.ProgramUnder(limit, [], "music", "generate", "-m", folder["model"], "-o", folder["out"]);
        var run = new CommandRun(code, output.Length == 0 ? "" : "data", error).Ended(4);
        Assert.Contains("snippet-0001.wav", run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(old));
        Assert.Equal(
            ["snippet-0001.mid", "snippet-0001.wav"],
            Directory.GetFiles(folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    public void Dispose() => folder.Dispose();
}
