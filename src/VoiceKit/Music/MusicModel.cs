using VoiceKit.Files;

namespace VoiceKit.Music;

/// <summary>The pitches that a voice has.</summary>
/// <param name="Lowest">The lowest MIDI pitch.</param>
/// <param name="Highest">The highest MIDI pitch.</param>
public readonly record struct VoiceRange(int Lowest, int Highest);

/// <summary>A trained generator of snippets in C major and A minor.</summary>
/// <param name="Layout">The grid of its snippets.</param>
/// <param name="Generator">Its size.</param>
/// <param name="Parameters">Its parameters, by name.</param>
/// <param name="Description">Facts about its training, by name.</param>
public sealed record MusicModel(
    SnippetLayout Layout,
    GeneratorOptions Generator,
    IReadOnlyDictionary<string, NamedTensor> Parameters,
    IReadOnlyDictionary<string, string> Description)
{
    /// <summary>The pitches that each voice has in the music that was trained on, but for rare extremes: it never gets others. Empty where nothing is known.</summary>
    public IReadOnlyList<VoiceRange> VoiceRanges { get; init; } = [];

    /// <summary>The numbers of noise that make one snippet.</summary>
    public int NoiseLength => SnippetGenerator.NoiseLength(Layout, Generator);
}
