namespace VoiceKit.Numerics;

/// <summary>Reports progress on the thread that makes it: <see cref="Progress{T}"/> would report later, and out of order.</summary>
/// <typeparam name="T">What is reported.</typeparam>
/// <param name="report">Receives each report.</param>
public sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => report(value);
}
