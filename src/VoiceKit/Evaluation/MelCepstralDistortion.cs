using VoiceKit.Alignment;
using VoiceKit.Cepstra;
using VoiceKit.Numerics;

namespace VoiceKit.Evaluation;

/// <summary>The mel-cepstral distortion in dB: 10 / ln 10 sqrt(2 sum over m of (x[m] - y[m])^2) averaged over aligned frames (Kubichek 1993).</summary>
public static class MelCepstralDistortion
{
    /// <summary>Aligns by dynamic time warping and measures.</summary>
    /// <param name="converted">Mel-cepstra without c0, [T, m].</param>
    /// <param name="target">Mel-cepstra without c0, [T', m].</param>
    /// <returns>The distortion and the alignment.</returns>
    public static (double Decibels, WarpingPath Path) Measure(Frames converted, Frames target)
    {
        var path = DynamicTimeWarping.Align(converted, target);
        return (MelCepstrum.DecibelsOfDistance * path.MeanCost, path);
    }
}
