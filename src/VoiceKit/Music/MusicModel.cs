using VoiceKit.Files;

namespace VoiceKit.Music;

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
    /// <summary>The numbers of noise that make one snippet.</summary>
    public int NoiseLength => SnippetGenerator.NoiseLength(Layout, Generator);
}
