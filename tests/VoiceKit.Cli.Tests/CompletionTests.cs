using System.Diagnostics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>Completion scripts and the manual page.</summary>
[Collection("Command line")]
public class CompletionTests
{
    [Theory]
    [InlineData("voicekit con", "convert")]
    [InlineData("voicekit convert --map", "--mapping")]
    [InlineData("voicekit convert --mapping tra", "trajectory")]
    [InlineData("voicekit batch ana", "analyze")]
    public void Suggest_StartOfAWord_IsCompleted(string line, string expected)
    {
        var run = CommandRun.InProcess($"[suggest:{line.Length}]", line).Ended(0);
        Assert.Equal(expected, run.Output.Trim());
    }

    /// <summary>The script runs in a real bash, with a function in place of the program.</summary>
    [LinuxFact]
    public void Completion_Bash_FillsInWhatTheProgramSuggests()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["completion"], CommandRun.InProcess("completion", "bash").Ended(0).Output);
        const string script = """
            source "$1"
            voicekit() { [ "$1" = "[suggest:12]" ] && [ "$2" = "voicekit con" ] && echo convert; }
            COMP_LINE="voicekit con"; COMP_POINT=12; COMP_WORDS=(voicekit con); COMP_CWORD=1
            _voicekit
            echo "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(
            new ProcessStartInfo("bash", ["-c", script, "bash", folder["completion"]]) { RedirectStandardOutput = true }
        )!;
        Assert.Equal("convert", bash.StandardOutput.ReadToEnd().Trim());
        bash.WaitForExit();
    }

    [Theory]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete -c voicekit")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Completion_OtherShells_UseTheirOwnWay(string shell, string expected) =>
        Assert.Contains(expected, CommandRun.InProcess("completion", shell).Ended(0).Output, StringComparison.Ordinal);

    [Fact]
    public void Completion_UnknownShell_IsAUsageError() =>
        Assert.Contains("tcsh", CommandRun.InProcess("completion", "tcsh").Refused(2), StringComparison.Ordinal);

    [Fact]
    public void Man_Page_HasEachVerbAndOption()
    {
        var page = CommandRun.InProcess("man").Ended(0).Output;
        Assert.StartsWith(".TH VOICEKIT 1", page, StringComparison.Ordinal);
        foreach (var verb in new[] { "convert", "music generate", "batch submit analyze", "completion" })
            Assert.Contains($"\n.SH voicekit {verb}\n", page, StringComparison.Ordinal);
        Assert.Contains("\\fB\\-\\-mapping\\fR", page, StringComparison.Ordinal);
        Assert.DoesNotContain(".SH voicekit train\\-worker", page, StringComparison.Ordinal);
    }
}
