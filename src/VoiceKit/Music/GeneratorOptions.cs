namespace VoiceKit.Music;

/// <summary>The size of a generator.</summary>
public sealed record GeneratorOptions
{
    /// <summary>The channels of a beat, a multiple of the heads.</summary>
    public int Channels { get; init; } = 96;

    /// <summary>The noise of the whole snippet.</summary>
    public int SnippetNoise { get; init; } = 64;

    /// <summary>The noise of each beat.</summary>
    public int BeatNoise { get; init; } = 32;

    /// <summary>The heads of the attention over the beats.</summary>
    public int HeadCount { get; init; } = 4;
}
