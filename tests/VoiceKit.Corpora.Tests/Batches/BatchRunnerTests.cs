using VoiceKit.Audio;
using VoiceKit.Batches;
using VoiceKit.Corpora;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Batches;

public class BatchRunnerTests
{
    [Fact]
    public void Run_Tree_IsMirroredAndNotedAndNothingIsDoneTwice()
    {
        using var batch = new BatchScratch("a.wav", "s/b.wav", "s/t/c d.wav");
        var end = batch.Run(new CountingTask());
        Assert.Equal((3, 3, 0, 0), (end.Total, end.Done, end.Skipped, end.Failed));
        Assert.Equal(["a.txt", "s/b.txt", "s/t/c d.txt"], batch.Outputs);
        Assert.Equal("400", File.ReadAllText(Path.Combine(batch.Output, "s/b.txt")));
        var again = new CountingTask();
        Assert.Equal((0, 3), (batch.Run(again).Done, batch.Run(again).Skipped));
        Assert.Empty(again.Worked);
        Assert.Equal(3, batch.JournalLines().Length);
    }

    [Fact]
    public void Run_ChangedParameterInputOrOutput_RedoesExactlyWhatItTouches()
    {
        using var batch = new BatchScratch("a.wav", "b.wav", "c.wav", "d.wav");
        batch.Run(new CountingTask("x"));
        batch.Sound("b.wav", length: 500);
        File.WriteAllText(Path.Combine(batch.Output, "c.txt"), "000");
        File.Delete(Path.Combine(batch.Output, "d.txt"));
        var task = new CountingTask("x");
        batch.Run(task);
        Assert.Equal(["b", "c", "d"], task.Worked);
        Assert.Equal("500x", File.ReadAllText(Path.Combine(batch.Output, "b.txt")));
        var other = new CountingTask("y");
        batch.Run(other);
        Assert.Equal(["a", "b", "c", "d"], other.Worked);
        batch.Sound("new.wav");
        File.Delete(Path.Combine(batch.Input, "a.wav"));
        other = new CountingTask("y");
        Assert.Equal((4, 1), (batch.Run(other).Total, other.Worked.Length));
    }

    [Fact]
    public void Run_InputOfTheSameSizeWithOtherContentAndAnOldTime_IsDoneAgain()
    {
        using var batch = new BatchScratch("a.wav");
        batch.Run(new CountingTask());
        File.SetLastWriteTimeUtc(batch.Sound("a.wav", seed: 9), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var task = new CountingTask();
        batch.Run(task);
        Assert.Equal(["a"], task.Worked);
    }

    [Fact]
    public void Run_InputAndOutputOnlyTouched_AreSkippedAndTheInputIsNotedAnew()
    {
        using var batch = new BatchScratch("a.wav");
        batch.Run(new CountingTask());
        foreach (var path in (string[])[Path.Combine(batch.Input, "a.wav"), Path.Combine(batch.Output, "a.txt")])
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(1));
        var task = new CountingTask();
        Assert.Equal(1, batch.Run(task).Skipped);
        Assert.Equal(1, batch.Run(task).Skipped);
        Assert.Empty(task.Worked);
        Assert.Equal(2, batch.JournalLines().Length);
    }

    [Fact]
    public void Run_SomeBroken_GoesOnListsThemAndTriesThemAgain()
    {
        using var batch = new BatchScratch("a.wav", "b.wav", "c.wav");
        File.WriteAllText(Path.Combine(batch.Input, "b.wav"), "no\taudio");
        File.WriteAllBytes(Path.Combine(batch.Input, "c.wav"), WaveBytes.File(WaveBytes.Format(), []));
        var end = batch.Run(new CountingTask());
        Assert.Equal((1, 2), (end.Done, end.Failed));
        var failed = Path.Combine(batch.Output, ".voicekit", "failed.tsv");
        Assert.Equal(["b", "c"], File.ReadAllLines(failed).Select(line => line.Split('\t')[0]));
        Assert.Contains("empty", File.ReadAllLines(failed)[1], StringComparison.Ordinal);
        var again = new CountingTask();
        end = batch.Run(again);
        Assert.Equal((0, 1, 2), (end.Done, end.Skipped, end.Failed));
        batch.Sound("b.wav");
        batch.Sound("c.wav");
        batch.Run(again);
        Assert.Equal(["b", "c"], again.Worked);
        Assert.False(File.Exists(failed));
    }

    [Fact]
    public void Run_RetryFailed_WorksOnNothingElse()
    {
        using var batch = new BatchScratch("a.wav", "b.wav");
        File.WriteAllText(Path.Combine(batch.Input, "b.wav"), "no audio");
        batch.Run(new CountingTask());
        batch.Sound("b.wav");
        batch.Sound("c.wav");
        batch.Sound("a.wav", length: 500);
        var task = new CountingTask();
        batch.Run(task, options: new BatchOptions { RetryFailed = true });
        Assert.Equal(["b"], task.Worked);
        batch.Run(task);
        Assert.Equal(["a", "b", "c"], task.Worked);
    }

    [Fact]
    public void Run_FailFast_StopsAtTheFirst()
    {
        using var batch = new BatchScratch([.. Enumerable.Range(0, 50).Select(i => $"{i:00}.wav")]);
        File.WriteAllText(Path.Combine(batch.Input, "00.wav"), "no audio");
        var end = batch.Run(new CountingTask { Before = _ => Thread.Sleep(5) }, options: new BatchOptions { Jobs = 1, FailFast = true });
        Assert.Equal((0, 1), (end.Done, end.Failed));
    }

    [Fact]
    public void Run_BugInATask_FailsThatItemAlone()
    {
        using var batch = new BatchScratch("a.wav", "b.wav");
        var end = batch.Run(new CountingTask { Before = input => _ = input.Name == "a" ? throw new NotSupportedException("oops") : 0 });
        Assert.Equal((1, 1), (end.Done, end.Failed));
        Assert.Contains("bug", File.ReadAllText(Path.Combine(batch.Output, ".voicekit", "failed.tsv")), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_InputChangedMeanwhile_FailsTheItem()
    {
        using var batch = new BatchScratch("a.wav");
        var end = batch.Run(new CountingTask { Before = _ => batch.Sound("a.wav", length: 700) });
        Assert.Equal((0, 1), (end.Done, end.Failed));
        Assert.Empty(batch.Outputs);
        Assert.Equal(1, batch.Run(new CountingTask()).Done);
    }

    [Fact]
    public void Run_Stopped_AbandonsWhatDoesNotEndAndGoesOnThere()
    {
        using var batch = new BatchScratch([.. Enumerable.Range(0, 6).Select(i => $"{i}.wav")]);
        using var stop = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        var task = new CountingTask
        {
            Before = input =>
            {
                if (input.Name != "2")
                    return;
                stop.Cancel();
                release.Wait();
            },
        };
        Assert.Throws<OperationCanceledException>(() =>
            batch.Run(task, options: new BatchOptions { Jobs = 1, Grace = TimeSpan.FromMilliseconds(50) }, cancellation: stop.Token)
        );
        release.Set();
        Assert.Equal(["0.txt", "1.txt"], batch.Outputs);
        var next = new CountingTask();
        Assert.Equal((4, 2), (batch.Run(next).Done, 6 - next.Worked.Length));
        Assert.Equal(["2", "3", "4", "5"], next.Worked);
        Assert.Empty(batch.Leftovers);
    }

    [Fact]
    public void Run_FewerPiecesThanBefore_RemovesTheOldOnes()
    {
        using var batch = new BatchScratch("a.wav");
        batch.Run(new CountingTask("x", makesPieces: true) { Pieces = 3 });
        Assert.Equal(["a_0001.txt", "a_0002.txt", "a_0003.txt"], batch.Outputs);
        batch.Run(new CountingTask("y", makesPieces: true) { Pieces = 1 });
        Assert.Equal(["a_0001.txt"], batch.Outputs);
    }

    [Fact]
    public void Run_PartsOfAFile_AreItemsOfTheirOwn()
    {
        using var batch = new BatchScratch("a.wav");
        CorpusItem Part(string id, double start, double end) =>
            new(id, Path.Combine(batch.Input, "a.wav")) { Segment = new TimeSegment(start, end) };
        batch.Run(new CountingTask(), items: [Part("u1", 0, 0.01), Part("u2", 0.01, 0.02)]);
        Assert.Equal("160", File.ReadAllText(Path.Combine(batch.Output, "u2.txt")));
        var task = new CountingTask();
        batch.Run(task, items: [Part("u1", 0, 0.01), Part("u2", 0.01, 0.025)]);
        Assert.Equal(["u2"], task.Worked);
    }

    [Fact]
    public void RunOnce_SomeInputsBad_DoesTheOthersWithoutAJournal()
    {
        using var batch = new BatchScratch("a.wav", "b.wav");
        File.WriteAllText(Path.Combine(batch.Input, "c.wav"), "no audio");
        var (failed, shown) = (new List<string>(), new ProgressList<BatchProgress>());
        var task = new CountingTask();
        var end = BatchRunner.RunOnce(
            batch.Output,
            [.. CorpusFolder.List(batch.Input)],
            task.Process,
            new BatchOptions { Jobs = 2 },
            new BatchEvents { Failed = failed.Add, Progress = shown }
        );
        Assert.Equal((3, 2, 1), (end.Total, end.Done, end.Failed));
        Assert.Equal(["a.txt", "b.txt"], batch.Outputs);
        Assert.False(Directory.Exists(Path.Combine(batch.Output, ".voicekit")));
        Assert.Contains("c.wav", Assert.Single(failed), StringComparison.Ordinal);
        Assert.Equal(3, shown[^1].Done + shown[^1].Failed);
        Assert.Empty(batch.Leftovers);

        // Nothing is remembered: the same again does it all again.
        Assert.Equal(2, BatchRunner.RunOnce(batch.Output, [.. CorpusFolder.List(batch.Input)], task.Process, new BatchOptions()).Done);
    }

    [Fact]
    public void RunOnce_RecordingWithWarnings_TellsThemWithTheItem()
    {
        using var batch = new BatchScratch("a.wav", "b.wav");
        WaveFile.Write(Path.Combine(batch.Input, "silent.wav"), new Waveform(new double[400], 16000));
        var warned = new List<string>();
        var events = new BatchEvents { Warned = (item, warnings) => warned.Add($"{item.Id}: {warnings.Count}") };
        BatchRunner.RunOnce(
            batch.Output,
            [.. CorpusFolder.List(batch.Input)],
            new CountingTask().Process,
            new BatchOptions { Jobs = 1 },
            events
        );
        Assert.Equal(["silent: 1"], warned);
    }

    [Fact]
    public void Run_PartThatWasKilled_LeavesNothingBehindAfterARunOfTheWhole()
    {
        using var batch = new BatchScratch("a.wav");
        var left = Directory.CreateDirectory(Path.Combine(batch.Output, ".voicekit", "tmp-00001-of-00003")).FullName;
        File.WriteAllText(Path.Combine(left, "half.tmp"), "half");
        batch.Run(new CountingTask(), Shard.Parse("2/3"));
        Assert.True(Directory.Exists(left), "another part may be at work");
        batch.Run(new CountingTask());
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void RunOnce_Stopped_LeavesNothingOfWhatWasAbandoned()
    {
        using var batch = new BatchScratch("0.wav", "1.wav");
        using var stop = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        Assert.Throws<OperationCanceledException>(() =>
            BatchRunner.RunOnce(
                batch.Output,
                [.. CorpusFolder.List(batch.Input)],
                (input, outputs, _, _) =>
                {
                    outputs.Write(".txt", stream => stream.WriteByte(1));
                    if (input.Name != "1")
                        return;
                    stop.Cancel();
                    release.Wait(CancellationToken.None);
                },
                new BatchOptions { Jobs = 1, Grace = TimeSpan.FromMilliseconds(50) },
                cancellation: stop.Token
            )
        );
        Assert.Equal(["0.txt"], Directory.GetFileSystemEntries(batch.Output).Select(Path.GetFileName));
        release.Set();
    }
}
