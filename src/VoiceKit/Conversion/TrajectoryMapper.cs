using VoiceKit.Cepstra;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>
/// Conversion of whole trajectories: the static sequence that is most likely together with its dynamic features (MLPG).
/// Toda, Black, Tokuda 2007, "Voice conversion based on maximum-likelihood estimation of spectral parameter trajectory", eq. 19 - 39.
/// </summary>
public sealed class TrajectoryMapper(JointDensityModel model) : ISpectralMapper
{
    // Posteriors and dynamic features of this many frames are in memory at a time.
    private const int BlockFrames = 2000;

    /// <inheritdoc/>
    public Frames Map(Frames source)
    {
        var system = Prepare(source);
        return system.Solve();
    }

    /// <summary>Collects the weighted precisions and means of every frame (eq. 36 and 37) for one utterance.</summary>
    internal TrajectorySystem Prepare(Frames source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var system = new TrajectorySystem(source.Count, model.TargetDimension / DeltaWindow.Count);
        for (var start = 0; start < source.Count; start += BlockFrames)
            AddBlock(system, source, start, Math.Min(BlockFrames, source.Count - start));
        return system;
    }

    private void AddBlock(TrajectorySystem system, Frames source, int start, int count)
    {
        // Dynamic features look one frame back and ahead.
        var before = Math.Min(1, start);
        var around = Math.Min(source.Count, start + count + 1) - (start - before);
        var x = DeltaWindow.Append(source.Slice(start - before, around)).Slice(before, count);
        var posteriors = model.Posteriors(x);
        var precisions = new Frames(count, model.TargetDimension);
        var weighted = new Frames(count, model.TargetDimension);
        var centred = new double[x.Dimension];
        var mean = new double[model.TargetDimension];
        for (var t = 0; t < count; t++)
        {
            var precision = precisions[t];
            var sum = weighted[t];
            for (var m = 0; m < posteriors.Dimension; m++)
            {
                var posterior = posteriors[t][m];
                if (!JointDensityModel.Matters(posterior))
                    continue;
                model.WriteConditionalMean(m, x[t], centred, mean);
                var variances = model.ConditionalVariances(m);
                for (var d = 0; d < mean.Length; d++)
                {
                    var weight = posterior / variances[d];
                    precision[d] += weight;
                    sum[d] += weight * mean[d];
                }
            }
        }

        system.Add(start, precisions, weighted);
    }
}
