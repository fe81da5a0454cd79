using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Numerics;

public class ParallelLimitTests
{
    [Fact]
    public void Enter_One_KeepsNestedLoopsToOneThread()
    {
        using var limit = ParallelLimit.Enter(1);
        Assert.Equal(1, Threads());
    }

    [Fact]
    public void Enter_WithinALowerLimit_DoesNotRaiseIt()
    {
        using var outer = ParallelLimit.Enter(1);
        using (ParallelLimit.Enter(8))
            Assert.Equal(1, ParallelLimit.MaxDegreeOfParallelism);
        Assert.Equal(1, ParallelLimit.MaxDegreeOfParallelism);
    }

    [Fact]
    public void Dispose_OfTheLimit_RestoresAllCores()
    {
        ParallelLimit.Enter(1).Dispose();
        Assert.Equal(Environment.ProcessorCount, ParallelLimit.MaxDegreeOfParallelism);
    }

    [Fact]
    public async Task Enter_InOneTask_LeavesAnotherAlone()
    {
        using var limited = ParallelLimit.Enter(1);
        Task<int> other;
        using (ExecutionContext.SuppressFlow())
            other = Task.Run(() => ParallelLimit.MaxDegreeOfParallelism);
        Assert.Equal(Environment.ProcessorCount, await other);
    }

    [Fact]
    public void Fit_UnderALimit_IsTheSameBits()
    {
        var frames = DrawnClusters.Draw(DrawnClusters.Random(3, 4, CovarianceStructure.Full, 1), 600);
        var options = new MixtureOptions { MixtureCount = 3, Iterations = 3 };
        var expected = ExpectationMaximization.Fit(frames, options);
        using var limit = ParallelLimit.Enter(1);
        Assert.Equal(expected.Means.Values.ToArray(), ExpectationMaximization.Fit(frames, options).Means.Values.ToArray());
    }

    [Fact]
    public void Enter_LessThanOne_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => ParallelLimit.Enter(0));

    /// <summary>How many threads nested loops run on at a time, at most.</summary>
    private static int Threads()
    {
        var (running, most) = (0, 0);
        Parallel.For(
            0,
            4,
            ParallelLimit.Options(),
            _ =>
                Parallel.For(
                    0,
                    4,
                    ParallelLimit.Options(),
                    _ =>
                    {
                        InterlockedMax(ref most, Interlocked.Increment(ref running));
                        Thread.Sleep(2);
                        Interlocked.Decrement(ref running);
                    }
                )
        );
        return most;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen; value > (seen = Volatile.Read(ref target));)
        {
            if (Interlocked.CompareExchange(ref target, value, seen) == seen)
                return;
        }
    }
}
