using VoiceKit.Clusters;
using VoiceKit.Mixtures;

namespace VoiceKit.Tests.TestKit;

/// <summary>
/// A pool's step whose driver holds back in each iteration until something is there, so that the workers have their share for certain.
/// </summary>
internal sealed class AwaitedStep(IExpectationStep step, Action<PoolTask> wait) : IExpectationStep
{
    public MixtureStatistics Collect(GaussianMixture mixture)
    {
        var pooled = (PooledExpectation)step;
        var task = pooled.Publish(mixture);
        wait(task);
        return pooled.Gather(task);
    }

    /// <summary>Waits until the workers have written this many blocks of an iteration.</summary>
    public static void Written(StatisticsPool pool, PoolTask task, int count) =>
        PoolWorkers.WaitFor(() =>
            Enumerable.Range(task.FirstBlock, task.BlockCount).Count(block => File.Exists(pool.Files.Statistics(task.Iteration, block)))
            >= count
        );
}
