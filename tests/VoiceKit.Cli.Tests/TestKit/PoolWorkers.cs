using System.Diagnostics;

namespace VoiceKit.Tests.TestKit;

/// <summary>Worker processes of a pool; those that are still there at the end of the test are killed.</summary>
internal sealed class PoolWorkers(string folder, int count) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public Process[] Processes { get; } = [.. Enumerable.Range(0, count).Select(_ => CommandRun.Start("train-worker", folder))];

    /// <summary>Waits for something that is bound to happen; only a hang fails.</summary>
    public static void WaitFor(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); Thread.Sleep(1))
            Assert.True(clock.Elapsed < Limit, "It did not happen.");
    }

    /// <summary>The exit codes, when all have ended.</summary>
    public int[] ExitCodes()
    {
        Assert.All(Processes, process => Assert.True(process.WaitForExit(Limit), "A worker did not end."));
        return [.. Processes.Select(process => process.ExitCode)];
    }

    public void Dispose()
    {
        foreach (var process in Processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
