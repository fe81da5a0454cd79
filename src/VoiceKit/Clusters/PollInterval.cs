namespace VoiceKit.Clusters;

/// <summary>
/// Waits between two looks at a shared folder, longer each time nothing was found. A look works on every file system; notifications do
/// not reach other machines.
/// </summary>
internal sealed class PollInterval(CancellationToken cancellation)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);
    private TimeSpan next = Shortest;

    /// <summary>Starts with short waits again: something happened.</summary>
    public void Reset() => next = Shortest;

    /// <summary>Waits.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Wait()
    {
        cancellation.WaitHandle.WaitOne(next);
        cancellation.ThrowIfCancellationRequested();
        next = next * 1.5 < Longest ? next * 1.5 : Longest;
    }
}
