using VoiceKit.Cli;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>What is said to people leads on.</summary>
[Collection("Command line")]
public class HintTests
{
    [Theory]
    [InlineData("convrt", "there is no verb 'convrt': did you mean convert? (voicekit --help")]
    [InlineData("music genrate", "there is no verb 'music genrate': did you mean generate? (voicekit music --help")]
    [InlineData("convrt -m m a.wav -o b.wav", "there is no verb 'convrt': did you mean convert? (voicekit --help")]
    [InlineData("corpus prepar in -o out", "there is no verb 'corpus prepar': did you mean prepare?")]
    [InlineData("music genrate --count 1 -o m", "did you mean generate?")]
    [InlineData("batch anlyze", "did you mean analyze? (voicekit batch --help")]
    [InlineData("frobnicate", "there is no verb 'frobnicate' (voicekit --help")]
    [InlineData("music generate --seed x", "--seed x: give a whole number such as 7, not negative (voicekit music generate --help")]
    [InlineData("convert a.wav -m m -o b.wav --diferential", "there is no option '--diferential': did you mean --differential?")]
    [InlineData("corpus check x --jsno", "did you mean --json? (voicekit corpus check --help")]
    [InlineData("batch submit analyze x -o y --shrads 3", "did you mean --shards? (voicekit batch submit analyze --help")]
    public void Run_Misspelt_SaysWhatWasMeantAndWhereHelpIs(string line, string words)
    {
        var reason = CommandRun.InProcess(line.Split(' ')).Refused(2);
        Assert.Contains(words, reason, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Nullable", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FileForAFolder_SaysSo()
    {
        using var folder = new VoiceFolder();
        var file = folder.Speech("a.wav");
        Rolls.Choir(1, 192).WriteMidi(folder["a.mid"]);
        string[][] lines =
        [
            ["train", "--source", file, "--target", TrainedVoice.TargetFolder, "-o", folder["m"]],
            ["evaluate", "--converted", TrainedVoice.SourceFolder, "--target", file],
            ["music", "train", "--midi", folder["a.mid"], "-o", folder["m"]],
        ];
        Assert.All(
            lines,
            line => Assert.Contains("this is a file; a folder", CommandRun.InProcess(line).Refused(3), StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Train_RecordingsOneFolderDeeper_SaysWhere()
    {
        using var folder = new VoiceFolder();
        folder.Corpus("anna/wav", TrainedVoice.SourceFolder, "001");
        folder.Corpus("ben", TrainedVoice.TargetFolder, "001");
        var reason = CommandRun.InProcess("train", "--source", folder["anna"], "--target", folder["ben"], "-o", folder["m"]).Refused(3);
        Assert.Contains($"lie one folder deeper: did you mean {folder["anna/wav"]}?", reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Progress_WithoutATerminal_TellsTheTimeLeftInPlainLines()
    {
        using var error = new StringWriter();
        using var console = new CommandConsole(TextWriter.Null, error, default);
        console.Progress("learning", 0.1);
        Thread.Sleep(3200);
        console.Progress("learning", 0.5);
        console.Progress("learning", 0.6);
        var lines = error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal("  10 % learning", lines[0]);
        Assert.Matches("^  50 % learning, about [34] s left$", lines[1]);
    }

    [Fact]
    public void Train_Progress_AdvancesInPlainWordsAndEndsWithTheNextStep()
    {
        using var folder = new VoiceFolder();
        string[] names = ["001", "002", "003", "004", "005", "006"];
        folder.Corpus("a", TrainedVoice.SourceFolder, names);
        folder.Corpus("b", TrainedVoice.TargetFolder, names);
        string[] line =
        [
            "train",
            "--source",
            folder["a"],
            "--target",
            folder["b"],
            "-o",
            folder["m"],
            "--f0-method",
            "dio",
            "--iterations",
            "2",
        ];
        var run = CommandRun.InProcess(line).Ended(0);
        Assert.DoesNotContain("likelihood", run.Error, StringComparison.Ordinal);
        Assert.Contains(
            run.ErrorLines,
            text => text.Contains("6 sentences with", StringComparison.Ordinal) && text.Contains("are few", StringComparison.Ordinal)
        );
        Assert.Matches(
            @"^a test on \d of the sentences, unheard: the distance from the target fell from \d+\.\d to \d+\.\d dB; that is (good|fair|little)",
            run.ErrorLines[^2]
        );
        Assert.Equal($"next: voicekit convert -m {folder["m"]} new.wav -o new-converted.wav", run.ErrorLines[^1]);
        Assert.Contains("log-likelihood", CommandRun.InProcess([.. line, "-v"]).Ended(0).Error, StringComparison.Ordinal);
    }
}
