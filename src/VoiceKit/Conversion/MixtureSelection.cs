using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>Chooses the number of mixtures by how near held-out sentences come to the target: too many mixtures learn the sentences by heart.</summary>
internal static class MixtureSelection
{
    /// <summary>The number of mixtures of the passes that only serve alignment.</summary>
    internal const int ForAlignment = 8;

    private const int Folds = 4;
    private const int FramesPerMixture = 100;

    // More mixtures that do as well within this share are taken: the fit to all sentences has a third more frames than the trial.
    private const double Tie = 0.005;
    private static readonly int[] Candidates = [8, 16, 32, 64];

    /// <summary>Returns the best candidate; every fourth sentence is held out, converted, and aligned anew with the target.</summary>
    /// <param name="pairs">Aligned pairs, at least two.</param>
    /// <param name="join">Makes joint frames of a pair.</param>
    /// <param name="options">The settings of the fit.</param>
    /// <param name="expectation">Who collects the statistics of the fits' frames; null is this process.</param>
    /// <param name="progress">Receives each candidate while it is tried, and once more with the mean distance of the held-out sentences.</param>
    internal static int Choose(IReadOnlyList<AlignedPair> pairs, Func<AlignedPair, Frames> join, MixtureOptions options, Func<Frames, IExpectationStep>? expectation, Action<int, double?> progress)
    {
        var heldOut = pairs.Where((_, i) => i % Folds == Folds - 1 || (pairs.Count < Folds && i == pairs.Count - 1)).ToArray();
        var training = Frames.Concatenate([.. pairs.Except(heldOut).Select(join)]);
        var step = expectation?.Invoke(training);
        var (best, smallest) = (Candidates[0], double.PositiveInfinity);
        foreach (var count in Candidates.Where(count => training.Count >= FramesPerMixture * count))
        {
            var mapper = new TrajectoryMapper(new JointDensityModel(ExpectationMaximization.Fit(training, options with { MixtureCount = count, Iterations = 2 }, (_, _) => progress(count, null), step)));
            var distance = heldOut.AsParallel().AsOrdered().Select(pair => pair.Distance(mapper)).Average();
            progress(count, distance);
            if (distance < smallest * (1 + Tie))
                best = count;
            smallest = Math.Min(smallest, distance);
        }

        return best;
    }
}
