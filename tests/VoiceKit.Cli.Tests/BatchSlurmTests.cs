using System.Diagnostics;
using System.Globalization;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>
/// Batches on a cluster of three virtual nodes: what comes out is what one process makes, whatever happens to the cluster.
/// </summary>
[Collection("Slurm")]
public sealed class BatchSlurmTests : IDisposable
{
    private readonly BatchScratch batch = new();
    private readonly SlurmCluster cluster;

    public BatchSlurmTests(SlurmCluster cluster)
    {
        this.cluster = cluster;
        if (SlurmFactAttribute.Obstacle is null)
            SlurmCluster.Clear();
    }

    public void Dispose()
    {
        if (SlurmFactAttribute.Obstacle is null)
            SlurmCluster.Clear();
        batch.Dispose();
    }

    [SlurmFact]
    public void Submit_ThreeNodesWatched_GivesTheBytesOfOneProcess()
    {
        Corpus(30, 4000);
        var run = CommandRun.InProcess([.. Line("analyze", 6), "--watch", "--interval", "1"]).Ended(0);
        Assert.Matches("^array [0-9]+\nverify [0-9]+\n$", run.Output);
        Assert.Contains("30 of 30 inputs", run.Error, StringComparison.Ordinal);
        RequireBytesOfOneProcess();
    }

    [SlurmFact]
    public void Submit_BrokenInput_WatchEndsWith1AndNamesIt()
    {
        Corpus(4, 1600);
        File.WriteAllText(Path.Combine(batch.Input, "broken.wav"), "no sound");
        var run = CommandRun.InProcess([.. Line("analyze", 2), "--watch", "--interval", "1"]).Ended(1);
        Assert.Contains("broken\t", run.Output, StringComparison.Ordinal);
    }

    [SlurmFact]
    public void TermOfOneTask_IsPutBackAndGoesOnWhereItWas()
    {
        Corpus(60, 48000);
        var (array, verify) = Submit(3);
        var part = AwaitWork();
        SlurmCluster.Run("scancel", "--signal=TERM", "--batch", $"{array}_{part}");
        var log = Path.Combine(batch.Output, ".voicekit", "slurm", $"slurm-{array}_{part}.log");
        SlurmCluster.Await("the end", () => Ended(verify));
        var said = File.ReadAllText(log);
        Assert.Contains("back in the queue", said, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 as they were", said, StringComparison.Ordinal);
        RequireVerified();
    }

    [SlurmFact]
    public void NodeKilledInMidArray_ItsTasksGoOnElsewhere()
    {
        // The controller takes 25 s to find out.
        Corpus(36, 72000);
        try
        {
            var (_, verify) = Submit(6);
            AwaitWork();
            cluster.KillNode("vk1");
            SlurmCluster.Await("the end", () => Ended(verify));
        }
        finally
        {
            cluster.StartNode("vk1");
        }

        RequireVerified();
        RequireBytesOfOneProcess();
    }

    [SlurmFact]
    public void ControllerKilledAfterSubmission_JournalAndVerifyDecide()
    {
        Corpus(60, 24000);
        Submit(3);
        Thread.Sleep(2000);
        cluster.KillController();
        cluster.StartController();
        try
        {
            // Jobs may be gone, and what the controller starts again runs into what is still at work. A person looks after it for a while,
            // then ends it.
            for (
                var clock = Stopwatch.StartNew();
                clock.Elapsed < TimeSpan.FromSeconds(12) && SlurmCluster.Run("squeue", "--noheader").Length > 0;
                Thread.Sleep(500)
            )
                SlurmCluster.Repair();
            SlurmCluster.Clear();
            cluster.AwaitIdleNodes();

            // What verify says is true: the same line on one machine does exactly the rest.
            var whole = batch.Outputs.Length;
            var isComplete = CommandRun.InProcess("batch", "verify", batch.Output).Code == 0;
            Assert.Equal(whole == 60, isComplete);
            var rest = Rest().Error;
            Assert.True(
                rest.Contains(
                    string.Create(CultureInfo.InvariantCulture, $" {60 - whole} done, {whole} as they were"),
                    StringComparison.Ordinal
                ),
                rest
            );
            RequireVerified();
            RequireBytesOfOneProcess();
        }
        finally
        {
            cluster.Renew();
        }
    }

    private CommandRun Rest() => CommandRun.InProcess("batch", "analyze", batch.Input, "-o", batch.Output, "--f0-method", "dio");

    private void Corpus(int count, int length)
    {
        for (var i = 0; i < count; i++)
            batch.Sound(string.Create(CultureInfo.InvariantCulture, $"{i % 3}/it's {i}.wav"), length, i);
    }

    private string[] Line(string verb, int parts) =>
        [
            "batch",
            "submit",
            verb,
            batch.Input,
            "-o",
            batch.Output,
            "--f0-method",
            "dio",
            "--slurm",
            "--shards",
            parts.ToString(CultureInfo.InvariantCulture),
        ];

    private (string Array, string Verify) Submit(int parts)
    {
        var words = CommandRun
            .InProcess(Line("analyze", parts))
            .Ended(0)
            .Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return (words[1], words[3]);
    }

    /// <summary>
    /// Waits until some part has done an item, and returns its number; the first's where all have ended and been joined meanwhile.
    /// </summary>
    private int AwaitWork()
    {
        var state = Path.Combine(batch.Output, ".voicekit");
        string? journal = null;
        SlurmCluster.Await(
            "work",
            () =>
                (journal = Directory.EnumerateFiles(state, "journal-*.jsonl").FirstOrDefault(path => new FileInfo(path).Length > 0))
                    is not null
                || File.Exists(batch.JournalPath())
        );
        return journal is null ? 1 : int.Parse(Path.GetFileName(journal).Split('-')[1], CultureInfo.InvariantCulture);
    }

    private static bool Ended(string job) =>
        SlurmCluster
            .Run("squeue", "--noheader", "--states=all", "--format=%A %T")
            .Split('\n')
            .Any(line =>
                line.Split(' ') is [var id, var state] && id == job && state is "COMPLETED" or "FAILED" or "CANCELLED" or "TIMEOUT"
            );

    private void RequireVerified()
    {
        CommandRun.InProcess("batch", "verify", batch.Output).Ended(0);
        Assert.Empty(batch.Leftovers);
        Assert.Equal(batch.Outputs.Length, batch.JournalLines().Length);
    }

    private void RequireBytesOfOneProcess()
    {
        CommandRun.InProcess("batch", "analyze", batch.Input, "-o", batch["one"], "--f0-method", "dio").Ended(0);
        var expected = Directory
            .EnumerateFiles(batch["one"], "*.npz", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(batch["one"], path))
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.NotEmpty(expected);
        Assert.Equal(expected, batch.Outputs);
        Assert.All(
            expected,
            name => Assert.Equal(File.ReadAllBytes(Path.Combine(batch["one"], name)), File.ReadAllBytes(Path.Combine(batch.Output, name)))
        );
    }
}
