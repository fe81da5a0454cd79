using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public class CorpusManifestTests
{
    [Fact]
    public void Help_OfTheVerbs_ShowsExamples()
    {
        Assert.Contains("  voicekit corpus manifest", CommandRun.InProcess("corpus", "--help").Ended(0).Output, StringComparison.Ordinal);
        Assert.Contains(
            "  voicekit corpus manifest",
            CommandRun.InProcess("corpus", "manifest", "--help").Ended(0).Output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("recordings.jsonl.gz", null)]
    [InlineData("list", "lhotse")]
    [InlineData("list.jsonl", "items")]
    [InlineData("list.gz", "items")]
    public void Manifest_OfAFolder_ListsEveryRecording(string name, string? format)
    {
        using var folder = Corpus();
        var run = CommandRun
            .InProcess([
                "corpus",
                "manifest",
                folder["corpus"],
                "-o",
                folder[name],
                .. format is null ? Array.Empty<string>() : ["--format", format],
            ])
            .Ended(0);
        Assert.Empty(run.Output);
        Assert.Contains("3 recordings", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(
            CorpusFolder.List(folder["corpus"]),
            (format == "items" ? CorpusItemList.Read(folder[name]) : LhotseManifest.Read(folder[name])).Select(item =>
                item with
                {
                    Claims = null,
                    Channel = null,
                }
            )
        );
    }

    [Fact]
    public void Manifest_FromFormToForm_KeepsItems()
    {
        using var folder = Corpus();
        CommandRun.InProcess("corpus", "manifest", folder["corpus"], "-o", folder["data"]).Ended(0);
        var items = KaldiDirectory.Read(folder["data"]);
        Assert.Equal(["anna-1", "anna-\"2\"_\u00e9", "top"], items.OrderByDescending(item => item.Id == "anna-1").Select(item => item.Id));
        CommandRun.InProcess("corpus", "manifest", folder["data"], "-o", folder["recordings.jsonl"]).Ended(0);
        CommandRun.InProcess("corpus", "manifest", folder["recordings.jsonl"], "-o", folder["list.jsonl"], "--format", "items").Ended(0);
        CommandRun.InProcess("corpus", "manifest", folder["list.jsonl"], "-o", folder["again"]).Ended(0);
        Assert.Equal(items, KaldiDirectory.Read(folder["again"]));
        CommandRun.InProcess("corpus", "manifest", folder["again/wav.scp"], "-o", folder["third"], "--format", "kaldi").Ended(0);
        Assert.Equal(items, KaldiDirectory.Read(folder["third"]));
    }

    [Theory]
    [InlineData("kaldi", "lists/data")]
    [InlineData("lhotse", "lists/recordings.jsonl")]
    [InlineData("items", "lists/items.jsonl")]
    public void Manifest_WithRelativePaths_IsFoundAfterAMove(string format, string name)
    {
        using var folder = Corpus();
        CommandRun.InProcess("corpus", "manifest", folder["corpus"], "-o", folder[name], "--format", format, "--relative").Ended(0);
        Directory.CreateDirectory(folder["moved"]);
        Directory.Move(folder["corpus"], folder["moved/corpus"]);
        Directory.Move(folder["lists"], folder["moved/lists"]);
        Assert.All(ManifestFile.Read(folder["moved/" + name]), item => Assert.True(File.Exists(item.Path), item.Path));
    }

    [Fact]
    public void Manifest_ForLhotseWithBrokenRecordings_LeavesThemOutAndEndsWithOne()
    {
        using var folder = Corpus();
        folder.Write("corpus/ben/broken.wav", [1, 2, 3]);
        var run = CommandRun.InProcess("corpus", "manifest", folder["corpus"], "-o", folder["recordings.jsonl"]).Ended(1);
        Assert.Contains("warning: left out: " + folder["corpus/ben/broken.wav"], run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains("3 recordings listed, 1 left out", run.ErrorLines[1], StringComparison.Ordinal);
        Assert.Equal(3, LhotseManifest.Read(folder["recordings.jsonl"]).Count());
    }

    [Fact]
    public void Manifest_OfWhatIsNone_IsRefused()
    {
        using var folder = Corpus();
        folder.Write("data/wav.scp", "a sox x.wav -t wav - |\n"u8.ToArray());
        folder.Write("empty/readme.txt", [1]);
        folder.Write("clash/a.wav", [1]);
        folder.Write("clash/a.flac", [1]);
        Assert.Contains("it is code", Manifest("data").Refused(3), StringComparison.Ordinal);
        Assert.Contains("no recordings", Manifest("empty").Refused(3), StringComparison.Ordinal);
        Assert.Contains("no such", Manifest("missing").Refused(4), StringComparison.Ordinal);
        Assert.Contains("would both be 'a'", Manifest("clash").Refused(3), StringComparison.Ordinal);
        Assert.Contains(
            "standard output",
            CommandRun.InProcess("corpus", "manifest", folder["corpus"], "-o", "-").Refused(2),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'csv'",
            CommandRun.InProcess("corpus", "manifest", folder["corpus"], "-o", "x", "--format", "csv").Refused(2),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(folder["out"]));

        CommandRun Manifest(string name) => CommandRun.InProcess("corpus", "manifest", folder[name], "-o", folder["out"]);
    }

    private static ScratchFolder Corpus()
    {
        var folder = new ScratchFolder();
        foreach (var name in (string[])["corpus/top.wav", "corpus/anna/1.wav", "corpus/anna/\"2\" \u00e9.wav"])
            WaveFile.Write(folder[name], Tones.PulseTrain(100, 8000, 0.5));
        return folder;
    }
}
