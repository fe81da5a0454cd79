namespace VoiceKit.Music;

/// <summary>How a music model is trained.</summary>
public sealed record MusicTrainingOptions
{
    /// <summary>The grid of the snippets.</summary>
    public SnippetLayout Layout { get; init; } = new();

    /// <summary>The size of the generator.</summary>
    public GeneratorOptions Generator { get; init; } = new();

    /// <summary>The channels of the critic.</summary>
    public int CriticChannels { get; init; } = 64;

    /// <summary>The snippets of a step, a multiple of 8.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>
    /// The steps in all; the learning rate falls to a twentieth over the last tenth. Long trainings on a few thousand windows end worse: the
    /// critic learns them by heart.
    /// </summary>
    public int StepCount { get; init; } = 7_000;

    /// <summary>The learning rate of both networks.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The weight of the gradient penalty (Gulrajani et al. 2017).</summary>
    public double PenaltyWeight { get; init; } = 10;

    /// <summary>The penalty is taken every so many steps, with as many times the weight: it costs as much as the rest of the step.</summary>
    public int PenaltyInterval { get; init; } = 2;

    /// <summary>The decay of the generator's average over the steps, which is what the model keeps.</summary>
    public double AverageDecay { get; init; } = 0.998;

    /// <summary>The seed of all random numbers.</summary>
    public ulong Seed { get; init; } = 1;
}
