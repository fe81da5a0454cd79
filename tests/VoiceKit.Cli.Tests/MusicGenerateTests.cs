using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public sealed class MusicGenerateTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    [Fact]
    public void Generate_Defaults_WritesFourSnippetsInAllFormats()
    {
        var run = CommandRun.InProcess("music", "generate", "-o", folder["out"]).Ended(0);
        Assert.Empty(run.Output);
        Assert.StartsWith($"wrote 4 snippets to {folder["out"]}/ (mid, wav, png), ", run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal(["mid", "png", "wav"], Names("out").Select(name => name[(name.IndexOf('.') + 1)..]).Distinct());
        Assert.Equal(
            ["snippet-0001", "snippet-0002", "snippet-0003", "snippet-0004"],
            Names("out").Select(Path.GetFileNameWithoutExtension).Distinct()
        );
        Assert.Equal(12, Names("out").Length);
        foreach (var path in Names("out").Select(name => folder["out/" + name]))
        {
            if (path.EndsWith(".mid", StringComparison.Ordinal))
                Assert.Equal((4, 0), (MidiFile.Read(path).TrackCount, MidiFile.Read(path).Warnings.Count));
            else if (path.EndsWith(".png", StringComparison.Ordinal))
                Assert.InRange(PngReader.Read(File.ReadAllBytes(path)).Width, 600, 4000);
        }
    }

    [Fact]
    public void Generate_Wave_SoundsAsLongAsItsMidiWithoutClipping()
    {
        Generate("out", "--count", "1", "--tempo", "120");
        var score = MidiFile.Read(folder["out/snippet-0001.mid"]);
        Assert.Equal([new TempoChange(0, 500_000)], score.Tempos);
        var sound = WaveFile.Read(folder["out/snippet-0001.wav"]).Waveform;
        Assert.Equal((score.Notes.Max(note => note.End) / 480.0 * 0.5) + 2, sound.Duration.TotalSeconds, 0.001);
        Assert.InRange(sound.Samples.ToArray().Max(Math.Abs), 0.5, 0.75);
        Assert.InRange(SmallScores.Rms(sound, 0.1, 2), 0.02, 0.6);
    }

    [Fact]
    public void Generate_SameSeed_GivesTheSameBytes()
    {
        Generate("one", "--count", "2", "--seed", "7");
        Generate("two", "--count", "1", "--seed", "8");
        Assert.Equal(["snippet-0008.mid", "snippet-0008.png", "snippet-0008.wav"], Names("two"));
        Assert.All(Names("two"), name => Assert.Equal(File.ReadAllBytes(folder["one/" + name]), File.ReadAllBytes(folder["two/" + name])));
        Assert.NotEqual(File.ReadAllBytes(folder["one/snippet-0007.mid"]), File.ReadAllBytes(folder["two/snippet-0008.mid"]));
    }

    [Fact]
    public void Generate_Json_DescribesEveryFileOnStandardOutput()
    {
        var run = Generate("out", "-n", "2", "--format", "png, mid,mid", "--key", "Dm", "--bars", "3", "--tempo", "90.5", "--json");
        var facts = JsonDocument.Parse(run.Output).RootElement.GetProperty("snippets").EnumerateArray().ToArray();
        Assert.Equal(2, facts.Length);
        Assert.Equal(
            ["name", "seed", "key", "semitones", "bars", "tempo_bpm", "files"],
            facts[0].EnumerateObject().Select(item => item.Name)
        );
        Assert.Equal(
            ("snippet-0002", 2, 5, 3.0, 90.5),
            (
                Text(facts[1], "name"),
                facts[1].GetProperty("seed").GetInt32(),
                facts[1].GetProperty("semitones").GetInt32(),
                Number(facts[1], "bars"),
                Number(facts[1], "tempo_bpm")
            )
        );
        Assert.Equal("F major / D minor", Text(facts[0], "key"));
        string[] files = [.. facts.SelectMany(fact => fact.GetProperty("files").EnumerateArray().Select(file => file.GetString()!))];
        Assert.Equal(["snippet-0001.png", "snippet-0001.mid", "snippet-0002.png", "snippet-0002.mid"], files.Select(Path.GetFileName));
        Assert.All(files, file => Assert.True(File.Exists(file)));
        Assert.Equal(4, Names("out").Length);
    }

    [Theory]
    [InlineData("C", 0)]
    [InlineData("am", 0)]
    [InlineData("D", 2)]
    [InlineData("Bb", -2)]
    [InlineData("F#", 6)]
    [InlineData("E minor", -5)]
    public void Generate_Key_TransposesTheSnippet(string key, int semitones)
    {
        Generate("c", "--count", "1", "--format", "mid", "--key", "C");
        Generate("key", "--count", "1", "--format", "mid", "--key", key);
        var expected = MidiFile.Read(folder["c/snippet-0001.mid"]).Notes.Select(note => (note.Start, note.Pitch + semitones));
        Assert.Equal(
            expected.Order(),
            MidiFile.Read(folder["key/snippet-0001.mid"]).Notes.Select(note => (note.Start, note.Pitch)).Order()
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Generate_BarsAndProgram_AreInTheMidiFile(int bars)
    {
        Generate("out", "--count", "1", "--format", "mid", "--bars", $"{bars}", "--program", "73");
        var score = MidiFile.Read(folder["out/snippet-0001.mid"]);
        Assert.InRange(score.Notes.Max(note => note.End), ((bars - 1) * 1920) + 1, bars * 1920);
        Assert.All(score.Programs, program => Assert.Equal(73, program.Program));
        Assert.Equal(2, score.TrackCount);
    }

    [Fact]
    public void Generate_Walk_EndsAtTheSnippetsOfItsSeeds()
    {
        var run = Generate("walk", "--interpolate", "3", "9", "--steps", "3", "--format", "mid");
        Assert.Equal(["walk-3-9-001.mid", "walk-3-9-002.mid", "walk-3-9-003.mid"], Names("walk"));
        Assert.StartsWith("wrote 3 snippets", run.ErrorLines[^1], StringComparison.Ordinal);
        Generate("three", "--seed", "3", "--count", "1", "--format", "mid", "--key", "C");
        Generate("nine", "--seed", "9", "--count", "1", "--format", "mid", "--key", "C");
        Assert.Equal(File.ReadAllBytes(folder["three/snippet-0003.mid"]), File.ReadAllBytes(folder["walk/walk-3-9-001.mid"]));
        Assert.Equal(File.ReadAllBytes(folder["nine/snippet-0009.mid"]), File.ReadAllBytes(folder["walk/walk-3-9-003.mid"]));
    }

    [Fact]
    public void Generate_Melody_KeepsItAboveNewVoices()
    {
        int[] pitches = [64, 67, 64, 67];
        var tune = Rolls.Quarters(pitches).WriteMidi(folder["tune.mid"]);
        var run = Generate("out", "--melody", tune, "--count", "2", "--json", "--format", "mid,png");
        Assert.Equal(["tune-0001.mid", "tune-0001.png", "tune-0002.mid", "tune-0002.png"], Names("out"));
        Assert.Equal(1, Number(JsonDocument.Parse(run.Output).RootElement.GetProperty("snippets")[0], "bars"));
        var notes = MidiFile.Read(folder["out/tune-0001.mid"]).Notes;
        Assert.Equal(pitches, notes.Where(note => note.Track == 0).OrderBy(note => note.Start).Select(note => note.Pitch));
        Assert.Contains(notes, note => note.Track == 1);
    }

    [FluidSynthFact]
    public void Generate_SoundFont_RendersWithIt()
    {
        var font = folder.Write("sine.sf2", SmallSoundFont.Bytes());
        Generate("out", "--count", "1", "--format", "wav", "--soundfont", font);
        Generate("plain", "--count", "1", "--format", "wav");
        Assert.InRange(SmallScores.Rms(WaveFile.Read(folder["out/snippet-0001.wav"]).Waveform, 0.1, 2), 0.02, 0.7);
        Assert.NotEqual(File.ReadAllBytes(folder["plain/snippet-0001.wav"]), File.ReadAllBytes(folder["out/snippet-0001.wav"]));
    }

    public void Dispose() => folder.Dispose();

    private static string? Text(JsonElement fact, string name) => fact.GetProperty(name).GetString();

    private static double Number(JsonElement fact, string name) => fact.GetProperty(name).GetDouble();

    /// <summary>Runs with the model of two chords.</summary>
    private CommandRun Generate(string output, params string[] args)
    {
        if (!File.Exists(folder["model"]))
            MusicModelFile.Write(folder["model"], SmallMusic.Model);
        var run = CommandRun.InProcess(["music", "generate", "--model", folder["model"], "-o", folder[output], .. args]).Ended(0);
        Assert.Equal(args.Contains("--json"), run.Output.Length > 0);
        return run;
    }

    private string[] Names(string name) =>
        [.. Directory.GetFiles(folder[name]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
