namespace VoiceKit.Tests.TestKit;

/// <summary>Keeps what is reported, in order.</summary>
internal sealed class ProgressList<T> : List<T>, IProgress<T>
{
    public void Report(T value) => Add(value);
}
