using System.Diagnostics;
using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Batches;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>What a batch survives: being killed, full and read-only disks, a second run, signals.</summary>
[Trait(SlowTests.Category, SlowTests.Slow)]
[Collection("Command line")]
public class BatchSurvivalTests
{
    [LinuxFact]
    public void Killed25Times_AnotherRun_EndsItWithNothingTornLostOrDoneTwice()
    {
        const int count = 300;
        using var batch = Corpus(count, 8000);
        string[] line = ["batch", "analyze", batch.Input, "-o", batch.Output, "--f0-method", "dio", "--jobs", "2"];
        var random = new Random(4);
        var whole = new Dictionary<string, int>();
        for (var kill = 0; kill < 25; kill++)
        {
            // Every other kill strikes while items are at work, the others at any moment from the start on.
            var length = JournalLength(batch);
            using var process = CommandRun.Start(line);
            var clock = Stopwatch.StartNew();
            while (kill % 2 == 0 && !process.HasExited && JournalLength(batch) == length && clock.Elapsed < TimeSpan.FromSeconds(20))
                Thread.Sleep(1);
            Thread.Sleep(random.Next(kill % 2 == 0 ? 60 : 600));
            process.Kill();
            process.WaitForExit();

            // What was whole after an earlier kill has not been done since, and what is there now is whole.
            var lines = DoneLines(batch);
            Assert.All(whole, item => Assert.Equal(item.Value, lines[item.Key]));
            foreach (var name in batch.Outputs)
                whole[Path.ChangeExtension(name, null)] = lines[Path.ChangeExtension(name, null)];
            RequireWhole(batch);
        }

        Assert.NotEmpty(whole);
        var (code, _, error) = CommandRun.Program([], line);
        Assert.True(code == 0, error);
        Assert.Equal(count, batch.Outputs.Length);
        var final = DoneLines(batch);
        Assert.All(whole, item => Assert.Equal(item.Value, final[item.Key]));
        RequireWhole(batch);
        Assert.Empty(batch.Leftovers);
        CommandRun.InProcess("batch", "verify", batch.Output).Ended(0);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"0 done, {count} as they were"),
            CommandRun.InProcess(line).Ended(0).Error,
            StringComparison.Ordinal
        );
    }

    [RootFact]
    public void DiskFull_StopsAtOnceWithExit4AndNoPartialFile()
    {
        using var batch = Corpus(200, 4000);
        using var disk = new Mount(batch.Output, "size=256k");
        var (code, _, error) = CommandRun.Program([], "batch", "prepare", batch.Input, "-o", batch.Output, "--jobs", "2");
        Assert.True(code == 4, $"{code}: {error}");
        Assert.Contains("No space left", error, StringComparison.Ordinal);
        Assert.DoesNotContain("failed:", error, StringComparison.Ordinal);
        Assert.InRange(batch.Outputs.Length, 1, 60);
        Assert.Empty(batch.Leftovers);
        RequireWhole(batch);

        // With room again, the same line does the rest.
        disk.Remount("size=64m");
        var before = batch.Outputs.Length;
        Assert.Contains(
            $"{200 - before} done, {before} as they were",
            CommandRun.InProcess("batch", "prepare", batch.Input, "-o", batch.Output).Ended(0).Error,
            StringComparison.Ordinal
        );
    }

    [RootFact]
    public void ReadOnlyOutput_IsSaidBeforeTheStart()
    {
        using var batch = Corpus(3, 4000);
        using var disk = new Mount(batch.Output, "size=1m,ro");
        var line = CommandRun.InProcess("batch", "prepare", batch.Input, "-o", batch.Output).Refused(4);
        Assert.Contains("ead-only", line, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void TwoRunsAtOnce_TheSecondExits75AndTheFirstEnds()
    {
        using var batch = Corpus(120, 8000);
        string[] line = ["batch", "analyze", batch.Input, "-o", batch.Output, "--f0-method", "dio"];
        using var first = CommandRun.Start(line);
        WaitForJournal(batch, first);
        Assert.Contains("another run", CommandRun.InProcess(line).Refused(75), StringComparison.Ordinal);
        Assert.Contains("another run", CommandRun.InProcess([.. line, "--shard", "1/2"]).Refused(75), StringComparison.Ordinal);
        Assert.Contains("running", CommandRun.InProcess("batch", "status", batch.Output).Ended(0).Output, StringComparison.Ordinal);
        _ = first.StandardError.ReadToEnd();
        Assert.True(first.WaitForExit(60_000));
        Assert.Equal(0, first.ExitCode);
        Assert.Equal(120, batch.Outputs.Length);
    }

    [LinuxFact]
    public void DifferentPartsAtOnce_BothEnd()
    {
        using var batch = Corpus(40, 4000);
        string[] line = ["batch", "prepare", batch.Input, "-o", batch.Output, "--shard"];
        Process[] parts = [CommandRun.Start([.. line, "1/2"]), CommandRun.Start([.. line, "2/2"])];
        foreach (var part in parts)
        {
            var error = part.StandardError.ReadToEnd();
            Assert.True(part.WaitForExit(60_000));
            Assert.True(part.ExitCode == 0, error);
            part.Dispose();
        }

        CommandRun.InProcess("batch", "verify", batch.Output).Ended(0);
    }

    [LinuxFact]
    public void Terminated_Exits75WithTheJournalWholeAndGoesOn()
    {
        using var batch = Corpus(200, 8000);
        string[] line = ["batch", "analyze", batch.Input, "-o", batch.Output, "--f0-method", "dio"];
        using var process = CommandRun.Start(line);
        WaitForJournal(batch, process);

        // Slurm may send the signal to the script and to its programs: twice, that is.
        Process.Start("/bin/sh", ["-c", $"kill -TERM {process.Id}; kill -TERM {process.Id}"]).WaitForExit();
        var error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(30_000));
        Assert.True(process.ExitCode == 75, $"{process.ExitCode}: {error}");
        Assert.Contains("run the same line again", error, StringComparison.Ordinal);
        Assert.Empty(batch.Leftovers);
        var done = batch.Outputs.Length;
        Assert.InRange(done, 1, 199);
        Assert.Equal(done, batch.JournalLines().Length);
        Assert.Contains($"{200 - done} done, {done} as they were", CommandRun.InProcess(line).Ended(0).Error, StringComparison.Ordinal);
    }

    private static BatchScratch Corpus(int count, int length)
    {
        var batch = new BatchScratch();
        var speech = TrainedVoice.Shared.HeldOutSource[0].Samples;
        for (var i = 0; i < count; i++)
        {
            var path = batch[string.Create(CultureInfo.InvariantCulture, $"in/s{i % 5}/{i:000}.wav")];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            WaveFile.Write(path, new Waveform(speech.Slice(6000 + (10 * i), length).ToArray(), 16000));
        }

        return batch;
    }

    private static long JournalLength(BatchScratch batch) =>
        File.Exists(batch.JournalPath()) ? new FileInfo(batch.JournalPath()).Length : 0;

    private static void WaitForJournal(BatchScratch batch, Process process)
    {
        while (JournalLength(batch) == 0 && !process.HasExited)
            Thread.Sleep(2);
    }

    /// <summary>How often each item was noted as done.</summary>
    private static Dictionary<string, int> DoneLines(BatchScratch batch) =>
        !File.Exists(batch.JournalPath())
            ? []
            : File.ReadAllText(batch.JournalPath())
                .Split('\n')[..^1]
                .Where(line => line.Contains("\"outcome\":\"done\"", StringComparison.Ordinal))
                .CountBy(line => line.Split('"')[3])
                .ToDictionary();

    /// <summary>Every output under its name is as the journal says that it was written.</summary>
    private static void RequireWhole(BatchScratch batch)
    {
        if (batch.Outputs.Length == 0)
            return;
        using var journal = Journal.ReadAll([batch.JournalPath()]);
        Assert.All(
            batch.Outputs,
            name =>
            {
                var output = Assert.Single(journal.Find(Path.ChangeExtension(name, null))!.Outputs);
                Assert.True(BatchDecision.IsWhole(output, batch.Output, readAlways: true), $"{name} is torn");
            }
        );
    }
}
