using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Cepstra;

/// <summary>The level of mel-cepstral frames, and the threshold that parts speech from silence.</summary>
public static class FrameLevel
{
    private const int Points = 64;

    // cos(m w) at the midpoints of Points equal steps of the warped axis is enough to integrate the power of usual orders.
    private static readonly double[][] Cosines = [.. Enumerable.Range(0, 128).Select(m =>
        Enumerable.Range(0, Points).Select(i => Math.Cos(m * Math.PI * (i + 0.5) / Points)).ToArray())];

    /// <summary>The mean over the warped frequency axis of |H|^2 in dB, [T].</summary>
    /// <param name="melCepstra">[T, m + 1], of order at most 127.</param>
    public static double[] Of(Frames melCepstra)
    {
        ArgumentNullException.ThrowIfNull(melCepstra);
        var levels = new double[melCepstra.Count];
        var power = new double[Points];
        for (var t = 0; t < levels.Length; t++)
        {
            Array.Clear(power);
            for (var m = 0; m < melCepstra.Dimension; m++)
                TensorPrimitives.MultiplyAdd(Cosines[m], 2 * melCepstra[t][m], power, power);
            TensorPrimitives.Exp<double>(power, power);
            levels[t] = 10 * Math.Log10(TensorPrimitives.Average<double>(power));
        }

        return levels;
    }

    /// <summary>The level between two heaps of levels that leaves the least variance within each (Otsu 1979).</summary>
    /// <param name="levels">Levels in dB, any number.</param>
    /// <returns>A threshold in dB; -infinity when there are fewer than two different levels.</returns>
    public static double SilenceThreshold(IEnumerable<double> levels)
    {
        var sorted = levels.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length < 2 || sorted[0] == sorted[^1])
            return double.NegativeInfinity;
        var (total, below, best, threshold) = (sorted.Sum(), 0.0, double.NegativeInfinity, 0.0);
        for (var i = 1; i < sorted.Length; i++)
        {
            below += sorted[i - 1];
            var (meanBelow, meanAbove) = (below / i, (total - below) / (sorted.Length - i));
            var between = (double)i * (sorted.Length - i) * (meanAbove - meanBelow) * (meanAbove - meanBelow);
            if (between > best)
                (best, threshold) = (between, (sorted[i - 1] + sorted[i]) / 2);
        }

        return threshold;
    }
}
