namespace VoiceKit.Mixtures;

/// <summary>Who computes the expectation step of a fit: the sums over all its frames, wherever the frames lie.</summary>
public interface IExpectationStep
{
    /// <summary>Collects the statistics of all frames of the fit under a mixture.</summary>
    MixtureStatistics Collect(GaussianMixture mixture);
}
