using VoiceKit.Cepstra;
using VoiceKit.Conversion;
using VoiceKit.Features;
using VoiceKit.Numerics;

namespace VoiceKit.Evaluation;

/// <summary>The distance of an utterance from the same sentence by the target speaker.</summary>
/// <param name="Name">The utterance's name.</param>
/// <param name="MelCepstralDistortion">In dB, without c0, over speech frames.</param>
/// <param name="LogF0Rmse">The root mean square error of ln F0 over aligned frames voiced in both; NaN when there are none.</param>
/// <param name="LogF0Correlation">The correlation of ln F0 over the same frames.</param>
/// <param name="VoicingError">The share of aligned frames voiced in one and not in the other, 0 .. 1.</param>
/// <param name="Variances">The variances of the utterance's coefficients over speech frames, [m].</param>
/// <param name="TargetVariances">Those of the target's utterance, [m].</param>
public sealed record UtteranceScore(
    string Name,
    double MelCepstralDistortion,
    double LogF0Rmse,
    double LogF0Correlation,
    double VoicingError,
    IReadOnlyList<double> Variances,
    IReadOnlyList<double> TargetVariances
)
{
    /// <summary>
    /// Gets or sets how far the modulation spectra of the utterance's coefficients are from the target's in dB: up to half the frame rate /
    /// 2, averaged over coefficients and frequencies. NaN where there are less than 64 frames of speech.
    /// </summary>
    public double ModulationDistance { get; init; } = double.NaN;

    /// <summary>
    /// Gets or sets how far the levels of eight bands, equal steps on the mel axis, are from the target's in dB, each relative to the
    /// whole.
    /// </summary>
    public double BandLevelError { get; init; } = double.NaN;

    /// <summary>Compares features with the target's. Speech frames are chosen on either side by its own levels.</summary>
    /// <param name="name">The utterance's name.</param>
    /// <param name="converted">The converted features.</param>
    /// <param name="levels">The levels in dB that tell speech from silence in the converted utterance, [T].</param>
    /// <param name="target">The target's features.</param>
    public static UtteranceScore Measure(string name, SpeechFeatures converted, double[] levels, SpeechFeatures target)
    {
        ArgumentNullException.ThrowIfNull(converted);
        ArgumentNullException.ThrowIfNull(target);
        var speech = FrameLevel.SpeechFrames(levels, FrameLevel.SpeechRange);
        var targetSpeech = FrameLevel.SpeechFrames(target.Levels(), FrameLevel.SpeechRange);
        if (speech.Length == 0 || targetSpeech.Length == 0)
            throw new ArgumentException($"{name}: one of the two recordings holds no speech.", nameof(converted));
        var (statics, targetStatics) = (converted.Statics(), target.WithOrder(converted.Order).Statics());
        var (spectra, targetSpectra) = (statics.Rows(speech), targetStatics.Rows(targetSpeech));
        var (distortion, path) = Evaluation.MelCepstralDistortion.Measure(spectra, targetSpectra);
        var (rmse, correlation, voicing) = CompareF0(path, t => converted.F0[speech[t]], t => target.F0[targetSpeech[t]]);
        return new UtteranceScore(
            name,
            distortion,
            rmse,
            correlation,
            voicing,
            GlobalVariance.VarianceOf(spectra),
            GlobalVariance.VarianceOf(targetSpectra)
        )
        {
            ModulationDistance = ModulationSpectrum.Distance(
                ModulationSpectrum.Of(statics, speech),
                ModulationSpectrum.Of(targetStatics, targetSpeech)
            ),
            BandLevelError = CompareBands(BandLevels.Of(converted, speech), BandLevels.Of(target, targetSpeech)),
        };
    }

    private static double CompareBands(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();

    private static (double Rmse, double Correlation, double VoicingError) CompareF0(
        WarpingPath path,
        Func<int, double> source,
        Func<int, double> target
    )
    {
        List<double> x = [],
            y = [];
        var voicingErrors = 0;
        for (var i = 0; i < path.Count; i++)
        {
            var (a, b) = (source(path.Source[i]), target(path.Target[i]));
            if (a > 0 != b > 0)
                voicingErrors++;
            if (a <= 0 || b <= 0)
                continue;
            x.Add(Math.Log(a));
            y.Add(Math.Log(b));
        }

        if (x.Count == 0)
            return (double.NaN, double.NaN, (double)voicingErrors / path.Count);
        var rmse = Math.Sqrt(x.Zip(y, (a, b) => (a - b) * (a - b)).Average());
        var (meanX, meanY) = (x.Average(), y.Average());
        var covariance = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        var norms = Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX)) * y.Sum(b => (b - meanY) * (b - meanY)));
        return (rmse, norms > 0 ? covariance / norms : double.NaN, (double)voicingErrors / path.Count);
    }
}

/// <summary>
/// The mel-cepstral distortion in dB: 10 / ln 10 sqrt(2 sum over m of (x[m] - y[m])^2) averaged over aligned frames (Kubichek 1993).
/// </summary>
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

/// <summary>The levels of bands over the speech of an utterance.</summary>
internal static class BandLevels
{
    /// <summary>The number of bands, equal steps on the warped frequency axis.</summary>
    public const int Count = 8;

    /// <summary>The power of each band in dB, relative to that of all bands, [8].</summary>
    /// <param name="features">The features.</param>
    /// <param name="speech">The frames to average over.</param>
    public static double[] Of(SpeechFeatures features, ReadOnlySpan<int> speech)
    {
        var axis = WarpedAxis.Of(features.MelCepstrum.Dimension, features.Alpha);
        var bands = new double[Count];
        var power = new double[WarpedAxis.Points];
        foreach (var t in speech)
        {
            axis.WritePower(features.MelCepstrum[t], power);
            for (var i = 0; i < power.Length; i++)
                bands[i * Count / power.Length] += power[i] * axis.Weights[i];
        }

        var total = bands.Sum();
        return Array.ConvertAll(bands, band => 10 * Math.Log10(band / total));
    }
}
