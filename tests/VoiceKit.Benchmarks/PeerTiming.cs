using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace VoiceKit.Benchmarks;

/// <summary>Times two sides in turn and keeps each side's best run: what else the machine does disturbs both alike.</summary>
internal static partial class PeerTiming
{
    private const int FewestRounds = 5;
    private const int ThreadProcessorTime = 3;

    /// <summary>The best times in seconds of many rounds on this thread.</summary>
    /// <param name="own">Our side.</param>
    /// <param name="peer">The other side.</param>
    /// <param name="budgetSeconds">How long to go on.</param>
    public static (double Own, double Peer) Best(Action own, Action peer, double budgetSeconds)
    {
        var (bestOwn, bestPeer) = (double.MaxValue, double.MaxValue);
        var begin = Stopwatch.GetTimestamp();
        for (var round = 0; round < FewestRounds || Stopwatch.GetElapsedTime(begin).TotalSeconds < budgetSeconds; round++)
        {
            var start = ThreadSeconds();
            own();
            var middle = ThreadSeconds();
            peer();
            var end = ThreadSeconds();
            bestOwn = Math.Min(bestOwn, middle - start);
            bestPeer = Math.Min(bestPeer, end - middle);
        }

        return (bestOwn, bestPeer);
    }

    /// <summary>A number with three decimals, the same everywhere.</summary>
    public static string Format(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>This thread's processor time, which other programs do not lengthen; elsewhere than on Linux the time on the wall.</summary>
    private static double ThreadSeconds()
    {
        if (!OperatingSystem.IsLinux() || ReadClock(ThreadProcessorTime, out var time) != 0)
            return (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
        return time.Seconds + (time.Nanoseconds * 1e-9);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out ClockTime time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ClockTime
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
