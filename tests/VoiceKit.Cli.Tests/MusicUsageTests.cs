using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public class MusicUsageTests
{
    public static readonly TheoryData<string, string> WrongLines = new()
    {
        { "", "Required command" },
        { "compose", "compose" },
        { "generate extra", "extra" },
        { "generate --count 0", "--count 0" },
        { "generate --count 100001", "--count 100001" },
        { "generate --count many", "--count" },
        { "generate --seed -1", "--seed" },
        { "generate --seed 99999999999999999999", "--seed" },
        { "generate --bars 0", "--bars 0" },
        { "generate --bars 1001", "--bars 1001" },
        { "generate --tempo 9", "--tempo 9: give a number from 10 to 400" },
        { "generate --tempo NaN", "--tempo NaN" },
        { "generate --tempo fast", "--tempo" },
        { "generate --temperature -0.1", "--temperature -0.1" },
        { "generate --temperature 11", "--temperature 11" },
        { "generate --key H", "--key H: give a key such as" },
        { "generate --key Cx", "--key Cx" },
        { "generate --key m", "--key m" },
        { "generate --program 128", "--program 128" },
        { "generate --format mp3", "--format mp3: give some of mid, wav, png" },
        { "generate --format ,", "--format ," },
        { "generate --interpolate 1", "--interpolate" },
        { "generate --interpolate 1 2 3", "3" },
        { "generate --interpolate a b", "--interpolate" },
        { "generate --interpolate 1 2 --count 3", "leave out --count" },
        { "generate --interpolate 1 2 --seed 3", "leave out --count, --seed" },
        { "generate --interpolate 1 2 --bars 3", "--bars" },
        { "generate --interpolate 1 2 --steps 1", "--steps 1" },
        { "generate --melody a.mid --key C", "--melody sets the length, the key" },
        { "generate --melody a.mid --bars 2", "--melody sets" },
        { "generate --melody a.mid --interpolate 1 2", "--melody sets" },
        { "train -o m", "--midi" },
        { "train --midi a", "--output" },
        { "train --midi a -o m --steps 0", "--steps 0" },
        { "train --midi a -o m --batch 12", "--batch 12: give a multiple of 8" },
        { "train --midi a -o m --batch 0", "--batch 0" },
        { "train --midi a -o m --channels 6", "--channels 6: give a multiple of 4" },
        { "train --midi a -o m --voices 16", "--voices 16" },
        { "train --midi a -o m --beats 17", "--beats 17" },
        { "train --midi a -o m --grid 0", "--grid 0" },
        { "train --midi a -o m --threads -1", "--threads -1" },
        { "train --midi a -o m --checkpoint-every 0", "--checkpoint-every 0" },
        { "inspect", "IN" },
        { "inspect a.mid --steps 10", "a bar of 4 beats needs a multiple of 4" },
        { "inspect a.mid --bars -1", "--bars -1" },
        { "inspect a.mid --beats 0", "--beats 0" },
    };

    [Theory]
    [MemberData(nameof(WrongLines))]
    public void Music_WrongLine_Exits2WithOneLineThatNamesTheFault(string line, string fault)
    {
        var reason = CommandRun.InProcess(["music", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Refused(2);
        Assert.Contains(fault, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("train")]
    [InlineData("inspect")]
    public void Help_EveryVerb_ShowsAnExampleAndIsNamedByMusic(string verb)
    {
        var run = CommandRun.InProcess("music", verb, "--help").Ended(0);
        Assert.Contains($"  voicekit music {verb}", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
        Assert.Contains($"  {verb}", CommandRun.InProcess("music", "--help").Ended(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_Music_ShowsExamplesAndIsNamedByTheRoot()
    {
        var run = CommandRun.InProcess("music", "--help").Ended(0);
        Assert.Contains("  voicekit music generate", run.Output, StringComparison.Ordinal);
        Assert.Contains("  voicekit music train --midi", run.Output, StringComparison.Ordinal);
        Assert.Contains("  music", CommandRun.InProcess("--help").Ended(0).Output, StringComparison.Ordinal);
    }
}
