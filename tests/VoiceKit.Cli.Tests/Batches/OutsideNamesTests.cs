using VoiceKit.Batches;
using VoiceKit.Corpora;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Batches;

/// <summary>Nothing outside of the output folder is written or deleted, whatever its own files say and wherever its folders lead.</summary>
public class OutsideNamesTests
{
    [Theory]
    [InlineData("\"name\":\"a.txt\"", "\"name\":\"../victim.txt\"")]
    [InlineData("\"name\":\"a.txt\"", "\"name\":\"/VICTIM\"")]
    [InlineData("\"name\":\"a.txt\"", "\"name\":\"s/../../victim.txt\"")]
    [InlineData("\"name\":\"a.txt\"", "\"name\":\".voicekit/batch.json\"")]
    [InlineData("\"name\":\"a.txt\"", "\"name\":\"../victim.txt\",\"name\":\"a.txt\"")]
    [InlineData("\"item\":\"a\"", "\"item\":\"../a\"")]
    public void Run_JournalWithANameThatLeadsOut_IsRefusedWithItsLineAndDeletesNothing(string text, string other)
    {
        using var batch = new BatchScratch("a.wav", "b.wav");
        File.WriteAllText(batch["victim.txt"], "mine");
        batch.Run(new CountingTask("x"), options: new BatchOptions { Jobs = 1 });
        var journal = batch.JournalPath();
        var damaged = File.ReadAllText(journal)
            .Replace(text, other.Replace("/VICTIM", batch["victim.txt"], StringComparison.Ordinal), StringComparison.Ordinal);
        File.WriteAllText(journal, damaged);

        // Other parameters: what was written before would be deleted.
        var task = new CountingTask("y");
        var exception = Assert.Throws<BadFileException>(() => batch.Run(task));
        Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(journal)}: line [12]: the ", exception.Message);
        Assert.Empty(task.Worked);
        Assert.Equal("mine", File.ReadAllText(batch["victim.txt"]));
        Assert.Equal(damaged, File.ReadAllText(journal));
        Assert.Throws<BadFileException>(() => BatchStatus.Read(batch.Output));
        Assert.Throws<BadFileException>(() => BatchVerification.Run(batch.Output, 1, isQuick: false, (_, _) => { }));
        Assert.Contains(": line ", CommandRun.InProcess("batch", "status", batch.Output).Refused(3), StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Run_FolderThatIsALinkOutwards_FailsItsItemsAlone()
    {
        using var batch = new BatchScratch("a.wav", "s/b.wav", "t/c.wav");
        Directory.CreateDirectory(batch["elsewhere"]);
        Directory.CreateDirectory(Path.Combine(batch.Output, "real"));
        Directory.CreateSymbolicLink(Path.Combine(batch.Output, "s"), batch["elsewhere"]);
        Directory.CreateSymbolicLink(Path.Combine(batch.Output, "t"), "real");
        var end = batch.Run(new CountingTask());
        Assert.Equal((2, 1), (end.Done, end.Failed));
        Assert.Empty(Directory.GetFileSystemEntries(batch["elsewhere"]));
        Assert.True(File.Exists(Path.Combine(batch.Output, "real", "c.txt")));
        Assert.Contains("leads out", File.ReadAllText(Path.Combine(batch.Output, ".voicekit", "failed.tsv")), StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Run_OutputThatIsALink_ReplacesTheLinkAndKeepsItsTarget()
    {
        using var batch = new BatchScratch("a.wav", "b.wav");
        Directory.CreateDirectory(batch.Output);
        Directory.CreateDirectory(batch["folder"]);
        File.WriteAllText(batch["victim.txt"], "mine");
        File.CreateSymbolicLink(Path.Combine(batch.Output, "a.txt"), batch["victim.txt"]);
        Directory.CreateSymbolicLink(Path.Combine(batch.Output, "b.txt"), batch["folder"]);
        Assert.Equal(2, batch.Run(new CountingTask()).Done);
        Assert.Equal("mine", File.ReadAllText(batch["victim.txt"]));
        Assert.All((string[])["a.txt", "b.txt"], name => Assert.Null(new FileInfo(Path.Combine(batch.Output, name)).LinkTarget));
    }

    [LinuxFact]
    public void Run_StateFolderThatIsALinkOutwards_IsRefused()
    {
        using var batch = new BatchScratch("a.wav");
        Directory.CreateDirectory(batch.Output);
        Directory.CreateDirectory(batch["elsewhere"]);
        Directory.CreateSymbolicLink(Path.Combine(batch.Output, ".voicekit"), batch["elsewhere"]);
        Assert.Contains(
            "leads out",
            Assert.Throws<BadFileException>(() => batch.Run(new CountingTask())).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFileSystemEntries(batch["elsewhere"]));
    }

    [LinuxTheory]
    [InlineData("journal.jsonl")]
    [InlineData("lock")]
    [InlineData("slurm")]
    public void Run_StateFileThatIsALink_IsRefusedAndItsTargetIsKept(string name)
    {
        using var batch = new BatchScratch("a.wav");
        Directory.CreateDirectory(Path.Combine(batch.Output, ".voicekit"));
        File.WriteAllText(batch["victim.txt"], "mine");
        File.CreateSymbolicLink(Path.Combine(batch.Output, ".voicekit", name), batch["victim.txt"]);
        Assert.Contains(
            "this is a link",
            Assert.Throws<BadFileException>(() => batch.Run(new CountingTask())).Message,
            StringComparison.Ordinal
        );
        Assert.Equal("mine", File.ReadAllText(batch["victim.txt"]));
    }

    [LinuxFact]
    public void Run_InputThatIsReachedThroughALink_IsNotReplacedByItsResult()
    {
        using var folder = new VoiceFolder();
        var real = folder.Speech("real/a.wav");
        var bytes = File.ReadAllBytes(real);
        Directory.CreateSymbolicLink(folder["linked"], folder["real"]);
        File.CreateSymbolicLink(folder["b.wav"], real);
        foreach (
            var line in (string[][])
                [
                    ["corpus", "prepare", folder["linked"], "-o", folder["real"]],
                    ["convert", "-m", folder.Model, folder["linked/a.wav"], "-o", real],
                    ["convert", "-m", folder.Model, folder["b.wav"], "-o", real],
                    ["convert", "-m", folder.Model, folder["linked"], "-o", folder["real"]],
                ]
        )
            Assert.Contains("would be replaced", CommandRun.InProcess(line).Refused(2), StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(real));
    }

    [LinuxFact]
    public void TryTake_LockThatIsALink_IsRefusedAndMakesNothing()
    {
        using var folder = new ScratchFolder();
        File.CreateSymbolicLink(folder["lock"], folder["elsewhere"]);
        Assert.Contains(
            "this is a link",
            Assert.Throws<IOException>(() => FileLock.TryTake(folder["lock"])).Message,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(folder["elsewhere"]));
    }

    [Fact]
    public void Run_NameThatNoOutputCanHave_FailsAloneAndStaysInTheList()
    {
        using var batch = new BatchScratch("a.wav", "b.wav");
        CorpusItem[] items =
        [
            new("a", Path.Combine(batch.Input, "a.wav")),
            new(new string('x', 300), Path.Combine(batch.Input, "b.wav")),
            new("", Path.Combine(batch.Input, "b.wav")),
        ];
        var end = batch.Run(new CountingTask(), items: items);
        Assert.Equal((3, 1, 2), (end.Total, end.Done, end.Failed));
        Assert.Equal(["a.txt"], batch.Outputs);
        var failed = File.ReadAllLines(Path.Combine(batch.Output, ".voicekit", "failed.tsv"));
        Assert.Equal(2, failed.Length);
        Assert.Contains(failed, line => line.Contains("longer than", StringComparison.Ordinal));
        Assert.Contains(failed, line => line.Contains("it is empty", StringComparison.Ordinal));
        Assert.False(BatchVerification.Run(batch.Output, 1, isQuick: false, (_, _) => { }).IsComplete);
        Assert.Throws<BadFileException>(() => batch.Run(new CountingTask(), items: [new("../a", Path.Combine(batch.Input, "a.wav"))]));
    }

    [Fact]
    public void Run_SameFileTwice_IsTakenOnceAndAnotherOfItsNameIsAConflict()
    {
        using var batch = new BatchScratch("a.wav", "s/a.wav");
        var (one, other) = (Path.Combine(batch.Input, "a.wav"), Path.Combine(batch.Input, "s", "a.wav"));
        var task = new CountingTask();
        Assert.Equal(
            1,
            batch.Run(task, items: [new("a", one), new("a", Path.Combine(batch.Input, "s", "..", "a.wav")), new("a", one)]).Total
        );
        Assert.Equal(["a"], task.Worked);
        Assert.Throws<BatchConflictException>(() => batch.Run(new CountingTask(), items: [new("a", one), new("a", other)]));
        Assert.Throws<BatchConflictException>(() => batch.Run(new CountingTask(), items: [new("a", one), new("a", one) { Channel = 1 }]));
    }

    [LinuxFact]
    public void Run_FileNameThatIsNoUtf8_FailsAlone()
    {
        using var batch = new BatchScratch("a.wav");
        using (
            var shell = System.Diagnostics.Process.Start(
                "/bin/sh",
                ["-c", $"cp '{batch.Input}/a.wav' \"$(printf '{batch.Input}/\\377.wav')\""]
            )
        )
            shell.WaitForExit();
        Assert.Equal(2, Directory.GetFiles(batch.Input).Length);
        var run = CommandRun.InProcess("batch", "prepare", batch.Input, "-o", batch.Output, "--loudness", "keep").Ended(1);
        Assert.Contains("not UTF-8", run.Error, StringComparison.Ordinal);
        Assert.Equal(["a.wav"], batch.Outputs);

        // .NET cannot name the file, so it cannot delete it either.
        using var removal = System.Diagnostics.Process.Start("/bin/rm", ["-r", batch.Input]);
        removal.WaitForExit();
    }
}
