using VoiceKit.Features;
using VoiceKit.Pitch;

namespace VoiceKit.Conversion;

/// <summary>Everything that converts one speaker's voice into another's: made by <see cref="VoiceModelTrainer"/>, kept by <see cref="VoiceModelFile"/>.</summary>
public sealed record VoiceModel
{
    /// <summary>The sampling frequency of the training recordings in Hz; others are resampled to it.</summary>
    public required int SampleRate { get; init; }

    /// <summary>The settings of the analysis, order and alpha included, without an F0 range.</summary>
    public required FeatureOptions Features { get; init; }

    /// <summary>The source speaker's F0 range.</summary>
    public required F0Range SourceRange { get; init; }

    /// <summary>The target speaker's F0 range.</summary>
    public required F0Range TargetRange { get; init; }

    /// <summary>The joint density of the speakers' mel-cepstra without c0, with dynamic features.</summary>
    public required JointDensityModel Spectrum { get; init; }

    /// <summary>The joint density of the speakers' band aperiodicity, with dynamic features.</summary>
    public required JointDensityModel Aperiodicity { get; init; }

    /// <summary>The target's global variance, without c0.</summary>
    public required GlobalVariance GlobalVariance { get; init; }

    /// <summary>The speakers' F0 statistics.</summary>
    public required F0Statistics F0 { get; init; }

    /// <summary>How it was trained, for people: names and values.</summary>
    public required IReadOnlyDictionary<string, string> Description { get; init; }
}
