using VoiceKit.Features;
using VoiceKit.Mixtures;

namespace VoiceKit.Conversion;

/// <summary>The settings of <see cref="VoiceModelTrainer"/>.</summary>
public sealed record TrainingOptions
{
    /// <summary>The settings of the analysis; its F0 range is replaced by each speaker's own.</summary>
    public FeatureOptions Features { get; init; } = new();

    /// <summary>The number of mixtures; null (the default) chooses by cross-validation.</summary>
    public int? MixtureCount { get; init; }

    /// <summary>The structure of the joint covariances; full by default.</summary>
    public CovarianceStructure Structure { get; init; } = CovarianceStructure.Full;

    /// <summary>How often the pairs are aligned; 3 by default. From the second time on the source is converted before.</summary>
    public int AlignmentPasses { get; init; } = 3;

    /// <summary>The most EM iterations of the last pass; 6 by default.</summary>
    public int Iterations { get; init; } = 6;

    /// <summary>How many frames' worth of the common covariance each covariance is shrunk by; see <see cref="MixtureOptions.PooledFrames"/>.</summary>
    public double PooledFrames { get; init; } = 1000;

    /// <summary>The seed of all that is random.</summary>
    public int Seed { get; init; }
}

/// <summary>A step of training, for a progress display.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Fraction">How much of the whole is done, 0 .. 1.</param>
/// <param name="Detail">A figure worth showing, such as a log-likelihood; may be empty.</param>
public sealed record TrainingProgress(string Stage, double Fraction, string Detail = "");

/// <summary>The same sentence by both speakers.</summary>
/// <param name="Name">The common file name, without extension.</param>
/// <param name="Source">The source speaker's features.</param>
/// <param name="Target">The target speaker's features.</param>
public sealed record UtterancePair(string Name, SpeechFeatures Source, SpeechFeatures Target);
