using System.Text;
using System.Text.Json.Nodes;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public sealed class MusicInspectTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public MusicInspectTests()
    {
        Rolls.Choir(1, 192).WriteMidi(folder["in/a.mid"]);
        Rolls.Choir(2, 128).WriteMidi(folder["in/deep/b.MID"]);
    }

    [Fact]
    public void Inspect_File_PrintsATable()
    {
        var run = CommandRun.InProcess("music", "inspect", folder["in/a.mid"]).Ended(0);
        Assert.StartsWith("metric", run.Output, StringComparison.Ordinal);
        Assert.Contains("snippets", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("nearest", run.Output, StringComparison.Ordinal);
        Assert.Equal(["0 % reading a.mid"], run.ErrorLines.Select(line => line.Trim()));
    }

    [Fact]
    public void Inspect_Json_IsWhatTheMetricsSay()
    {
        var path = folder["in/a.mid"];
        var json = JsonNode.Parse(CommandRun.InProcess("music", "inspect", path, "--json").Ended(0).Output);
        var windows = NoteGrid.FromScore(MidiFile.Read(path), 4).Windows(4, 16);
        Assert.Equal(1, json!["schema"]!.GetValue<int>());
        var metrics = CorpusMetrics.Measure(path, [.. windows], 16, 4);
        var corpus = Assert.Single(json["corpora"]!.AsArray())!;
        Assert.Equal(metrics.Names.Count, corpus["mean"]!.AsObject().Count);
        foreach (
            var (name, written) in ((string, string)[])
                [
                    ("QN2_len>=2", "qn2_len_ge_2"),
                    ("mel_step_rate<=2", "mel_step_rate_le_2"),
                    ("poly_rate>2_muspy", "poly_rate_gt_2_muspy"),
                    ("PCE", "pce"),
                    ("notes", "notes"),
                ]
        )
        {
            Assert.Equal(metrics.Mean(name), corpus["mean"]![written]!.GetValue<double>());
            Assert.Equal(metrics.Deviation(name), corpus["sd"]![written]!.GetValue<double>());
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(MetricsTable.Json([metrics]))![0]!["hist"], corpus["hist"]));
    }

    [Fact]
    public void Inspect_SeveralInputsAndAReference_CompareEachWithIt()
    {
        string[] line = ["music", "inspect", folder["in/a.mid"], folder["in/deep"], "--reference", folder["in/a.mid"]];
        var corpora = JsonNode.Parse(CommandRun.InProcess([.. line, "--json"]).Ended(0).Output)!["corpora"]!.AsArray();
        Assert.Equal(2, corpora.Count);
        string[] keys = ["src", "n", "diversity", "mean", "sd", "hist", "mean_overlap", "overlap", "jsd", "nearest_window"];
        Assert.All(corpora, corpus => Assert.Equal(keys, corpus!.AsObject().Select(item => item.Key)));

        // What is compared with itself is a copy; the other piece is none.
        Assert.Equal(1, corpora[0]!["nearest_window"]!.GetValue<double>(), 1e-9);
        Assert.InRange(corpora[1]!["nearest_window"]!.GetValue<double>(), 0, 0.9);
        Assert.All(corpora[0]!["jsd"]!.AsObject(), item => Assert.Equal(0, item.Value!.GetValue<double>(), 1e-9));
        var table = CommandRun.InProcess(line).Ended(0).Output;
        Assert.Equal(2, table.Split('\n').Count(row => row.StartsWith("nearest window of ", StringComparison.Ordinal)));
        Assert.Contains("MEAN_OVERLAP(ref)", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_Folder_MeasuresAllOfItAndWarnsOfBrokenFiles()
    {
        folder.Write("in/broken.mid", [1, 2, 3]);
        var run = CommandRun.InProcess("music", "inspect", folder["in"], "--json", "--bars", "0").Ended(0);
        Assert.Equal(2, JsonNode.Parse(run.Output)!["corpora"]![0]!["n"]!.GetValue<int>());
        Assert.Contains(
            run.ErrorLines,
            line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("broken.mid", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Inspect_PieceShorterThanAWindow_IsMeasuredAsAWholeAndDrawn()
    {
        Rolls.Choir(1, 20).WriteMidi(folder["short.mid"]);
        var run = CommandRun.InProcess("music", "inspect", folder["short.mid"], "--json", "-o", folder["short.png"]).Ended(0);
        Assert.Contains("whole pieces are measured", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, JsonNode.Parse(run.Output)!["corpora"]![0]!["n"]!.GetValue<int>());
        Assert.InRange(PngReader.Read(File.ReadAllBytes(folder["short.png"])).Width, 300, 4000);
    }

    [LinuxFact]
    public void Inspect_FolderWithLinksToNowhere_MeasuresTheRest()
    {
        File.CreateSymbolicLink(folder["in/dangling.mid"], folder["nowhere.mid"]);
        var run = CommandRun.InProcess("music", "inspect", folder["in"], "--json", "--bars", "0").Ended(0);
        Assert.Equal(2, JsonNode.Parse(run.Output)!["corpora"]![0]!["n"]!.GetValue<int>());
        Assert.Contains(run.ErrorLines, line => line.Contains("dangling.mid", StringComparison.Ordinal));
    }

    [Fact]
    public void Inspect_StandardInput_IsMeasuredAsTheFile()
    {
        var (code, output, error) = CommandRun.Program(File.ReadAllBytes(folder["in/a.mid"]), "music", "inspect", "-", "--json");
        Assert.True(code == 0, error);
        var file = JsonNode.Parse(CommandRun.InProcess("music", "inspect", folder["in/a.mid"], "--json").Ended(0).Output)!["corpora"]![0]!;
        Assert.True(JsonNode.DeepEquals(file["mean"], JsonNode.Parse(output)!["corpora"]![0]!["mean"]));
    }

    [Fact]
    public void Inspect_Pictures_AreDrawn()
    {
        CommandRun.InProcess("music", "inspect", folder["in/a.mid"], "-o", folder["a.png"]).Ended(0);
        CommandRun.InProcess("music", "inspect", folder["in"], "-o", folder["pictures"]).Ended(0);
        foreach (var name in (string[])["a.png", "pictures/a.png", "pictures/b.png"])
            Assert.InRange(PngReader.Read(File.ReadAllBytes(folder[name])).Width, 600, 4000);
        Assert.Equal(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["pictures/a.png"]));
        Rolls.Choir(3, 64).WriteMidi(folder["other/a.mid"]);
        Assert.Contains(
            "both be drawn",
            CommandRun.InProcess("music", "inspect", folder["in/a.mid"], folder["other"], "-o", folder["pictures"]).Ended(2).ErrorLines[^1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Inspect_Chorales_TakesASplitByItsName()
    {
        var steps = string.Join(", ", Enumerable.Range(0, 64).Select(step => $"[{70 + (step / 4 % 3)}, 67, 64, 48]"));
        var path = folder.Write("c.json", Encoding.UTF8.GetBytes($$"""{"train": [[{{steps}}], [{{steps}}]], "test": [[{{steps}}]]}"""));
        int Count(string input) =>
            JsonNode.Parse(CommandRun.InProcess("music", "inspect", input, "--json").Ended(0).Output)!["corpora"]![0]![
                "n"
            ]!.GetValue<int>();
        Assert.Equal((2, 1, 3), (Count(path + ":train"), Count(path + ":test"), Count(path)));
        Assert.Contains("no music", CommandRun.InProcess("music", "inspect", path + ":valid").Refused(3), StringComparison.Ordinal);
        Assert.Contains(
            "none was given",
            CommandRun.InProcess("music", "inspect", path, "-o", folder["p.png"]).Refused(2),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Inspect_WhatCannotBeMeasured_ExitsAndNamesIt()
    {
        Directory.CreateDirectory(folder["empty"]);
        folder.Write("broken.mid", BadMidiFiles.Good[..20]);
        new PianoRoll(PitchRange.Choir, 4, 4, []).WriteMidi(folder["silent.mid"]);
        foreach (
            var (name, code, fault) in ((string, int, string)[])
                [
                    ("none.mid", 4, "no such file"),
                    ("empty", 3, "no MIDI file"),
                    ("broken.mid", 3, "broken.mid"),
                    ("silent.mid", 3, "no notes"),
                    ("none.json", 4, "no such file"),
                ]
        )
        {
            var run = CommandRun.InProcess("music", "inspect", folder[name]).Ended(code);
            Assert.Contains(name, run.ErrorLines[^1], StringComparison.Ordinal);
            Assert.Contains(fault, run.ErrorLines[^1], StringComparison.Ordinal);
            Assert.Empty(run.Output);
        }

        Assert.Contains(
            "none.mid",
            CommandRun.InProcess("music", "inspect", folder["in"], "--reference", folder["none.mid"]).Ended(4).ErrorLines[^1],
            StringComparison.Ordinal
        );
    }

    public void Dispose() => folder.Dispose();
}
