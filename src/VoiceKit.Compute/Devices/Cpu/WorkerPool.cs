using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace VoiceKit.Devices;

/// <summary>
/// Threads that wait for short parallel work. They watch for the next run for some microseconds before they sleep, since kernels follow
/// each other closely; a run allocates nothing. One run at a time.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private static readonly long SpinTicks = Stopwatch.Frequency / 25_000;

    private readonly Worker[] helpers;
    private readonly AutoResetEvent finished = new(false);
    private IParallelWork? work;
    private ExceptionDispatchInfo? failure;
    private int partCount;
    private int donePartCount;
    private int callerSleeps;
    private int busy;
    private volatile bool stopping;

    // The number of the run in the upper half, how many parts of it nobody has taken in the lower. A thread that wakes late cannot take a
    // part of a later run for one of its own, and while nothing is left to take, what describes a run may change.
    private long ticket;

    /// <summary>Starts the threads, one fewer than asked for: the caller of a run is the other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public WorkerPool(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        ThreadCount = threadCount;
        helpers = new Worker[threadCount - 1];
        for (var i = 0; i < helpers.Length; i++)
            helpers[i] = new Worker(this, i + 1);
    }

    /// <summary>Gets how many threads work, the caller included.</summary>
    public int ThreadCount { get; }

    /// <summary>Does all parts and returns when they are done.</summary>
    /// <exception cref="InvalidOperationException">Another run is under way, on another thread or around this one.</exception>
    public void Run(IParallelWork work, int partCount)
    {
        ObjectDisposedException.ThrowIf(stopping, this);
        if (Interlocked.Exchange(ref busy, 1) != 0)
            throw new InvalidOperationException("The worker pool is in a run already: runs neither nest nor overlap.");
        try
        {
            if (ThreadCount > 1 && partCount > 1)
            {
                RunShared(work, partCount);
                return;
            }

            for (var part = 0; part < partCount; part++)
                work.Execute(part, 0);
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (stopping)
            return;
        stopping = true;
        foreach (var helper in helpers)
            helper.Dispose();
        finished.Dispose();
    }

    private void RunShared(IParallelWork parallelWork, int count)
    {
        work = parallelWork;
        partCount = count;
        donePartCount = 0;
        failure = null;
        var run = RunOf(Volatile.Read(ref ticket)) + 1;
        Interlocked.Exchange(ref ticket, ((long)run << 32) | (uint)count);
        for (var i = 0; i < Math.Min(helpers.Length, count - 1); i++)
            helpers[i].Wake();

        TakeParts(run, 0);
        AwaitParts(count);
        work = null;
        failure?.Throw();
    }

    private static int RunOf(long ticket) => (int)(ticket >> 32);

    private void TakeParts(int run, int worker)
    {
        while (true)
        {
            var seen = Volatile.Read(ref ticket);
            var left = (int)seen;
            var parallelWork = work;
            var count = partCount;
            if (RunOf(seen) != run || left == 0)
                return;

            // When this succeeds the run is still under way and had a part left all the time, so that what was read between belongs to it.
            if (Interlocked.CompareExchange(ref ticket, seen - 1, seen) != seen)
                continue;
            try
            {
                if (Volatile.Read(ref failure) is null)
                    parallelWork!.Execute(count - left, worker);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            }

            if (Interlocked.Increment(ref donePartCount) == count && Interlocked.Exchange(ref callerSleeps, 0) != 0)
                finished.Set();
        }
    }

    private void AwaitParts(int count)
    {
        var start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref donePartCount) != count)
        {
            if (Stopwatch.GetTimestamp() - start < SpinTicks)
            {
                Thread.SpinWait(8);
                continue;
            }

            Interlocked.Exchange(ref callerSleeps, 1);

            // The thread that takes the mark back decides: a helper that took it sets the event, which is then waited for.
            if (Volatile.Read(ref donePartCount) != count || Interlocked.Exchange(ref callerSleeps, 0) == 0)
                finished.WaitOne();
        }
    }

    /// <summary>One thread and what it sleeps on.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly WorkerPool pool;
        private readonly int number;
        private readonly Thread thread;
        private readonly AutoResetEvent wakeUp = new(false);
        private int sleeps;

        public Worker(WorkerPool pool, int number)
        {
            this.pool = pool;
            this.number = number;
            thread = new Thread(Work) { IsBackground = true, Name = $"VoiceKit worker {number}" };
            thread.Start();
        }

        public void Wake()
        {
            if (Volatile.Read(ref sleeps) != 0 && Interlocked.Exchange(ref sleeps, 0) != 0)
                wakeUp.Set();
        }

        public void Dispose()
        {
            wakeUp.Set();
            thread.Join();
            wakeUp.Dispose();
        }

        private void Work()
        {
            var last = 0;
            var start = Stopwatch.GetTimestamp();
            while (!pool.stopping)
            {
                var run = RunOf(Volatile.Read(ref pool.ticket));
                if (run != last)
                {
                    pool.TakeParts(run, number);
                    last = run;
                    start = Stopwatch.GetTimestamp();
                }
                else if (Stopwatch.GetTimestamp() - start < SpinTicks)
                {
                    Thread.SpinWait(8);
                }
                else
                {
                    Sleep(last);
                    start = Stopwatch.GetTimestamp();
                }
            }
        }

        private void Sleep(int last)
        {
            Interlocked.Exchange(ref sleeps, 1);

            // A run that began before the mark was seen is found here; a mark taken back means that the event is or will be set.
            if (!pool.stopping && (RunOf(Volatile.Read(ref pool.ticket)) == last || Interlocked.Exchange(ref sleeps, 0) == 0))
                wakeUp.WaitOne();
        }
    }
}

/// <summary>Work in parts that do not depend on each other.</summary>
internal interface IParallelWork
{
    /// <summary>Does one part.</summary>
    /// <param name="part">Which, from 0 on; each is done once.</param>
    /// <param name="worker">Who does it: below the pool's thread count, and no two at a time have the same. It selects scratch
    /// memory.</param>
    void Execute(int part, int worker);
}
