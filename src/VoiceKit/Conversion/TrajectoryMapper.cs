using VoiceKit.Cepstra;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>
/// Conversion of whole trajectories: the static sequence that is most likely together with its dynamic features (MLPG).
/// Toda, Black, Tokuda 2007, "Voice conversion based on maximum-likelihood estimation of spectral parameter trajectory", eq. 19 - 39.
/// </summary>
public sealed class TrajectoryMapper(JointDensityModel model) : ISpectralMapper
{
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
        var x = DeltaWindow.Append(source);
        var posteriors = model.Posteriors(x);
        var precisions = new Frames(x.Count, model.TargetDimension);
        var weighted = new Frames(x.Count, model.TargetDimension);
        var centred = new double[x.Dimension];
        var mean = new double[model.TargetDimension];
        for (var t = 0; t < x.Count; t++)
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

        return new TrajectorySystem(precisions, weighted);
    }
}
