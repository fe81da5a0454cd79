using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>Chooses the number of mixtures by the likelihood of sentences that were held out: too many mixtures learn the sentences by heart.</summary>
internal static class MixtureSelection
{
    /// <summary>The number of mixtures of the passes that only serve alignment.</summary>
    internal const int ForAlignment = 8;

    private static readonly int[] Candidates = [4, 8, 16, 32, 64];

    /// <summary>Returns the best candidate; every fifth sentence is held out.</summary>
    /// <param name="sentences">Joint frames, one element a sentence.</param>
    /// <param name="options">The settings of the fit.</param>
    internal static int Choose(IReadOnlyList<Frames> sentences, MixtureOptions options)
    {
        var heldOut = sentences.Where((_, i) => i % 5 == 4 || (sentences.Count < 5 && i == sentences.Count - 1)).ToArray();
        var training = Frames.Concatenate([.. sentences.Except(heldOut)]);
        var test = Frames.Concatenate(heldOut);
        var (best, bestLikelihood) = (Candidates[0], double.NegativeInfinity);
        foreach (var count in Candidates.Where(count => training.Count >= 50 * count))
        {
            var mixture = ExpectationMaximization.Fit(training, options with { MixtureCount = count, Iterations = 5 });
            var likelihood = mixture.Posteriors(test).LogLikelihood;
            if (likelihood < bestLikelihood)
                break;
            (best, bestLikelihood) = (count, likelihood);
        }

        return best;
    }
}
