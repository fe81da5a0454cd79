using System.Diagnostics;

namespace VoiceKit.Tests.TestKit;

/// <summary>What reading a small file may cost, whatever the file says.</summary>
internal static class ReadingBounds
{
    /// <summary>Asserts that reading takes memory by the bytes that are there, and little time, whether it succeeds or throws.</summary>
    public static void Hold(BadFileCase item, Action read)
    {
        _ = Record.Exception(read);
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Record.Exception(read);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64L * item.Bytes.Length) + (1 << 20));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }
}
