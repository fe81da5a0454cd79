using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Cepstra;

/// <summary>The level of mel-cepstral frames, and which of them are speech.</summary>
public static class FrameLevel
{
    /// <summary>
    /// How far below an utterance's mean power, in dB, its speech reaches: the usual power threshold. Scores and global variance are of
    /// these frames.
    /// </summary>
    public const double SpeechRange = 20;

    /// <summary>A recording whose loudest frame lies below this level in dB, about three steps of 16 bits, is silence.</summary>
    private const double SilenceLevel = -80;

    /// <summary>The mean power |H|^2 over the (unwarped) frequency axis in dB, [T].</summary>
    /// <param name="melCepstra">[T, m + 1].</param>
    /// <param name="alpha">Their all-pass constant.</param>
    public static double[] Of(Frames melCepstra, double alpha)
    {
        ArgumentNullException.ThrowIfNull(melCepstra);
        var table = WarpedAxis.Of(melCepstra.Dimension, alpha);
        var levels = new double[melCepstra.Count];
        var power = new double[WarpedAxis.Points];
        for (var t = 0; t < levels.Length; t++)
        {
            table.WritePower(melCepstra[t], power);
            levels[t] = 10 * Math.Log10(Reductions.Dot(power, table.Weights));
        }

        return levels;
    }

    /// <summary>The mean over frequency of a power spectrum of N / 2 + 1 bins, the mirrored half included.</summary>
    /// <param name="envelope">The power envelope, [N / 2 + 1].</param>
    public static double PowerOf(ReadOnlySpan<double> envelope) =>
        ((2 * Reductions.Sum(envelope)) - envelope[0] - envelope[^1]) / (2 * (envelope.Length - 1));

    /// <summary>Determines whether there is any sound: a recording without is left out of training and evaluation.</summary>
    /// <param name="levels">Levels in dB, [T].</param>
    public static bool HasSpeech(ReadOnlySpan<double> levels)
    {
        foreach (var level in levels)
        {
            if (level > SilenceLevel)
                return true;
        }

        return false;
    }

    /// <summary>The mean power of levels.</summary>
    /// <param name="levels">Levels in dB, [T].</param>
    internal static double MeanPower(ReadOnlySpan<double> levels)
    {
        var mean = 0.0;
        foreach (var level in levels)
            mean += Math.Pow(10, level / 10) / levels.Length;
        return mean;
    }

    /// <summary>The frames whose level is at most <paramref name="range"/> dB below the utterance's mean power, in order.</summary>
    /// <param name="levels">Levels in dB, [T].</param>
    /// <param name="range">How far below the mean speech may lie in dB.</param>
    public static int[] SpeechFrames(ReadOnlySpan<double> levels, double range)
    {
        var threshold = (10 * Math.Log10(MeanPower(levels))) - range;
        var frames = new List<int>(levels.Length);
        for (var t = 0; t < levels.Length; t++)
        {
            if (levels[t] > threshold)
                frames.Add(t);
        }

        return [.. frames];
    }
}

/// <summary>Points on the warped frequency axis, at which an envelope is evaluated.</summary>
internal sealed class WarpedAxis
{
    /// <summary>The number of points: midpoints of equal steps from 0 to pi.</summary>
    public const int Points = 128;

    // Nearly all calls of a program are of one alpha and of some orders, for which the table of the largest serves; another is made anew.
    private static volatile WarpedAxis? last;
    private readonly double alpha;

    private WarpedAxis(int dimension, double alpha)
    {
        this.alpha = alpha;
        var warped = Enumerable.Range(0, Points).Select(i => Math.PI * (i + 0.5) / Points).ToArray();
        Weights = Array.ConvertAll(warped, w => (1 - (alpha * alpha)) / (1 + (alpha * alpha) + (2 * alpha * Math.Cos(w))) / Points);
        Cosines = [.. Enumerable.Range(0, dimension).Select(m => Array.ConvertAll(warped, w => 2 * Math.Cos(m * w)))];
    }

    /// <summary>2 cos(m w~), [m][points].</summary>
    public double[][] Cosines { get; }

    /// <summary>The width on the plain axis that each point stands for, of sum 1.</summary>
    public double[] Weights { get; }

    /// <summary>Writes |H|^2 of a mel-cepstrum at each point.</summary>
    /// <param name="melCepstrum">The mel-cepstrum, c0 first.</param>
    /// <param name="power">The powers, [128].</param>
    public void WritePower(ReadOnlySpan<double> melCepstrum, Span<double> power)
    {
        power.Clear();
        for (var m = 0; m < melCepstrum.Length; m++)
            TensorPrimitives.MultiplyAdd(Cosines[m], melCepstrum[m], power, power);
        ElementaryFunctions.Exp(power, power);
    }

    /// <summary>The points for mel-cepstra of a dimension, with cosines for at least that one.</summary>
    /// <param name="dimension">m + 1.</param>
    /// <param name="alpha">The all-pass constant.</param>
    public static WarpedAxis Of(int dimension, double alpha) =>
        last is { } made && made.Cosines.Length >= dimension && made.alpha.Equals(alpha) ? made : last = new WarpedAxis(dimension, alpha);
}
