using VoiceKit.Clusters;
using VoiceKit.Files;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Clusters;

public class StatisticsPoolTests
{
    private const int Blocks = 6;
    private static readonly Frames Frames = SmallModels.Normal(3000, 6, 1);
    private static readonly GaussianMixture Mixture = SmallModels.Mixture(3, 6, 2);
    private static readonly MixtureOptions Fit = new()
    {
        MixtureCount = 3,
        Iterations = 4,
        Tolerance = -1,
    };
    private static readonly StatisticsPoolOptions Options = new() { Shards = Blocks / 2, Patience = TimeSpan.FromMinutes(1) };

    [Fact]
    public void Collect_NoneOneOrTwoWorkers_GivesTheSameBits()
    {
        var alone = Bits(FitWith(0));
        Assert.Equal(alone, Bits(FitWith(1)));
        Assert.Equal(alone, Bits(FitWith(2)));
    }

    [Fact]
    public void Collect_NoWorkers_EqualsOneProcessWithinRounding()
    {
        var (expected, actual) = (Bits(ExpectationMaximization.Fit(Frames, Fit)), Bits(FitWith(0)));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12 * Math.Max(1, Math.Abs(pair.First))));
    }

    [Fact]
    public void Gather_BlocksInAnyOrder_AddsThemInTheirOrder()
    {
        using var folder = new ScratchFolder();
        var expected = FrameBlocks
            .Cut(Frames.Count, Options.Shards)
            .Select(block => MixtureStatistics.Collect(Mixture, Frames.Slice(block.Start, block.Count)))
            .ToArray();
        foreach (var part in expected[1..])
            expected[0].Add(part);
        using var pool = new StatisticsPool(folder["pool"], Options);
        var step = (PooledExpectation)pool.Share(Frames);
        var task = step.Publish(Mixture);
        foreach (var b in new[] { 5, 2, 3 })
            Write(pool, task, b);
        AssertSame(expected[0], step.Gather(task));
    }

    [Theory]
    [InlineData("torn")]
    [InlineData("empty")]
    [InlineData("foreign run")]
    [InlineData("other block")]
    [InlineData("other shape")]
    [InlineData("other count")]
    [InlineData("NaN")]
    public void Gather_DamagedStatistics_AreCollectedAgainAndSaidOnce(string damage)
    {
        using var folder = new ScratchFolder();
        var warnings = new List<string>();
        using var pool = new StatisticsPool(folder["pool"], Options, warnings.Add);
        var step = (PooledExpectation)pool.Share(Frames);
        var expected = step.Collect(Mixture);
        var task = step.Publish(Mixture);
        foreach (var b in new[] { 1, 4 })
            Damage(pool, task, b, damage);
        AssertSame(expected, step.Gather(task));
        Assert.Contains("collected again", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Gather_ClaimThatIsNeverLetGo_IsCollectedByTheDriver()
    {
        using var folder = new ScratchFolder();
        using var pool = new StatisticsPool(folder["pool"], Options with { Patience = TimeSpan.Zero });
        var step = (PooledExpectation)pool.Share(Frames);
        var expected = step.Collect(Mixture);
        var task = step.Publish(Mixture);
        using var held = pool.Files.TryClaim(task.FirstBlock + 2);
        Assert.NotNull(held);
        AssertSame(expected, step.Gather(task));
    }

    [Fact]
    public void Gather_Cancelled_ThrowsAndTheFolderIsGone()
    {
        using var folder = new ScratchFolder();
        using var cancellation = new CancellationTokenSource();
        using (var pool = new StatisticsPool(folder["pool"], Options, cancellation: cancellation.Token))
        {
            var step = (PooledExpectation)pool.Share(Frames);
            var task = step.Publish(Mixture);
            using var held = pool.Files.TryClaim(task.FirstBlock);
            var gathering = Task.Run(() => step.Gather(task));
            cancellation.Cancel();
            Assert.Throws<OperationCanceledException>(() => gathering.GetAwaiter().GetResult());
        }

        Assert.False(Directory.Exists(folder["pool"]));
    }

    [Fact]
    public void Share_NextFit_LeavesNothingOfTheOneBefore()
    {
        using var folder = new ScratchFolder();
        using var pool = new StatisticsPool(folder["pool"], Options);
        pool.Share(Frames).Collect(Mixture);
        pool.Share(Frames).Collect(Mixture);
        var names = Directory
            .GetFiles(pool.Folder)
            .Select(file => Path.GetFileName(file)!)
            .Where(name => name.StartsWith('f'))
            .Order(StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(Blocks, Blocks).Select(block => $"frames-{block:D5}.safetensors"), names);
    }

    private static double[] Bits(GaussianMixture mixture) =>
        [
            .. mixture.Weights,
            .. mixture.Means.Values,
            .. Enumerable.Range(0, mixture.MixtureCount).SelectMany(m => mixture.Covariance(m).ToArray()),
        ];

    private static GaussianMixture FitWith(int workers)
    {
        using var folder = new ScratchFolder();
        Task<WorkerOutcome>[] running = [];
        GaussianMixture fitted;
        using (var pool = new StatisticsPool(folder["pool"], Options))
        {
            running = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(() => StatisticsWorker.Run(pool.Folder)))];
            fitted = ExpectationMaximization.Fit(
                Frames,
                Fit,
                new AwaitedStep(pool.Share(Frames), task => AwaitedStep.Written(pool, task, 2 * workers))
            );
        }

        Assert.All(running, worker => Assert.Equal(WorkerOutcome.Finished, worker.Result));
        Assert.False(Directory.Exists(folder["pool"]));
        return fitted;
    }

    private static void Write(
        StatisticsPool pool,
        PoolTask task,
        int b,
        Func<Dictionary<string, string>, Dictionary<string, string>>? relabel = null,
        Frames? frames = null,
        GaussianMixture? mixture = null
    )
    {
        var (start, count) = FrameBlocks.Cut(Frames.Count, Options.Shards)[b];
        var labels = task.Labels(task.FirstBlock + b);
        var statistics = MixtureStatistics.Collect(mixture ?? Mixture, frames ?? Frames.Slice(start, count));
        MixtureStatisticsFile.Write(
            pool.Files.Statistics(task.Iteration, task.FirstBlock + b),
            statistics,
            relabel?.Invoke(labels) ?? labels
        );
    }

    private static void Damage(StatisticsPool pool, PoolTask task, int b, string damage)
    {
        var path = pool.Files.Statistics(task.Iteration, task.FirstBlock + b);
        switch (damage)
        {
            case "foreign run":
                Write(pool, task, b, labels => new(labels) { ["pool"] = "another" });
                break;
            case "other block":
                Write(pool, task, b, labels => new(labels) { ["block"] = "0" });
                break;
            case "other shape":
                Write(pool, task, b, mixture: SmallModels.Mixture(2, 6, 2));
                break;
            case "other count":
                Write(pool, task, b, frames: Frames.Slice(0, 499));
                break;
            case "NaN":
                Write(pool, task, b);
                AtomicFile.Write(path, SafetensorsFile.Read(path).With("second", 3, double.NaN).Write);
                break;
            default:
                Write(pool, task, b);
                File.WriteAllBytes(path, damage == "empty" ? [] : File.ReadAllBytes(path)[..^5]);
                break;
        }
    }

    private static void AssertSame(MixtureStatistics expected, MixtureStatistics actual)
    {
        Assert.Equal((expected.FrameCount, expected.LogLikelihood), (actual.FrameCount, actual.LogLikelihood));
        Assert.Equal(expected.Occupancies.ToArray(), actual.Occupancies.ToArray());
        Assert.Equal(expected.First.Values.ToArray(), actual.First.Values.ToArray());
        for (var m = 0; m < expected.First.Count; m++)
            Assert.Equal(Lower(expected.Second(m), 6), Lower(actual.Second(m), 6));
    }

    private static double[] Lower(ReadOnlySpan<double> square, int dimension) =>
        [.. square.ToArray().Where((_, k) => k % dimension <= k / dimension)];
}
