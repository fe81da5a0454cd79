using System.CommandLine;
using VoiceKit.Features;

namespace VoiceKit.Cli;

/// <summary>The options that decide which arrays a feature file has.</summary>
internal sealed class FeatureChoices
{
    private readonly Option<string?> features = new("--features")
    {
        Description = $"The arrays to write, separated by commas: {string.Join(", ", FeatureFileOptions.AllFeatures)}. All by default, about 0.8 MB a second of sound at 16 kHz; without spectral_envelope and aperiodicity about a tenth of it.",
    };

    private readonly Option<bool> float64 = new("--float64") { Description = "Write spectra as float64 too, twice as large; by default they are float32." };

    public IReadOnlyList<Option> All => [features, float64];

    public FeatureFileOptions Parse(ParseResult result)
    {
        string[] names = result.GetValue(features) is { } text ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()] : [.. FeatureFileOptions.AllFeatures];
        if (Array.Find(names, name => !FeatureFileOptions.AllFeatures.Contains(name)) is { } unknown)
            throw new UsageException($"--features {unknown}: there is no such array; there are {string.Join(", ", FeatureFileOptions.AllFeatures)}");
        return names.Length > 0 ? new FeatureFileOptions { Features = names, IsDoublePrecision = result.GetValue(float64) } : throw new UsageException("--features: name at least one array");
    }
}
