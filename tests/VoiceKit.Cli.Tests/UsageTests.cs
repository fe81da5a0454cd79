using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public class UsageTests
{
    public static readonly TheoryData<string> Verbs = ["analyze", "synthesize", "train", "convert", "evaluate", "info", "demo"];

    public static readonly TheoryData<string, string> WrongLines = new()
    {
        { "", "Required command" },
        { "frobnicate", "frobnicate" },
        { "convert", "--model" },
        { "convert a.wav -m m -o b.wav --nonsense", "--nonsense" },
        { "analyze a.wav -x -o b.npz", "-x" },
        { "convert a.wav -m m -o b.wav --gv wild", "scaling" },
        { "convert a.wav -m m -o b.wav --bits 12", "24" },
        { "convert a.wav -m m -o b.wav --jobs 0", "--jobs" },
        { "convert a.wav -m m -o b.wav --jobs many", "--jobs" },
        { "convert a.wav -m m -o b.wav --differential --f0 proportional", "--differential" },
        { "convert a.wav -m m -o ./a.wav", "replaced" },
        { "convert a.wav b.wav -m m -o -", "several inputs" },
        { "convert a.wav b.wav -m m -o c.wav", "several inputs" },
        { "convert - b.wav -m m -o out", "standard input" },
        { "convert x/a.wav y/a.wav -m m -o out", "both be written" },
        { "train --source a", "--target" },
        { "train --source a --target a/ -o m", "same folder" },
        { "train --source a --target b -o m --mixtures 0", "--mixtures 0" },
        { "train --source a --target b -o m --mixtures some", "--mixtures some" },
        { "train --source a --target b -o m --limit 1", "--limit" },
        { "train --source a --target b -o m --passes 0", "--passes" },
        { "train --source a --target b -o m --source-f0-range 400-60", "400-60" },
        { "analyze a.wav", "--output" },
        { "analyze a.wav -o a.npz --frame-period NaN", "--frame-period" },
        { "analyze a.wav -o a.npz --frame-period 0.1", "--frame-period" },
        { "analyze a.wav -o a.npz --f0-range 100", "LOW HIGH" },
        { "analyze a.wav -o a.npz --order 0", "--order 0" },
        { "analyze a.wav -o a.npz --f0-method reaper", "reaper" },
        { "synthesize", "IN" },
        { "evaluate --target b", "--converted" },
        { "evaluate --target b --converted c -m m", "--converted" },
        { "evaluate --target b -m m", "--source" },
        { "evaluate --target b --converted c --skip -1", "--skip -1" },
        { "evaluate --target b --converted c --limit 0", "--limit 0" },
        { "info", "MODEL" },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_EveryVerb_ShowsAnExample(string verb)
    {
        var run = CommandRun.InProcess(verb, "--help").Ended(0);
        Assert.Contains($"  voicekit {verb}", run.Output, StringComparison.Ordinal);
        Assert.Contains("--verbose", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void Help_Root_NamesEveryVerb()
    {
        var run = CommandRun.InProcess("--help").Ended(0);
        foreach (var verb in Verbs)
            Assert.Contains($"  {verb.Data}", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WrongLines))]
    public void Run_WrongLine_Exits2WithOneLineThatNamesTheFault(string line, string fault)
    {
        var reason = CommandRun.InProcess(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Refused(2);
        Assert.Contains(fault, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NameThatLooksLikeAnOptionAfterTwoDashes_IsAName() =>
        Assert.Contains("--odd: there is no such file", CommandRun.InProcess("info", "--", "--odd").Refused(4), StringComparison.Ordinal);

    [Fact]
    public void Run_EmptyArgument_Exits2() =>
        Assert.Contains("empty", CommandRun.InProcess("convert", "a.wav", "-m", "", "-o", "b.wav").Refused(2), StringComparison.Ordinal);

    [Fact]
    public void Run_AtSign_IsAFileNameAndNoResponseFile() =>
        Assert.Contains("@list: there is no such file", CommandRun.InProcess("info", "@list").Refused(4), StringComparison.Ordinal);

    [Fact]
    public void Run_Verbose_AddsTheStackTrace()
    {
        var run = CommandRun.InProcess("-v", "info", "no-such-model").Ended(4);
        Assert.Contains("FileNotFoundException", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("voicekit: no-such-model: there is no such file", run.ErrorLines[0], StringComparison.Ordinal);
    }
}
