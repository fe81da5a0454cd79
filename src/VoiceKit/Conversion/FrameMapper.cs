using System.Numerics.Tensors;
using VoiceKit.Cepstra;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>
/// The classic frame-by-frame conversion: y = E[y | x] = sum over m of p(m | x) (meanY + covarianceYX covarianceXX^-1 (x - meanX))
/// (Stylianou, Cappe, Moulines 1998; Kain and Macon 1998; Toda, Black, Tokuda 2007, eq. 13).
/// </summary>
/// <param name="model">The joint density of source and target.</param>
public sealed class FrameMapper(JointDensityModel model) : ISpectralMapper
{
    /// <inheritdoc/>
    public Frames Map(Frames source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var x = DeltaWindow.Append(source);
        var posteriors = model.Posteriors(x);
        var result = new FrameBuffer(source.Count, model.TargetDimension / DeltaWindow.Count);
        var centred = new double[x.Dimension];
        var mean = new double[result.Dimension];
        for (var t = 0; t < result.Count; t++)
        {
            for (var m = 0; m < posteriors.Dimension; m++)
            {
                var posterior = posteriors[t][m];
                if (!JointDensityModel.Matters(posterior))
                    continue;
                model.WriteConditionalMean(m, x[t], centred, mean);
                TensorPrimitives.MultiplyAdd(mean, posterior, result[t], result[t]);
            }
        }

        return result;
    }
}

/// <summary>Maps a source speaker's spectral features to the target speaker's.</summary>
public interface ISpectralMapper
{
    /// <summary>Maps static features of one utterance, [T, D] to [T, D].</summary>
    Frames Map(Frames source);
}
