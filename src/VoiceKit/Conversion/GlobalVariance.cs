using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>How the global variance is restored.</summary>
public enum GlobalVarianceMethod
{
    /// <summary>Not at all: the plain trajectory, which sounds muffled.</summary>
    None,

    /// <summary>Each coefficient is stretched about its mean (Silen, Helander, Nurminen, Gabbouj 2012): fast, keeps the shape.</summary>
    Scaling,

    /// <summary>The trajectory that is likely together with its variance, by gradient ascent (Toda, Black, Tokuda 2007, eq. 40 - 48).</summary>
    Gradient,
}

/// <summary>
/// The global variance of a speaker: the mean and variance over utterances of each coefficient's variance within an utterance.
/// Statistical mappings average, and so lose variance; restoring it removes the muffled sound.
/// </summary>
/// <param name="Mean">The mean of the utterances' variances, [D].</param>
/// <param name="Variance">The variance of the utterances' variances, [D].</param>
public sealed record GlobalVariance(IReadOnlyList<double> Mean, IReadOnlyList<double> Variance)
{
    /// <summary>Measures the global variance of utterances, each [T, D] (silence left out).</summary>
    public static GlobalVariance Measure(IReadOnlyList<Frames> utterances)
    {
        ArgumentNullException.ThrowIfNull(utterances);
        var used = utterances.Where(utterance => utterance.Count > 1).Select(VarianceOf).ToArray();
        if (used.Length == 0)
            throw new ArgumentException("No utterance has the two frames that a variance needs.", nameof(utterances));
        var dimension = used[0].Length;
        var (mean, variance) = (new double[dimension], new double[dimension]);
        for (var d = 0; d < dimension; d++)
        {
            var average = used.Average(values => values[d]);
            mean[d] = average;

            // One or two utterances tell nothing of the spread: a tenth of the mean stands in.
            var spread = used.Average(values => (values[d] - average) * (values[d] - average));
            variance[d] = Math.Max(spread, 0.01 * average * average);
        }

        return new GlobalVariance(mean, variance);
    }

    /// <summary>The variance of each coefficient over the frames, [D], divided by T (eq. 41).</summary>
    public static double[] VarianceOf(Frames frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        return [.. Enumerable.Range(0, frames.Dimension).Select(d => Moments(frames.Column(d)).Variance)];
    }

    /// <summary>The mean and the variance of values.</summary>
    internal static (double Mean, double Variance) Moments(ReadOnlySpan<double> values)
    {
        var mean = Reductions.Sum(values) / values.Length;
        var sum = 0.0;
        foreach (var value in values)
            sum += (value - mean) * (value - mean);
        return (mean, sum / values.Length);
    }
}
