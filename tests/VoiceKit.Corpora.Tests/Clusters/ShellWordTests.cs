using System.Diagnostics;
using System.Text;
using VoiceKit.Clusters;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Clusters;

public class ShellWordTests
{
    [LinuxFact]
    public void Quote_AwkwardWords_AreReadBackByBash()
    {
        string[] words =
        [
            "",
            " ",
            "a b",
            "'",
            "''",
            "a'b",
            "\"",
            "\\",
            "\\'",
            "-n",
            "--",
            "-e",
            "line\nbreak",
            "\n",
            "\ttab\r",
            "$HOME",
            "`id`",
            "$(id)",
            "*",
            "?",
            "[a]",
            "~",
            "~root",
            "a#b",
            "#",
            "!",
            "!!",
            "&",
            ";",
            "|",
            "<>",
            "(",
            "{1..3}",
            "a=b",
            "=ls",
            "%",
            "é語\U0001D11E",
            "\u0001",
            "\u001b[0m",
            "/plain/path-1.wav",
        ];
        Assert.Equal(words, ReadBack("printf '%s\\0' " + string.Join(' ', words.Select(ShellWord.Quote))));
    }

    [LinuxFact]
    public void Quote_EveryCharacter_IsReadBackByBash()
    {
        var words = Enumerable.Range(1, 0x17F).Select(code => $"{(char)code}x{(char)code}").ToArray();
        Assert.Equal(words, ReadBack("printf '%s\\0' " + string.Join(' ', words.Select(ShellWord.Quote))));
    }

    [Fact]
    public void Quote_Nul_IsRefused() => Assert.Throws<ArgumentException>(() => ShellWord.Quote("a\0b"));

    [Fact]
    public void Quote_OrdinaryPath_StaysReadable() => Assert.Equal("/data/anna_01-a.wav", ShellWord.Quote("/data/anna_01-a.wav"));

    private static string[] ReadBack(string script)
    {
        using var process = Process.Start(
            new ProcessStartInfo("/bin/bash") { RedirectStandardInput = true, RedirectStandardOutput = true }
        )!;
        process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(script));
        process.StandardInput.Close();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return Encoding.UTF8.GetString(output.ToArray()).Split('\0')[..^1];
    }
}
