using VoiceKit.Devices;

namespace VoiceKit.Tests.Devices;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Run_ManyTimes_DoesEachPartOnce(int threads)
    {
        using var pool = new WorkerPool(threads);
        Assert.Equal(threads, pool.ThreadCount);
        for (var run = 0; run < 2000; run++)
        {
            var counts = new int[run % 17];
            pool.Run(
                new Work(
                    (part, worker) =>
                    {
                        Assert.InRange(worker, 0, threads - 1);
                        Interlocked.Increment(ref counts[part]);
                    }
                ),
                counts.Length
            );
            Assert.All(counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Run_SeveralPoolsOnTooFewCores_DoEachPartOnceAndEnd()
    {
        // Threads are taken off their cores anywhere, above all between the parts of one run and the next run of another size.
        var wrong = 0;
        var callers = Enumerable
            .Range(0, 2 + Environment.ProcessorCount)
            .Select(seed => new Thread(() =>
            {
                using var pool = new WorkerPool(3);
                var random = new Random(seed);
                var counts = new int[40];
                var work = new Work((part, _) => Interlocked.Increment(ref counts[part]));
                for (var run = 0; run < 200_000; run++)
                {
                    Array.Clear(counts);
                    var count = random.Next(2, counts.Length);
                    pool.Run(work, count);
                    if (counts.AsSpan(0, count).ContainsAnyExcept(1) || counts.AsSpan(count).ContainsAnyExcept(0))
                        Interlocked.Increment(ref wrong);
                }
            }))
            .ToArray();
        Array.ForEach(callers, caller => caller.IsBackground = true);
        Array.ForEach(callers, caller => caller.Start());
        Assert.All(callers, caller => Assert.True(caller.Join(TimeSpan.FromMinutes(2)), "A run does not end."));
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Run_AfterThreadsFellAsleep_WakesThem()
    {
        using var pool = new WorkerPool(3);
        for (var run = 0; run < 20; run++)
        {
            Thread.Sleep(run % 4);
            using var both = new Barrier(3);
            pool.Run(new Work((_, _) => both.SignalAndWait()), 3);
        }
    }

    [Fact]
    public void Run_SeveralWorkers_HaveDifferentNumbers()
    {
        using var pool = new WorkerPool(3);
        using var together = new Barrier(3);
        var seen = new int[3];
        pool.Run(
            new Work(
                (_, worker) =>
                {
                    together.SignalAndWait();
                    Interlocked.Increment(ref seen[worker]);
                }
            ),
            3
        );
        Assert.All(seen, count => Assert.Equal(1, count));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(3, 90)]
    public void Run_PartThrows_CallerGetsTheExceptionAndThePoolWorksOn(int threads, int parts)
    {
        using var pool = new WorkerPool(threads);
        var failing = new Work(
            (part, _) =>
            {
                if (part == parts / 2)
                    throw new TimeoutException("part");
            }
        );
        for (var run = 0; run < 5; run++)
        {
            if (parts > 0)
                Assert.Equal("part", Assert.Throws<TimeoutException>(() => pool.Run(failing, parts)).Message);
            var done = 0;
            pool.Run(new Work((_, _) => Interlocked.Increment(ref done)), 10);
            Assert.Equal(10, done);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_WithinARun_IsRefused(int threads)
    {
        using var pool = new WorkerPool(threads);
        var inner = new Work((_, _) => { });
        Assert.Throws<InvalidOperationException>(() => pool.Run(new Work((_, _) => pool.Run(inner, 2)), 2));
        pool.Run(inner, 2);
    }

    [Fact]
    public void Run_SecondTime_AllocatesNothing()
    {
        using var pool = new WorkerPool(2);
        var work = new Work((_, _) => Thread.SpinWait(1000));
        for (var i = 0; i < 10; i++)
            pool.Run(work, 5);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            pool.Run(work, 5);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Dispose_AnyTime_EndsTheThreads()
    {
        for (var i = 0; i < 20; i++)
        {
            var pool = new WorkerPool(3);
            if (i % 2 == 0)
                pool.Run(new Work((_, _) => { }), 4);
            if (i % 3 == 0)
                Thread.Sleep(1);
            pool.Dispose();
            pool.Dispose();
            Assert.Throws<ObjectDisposedException>(() => pool.Run(new Work((_, _) => { }), 4));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Constructor_NoThreads_IsRefused(int threads) => Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(threads));

    private sealed class Work(Action<int, int> execute) : IParallelWork
    {
        public void Execute(int part, int worker) => execute(part, worker);
    }
}
