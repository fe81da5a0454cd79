using System.Diagnostics;
using System.Text;
using VoiceKit.Audio;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>What a corpus may hold besides recordings, and how recordings may be named.</summary>
[Collection("Command line")]
public class BatchNamesTests
{
    private static readonly string[] Odd =
    [
        "with space",
        "\u00fc\u4e2d\ud83c\udfb5",
        "it's \"quoted\"",
        "-dash",
        "new\nline",
        "tab\there",
        "back\\slash",
        "a.b.c",
        "$(reboot)",
        "semi;colon",
        "percent%20",
        "#",
        "~",
        "*",
        "[x]",
        "CON",
    ];

    [LinuxFact]
    public void Names_OfAllKinds_AreMirroredFromAFolderAndFromLists()
    {
        using var batch = new BatchScratch([.. Odd.Select(name => $"{name}/{name}.wav")]);
        var expected = Odd.Select(name => $"{name}/{name}.wav").Order(StringComparer.Ordinal).ToArray();
        CommandRun.InProcess("batch", "prepare", batch.Input, "-o", batch.Output, "--loudness", "keep").Ended(0);
        Assert.Equal(expected, batch.Outputs);
        Assert.Contains(
            $"0 done, {Odd.Length} as they were",
            CommandRun.InProcess("batch", "prepare", batch.Input, "-o", batch.Output, "--loudness", "keep").Ended(0).Error,
            StringComparison.Ordinal
        );
        CommandRun.InProcess("batch", "verify", batch.Output).Ended(0);

        File.WriteAllText(batch["list"], string.Concat(expected.Select(name => name + "\0")));
        CommandRun
            .InProcess("batch", "prepare", batch.Input, "-o", batch["listed"], "--loudness", "keep", "--files-from", batch["list"], "-0")
            .Ended(0);
        Assert.All(
            expected,
            name =>
                Assert.Equal(File.ReadAllBytes(Path.Combine(batch.Output, name)), File.ReadAllBytes(Path.Combine(batch["listed"], name)))
        );
    }

    [LinuxFact]
    public void FilesFrom_StandardInput_TakesLinesWithAndWithoutCarriageReturns()
    {
        using var batch = new BatchScratch("a.wav", "b.wav", "c.wav");
        var list = Encoding.UTF8.GetBytes($"a.wav\r\n\n./b.wav\n{batch["in/c.wav"]}");
        var (code, _, error) = CommandRun.Program(list, "batch", "prepare", batch.Input, "-o", batch.Output, "--files-from", "-");
        Assert.True(code == 0, error);
        Assert.Equal(["a.wav", "b.wav", "c.wav"], batch.Outputs);
    }

    [LinuxFact]
    public void FilesFrom_PathsThatLeadOut_AreRefused()
    {
        using var batch = new BatchScratch("a.wav");
        File.WriteAllText(batch["list"], "../../in/a.wav\n");
        Assert.Contains(
            "..",
            CommandRun.InProcess("batch", "prepare", batch["in"], "-o", batch.Output, "--files-from", batch["list"]).Refused(3),
            StringComparison.Ordinal
        );
        Assert.Empty(batch.Outputs);
    }

    [LinuxFact]
    public void NoRecordings_PipesFoldersAndLoops_AreSaidAndNeverWaitedOn()
    {
        using var batch = new BatchScratch("good.wav", "folder.wav/inner.wav");
        foreach (
            var line in (string[])
                [
                    "mkfifo pipe.wav",
                    "ln -s . loop",
                    "ln -s loop1.wav loop2.wav",
                    "ln -s loop2.wav loop1.wav",
                    "ln -s /nowhere dangling.wav",
                    "ln -s good.wav link.wav",
                    "ln -s /dev/zero zero.wav",
                ]
        )
        {
            using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", line]) { WorkingDirectory = batch.Input })!;
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }

        var run = CommandRun.InProcess("batch", "prepare", batch.Input, "-o", batch.Output).Ended(1);
        Assert.Equal(["folder.wav/inner.wav", "good.wav", "link.wav"], batch.Outputs);
        var failed = File.ReadAllLines(Path.Combine(batch.Output, ".voicekit", "failed.tsv"))
            .Select(line => line.Split('\t'))
            .ToDictionary(line => line[0], line => line[2]);
        Assert.Equal(["dangling", "loop1", "loop2", "pipe", "zero"], failed.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("named pipe", failed["pipe"], StringComparison.Ordinal);
        Assert.Contains("device", failed["zero"], StringComparison.Ordinal);
        Assert.Contains("5 failed", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void BrokenFiles_EachOfThem_FailOrPassAsTheReaderJudges()
    {
        using var batch = new BatchScratch();
        var cases = BadWaveFiles.All.ToArray();
        foreach (var item in cases)
            File.WriteAllBytes(Path.Combine(batch.Input, item.Name + ".wav"), item.Bytes);
        CommandRun.InProcess("batch", "analyze", batch.Input, "-o", batch.Output, "--f0-method", "dio").Ended(1);
        var done = batch.Outputs.Select(name => Path.ChangeExtension(name, null)).ToHashSet();
        var failed = File.ReadAllLines(Path.Combine(batch.Output, ".voicekit", "failed.tsv"))
            .ToDictionary(line => line.Split('\t')[0], line => line.Split('\t')[2]);
        Assert.All(
            cases,
            item =>
            {
                Assert.True(done.Contains(item.Name) != failed.ContainsKey(item.Name), item.Name);
                if (
                    item.Verdict == Verdict.Reject
                    && Record.Exception(() => AudioFile.Read(Path.Combine(batch.Input, item.Name + ".wav"))) is not null
                )
                    Assert.Contains(item.Name, failed.Keys);
                if (item.Verdict == Verdict.Accept)
                    Assert.Contains(item.Name, done);
            }
        );
        Assert.DoesNotContain(failed.Values, reason => reason.Contains("bug", StringComparison.Ordinal));
    }
}
