namespace VoiceKit.Audio;

/// <summary>Some samples in a row.</summary>
/// <param name="Start">The first one's index.</param>
/// <param name="End">The index after the last one's.</param>
public readonly record struct SampleRange(long Start, long End)
{
    /// <summary>The number of samples.</summary>
    public long Length => End - Start;
}
