using VoiceKit.Cepstra;
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

    /// <summary>What was chosen.</summary>
    /// <param name="Count">The number of mixtures.</param>
    /// <param name="HeldOut">How near it brought sentences that were held out.</param>
    internal sealed record Choice(int Count, HeldOutDistance HeldOut);

    /// <summary>Returns the best candidate; every fourth sentence is held out, converted, and aligned anew with the target.</summary>
    /// <param name="pairs">Aligned pairs, at least two.</param>
    /// <param name="join">Makes joint frames of a pair.</param>
    /// <param name="options">The settings of the fit.</param>
    /// <param name="expectation">Who collects the statistics of the fits' frames; null is this process.</param>
    /// <param name="progress">Receives each candidate and the share that is done while it is tried, and once more with the mean distance of the held-out sentences.</param>
    internal static Choice Choose(IReadOnlyList<AlignedPair> pairs, Func<AlignedPair, Frames> join, MixtureOptions options, Func<Frames, IExpectationStep>? expectation, Action<int, double, double?> progress)
    {
        var heldOut = pairs.Where((_, i) => i % Folds == Folds - 1 || (pairs.Count < Folds && i == pairs.Count - 1)).ToArray();
        var training = Frames.Concatenate([.. pairs.Except(heldOut).Select(join)]);
        var step = expectation?.Invoke(training);
        var (best, smallest) = (Candidates[0], double.PositiveInfinity);
        var nearest = double.NaN;
        var candidates = Candidates.Where(count => training.Count >= FramesPerMixture * count).ToArray();
        var (done, all) = (0.0, candidates.Sum());
        foreach (var count in candidates)
        {
            // A fit takes as long as it has mixtures; its two iterations are most of it.
            var start = done / all;
            double Share(double part) => start + (part * count / all);
            progress(count, Share(0), null);
            var mapper = new TrajectoryMapper(new JointDensityModel(ExpectationMaximization.Fit(
                training, options with { MixtureCount = count, Iterations = 2 }, (iteration, _) => progress(count, Share(iteration / 3.0), null), step)));
            var distance = heldOut.AsParallel().AsOrdered().Select(pair => pair.Distance(mapper)).Average();
            done += count;
            progress(count, done / all, distance);
            if (distance < smallest * (1 + Tie))
                (best, nearest) = (count, distance);
            smallest = Math.Min(smallest, distance);
        }

        var unconverted = heldOut.Average(pair => pair.UnconvertedDistance());
        return new Choice(best, new HeldOutDistance(heldOut.Length, nearest * MelCepstrum.DecibelsOfDistance, unconverted * MelCepstrum.DecibelsOfDistance));
    }
}

/// <summary>How near a model that had not heard them brought some sentences to the target's, before synthesis.</summary>
/// <param name="Sentences">How many sentences were held out.</param>
/// <param name="Converted">Their mean mel-cepstral distance from the target's in dB, converted; NaN where there was too little sound to try.</param>
/// <param name="Unconverted">The same for the source as it is.</param>
public sealed record HeldOutDistance(int Sentences, double Converted, double Unconverted);
