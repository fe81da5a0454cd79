namespace VoiceKit.Audio;

/// <summary>What to take from an audio file.</summary>
public sealed record WaveReadOptions
{
    /// <summary>The channel to read, counted from 0; null, the default, for the mean of all channels.</summary>
    public int? Channel { get; init; }
}
