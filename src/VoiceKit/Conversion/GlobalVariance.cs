using System.Numerics.Tensors;
using VoiceKit.Files;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>The methods of restoring global variance.</summary>
public enum GlobalVarianceMethod
{
    /// <summary>Not at all: the plain trajectory, which sounds muffled.</summary>
    None,

    /// <summary>Each coefficient is stretched about its mean (Silen, Helander, Nurminen, Gabbouj 2012): fast, keeps the shape.</summary>
    Scaling,

    /// <summary>
    /// The trajectory that is likely together with its variance, by gradient ascent (Toda, Black, Tokuda 2007, section IV). It needs
    /// <see cref="SpectralMapping.Trajectory"/>.
    /// </summary>
    Gradient,
}

/// <summary>
/// The global variance of a speaker: the mean and variance over utterances of each coefficient's variance within an utterance.
/// Statistical mappings average, and so lose variance; restoring it removes the muffled sound.
/// </summary>
/// <remarks>A value: checked where it is made, and nothing that it gives can be written to.</remarks>
public sealed class GlobalVariance
{
    /// <summary>Copies the statistics.</summary>
    /// <param name="mean">The mean of the utterances' variances, [D], not negative.</param>
    /// <param name="variance">The variance of the utterances' variances, [D], not negative.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a number is negative or not finite.</exception>
    public GlobalVariance(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance)
    {
        if (mean.Length != variance.Length)
            throw new ArgumentException($"There are {mean.Length} means and {variance.Length} variances.", nameof(variance));
        Mean = Array.AsReadOnly(Checked(mean, nameof(mean)));
        Variance = Array.AsReadOnly(Checked(variance, nameof(variance)));
    }

    /// <summary>Gets the mean of the utterances' variances, [D].</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Gets the variance of the utterances' variances, [D].</summary>
    public IReadOnlyList<double> Variance { get; }

    /// <summary>Measures the global variance of utterances, each [T, D] (silence left out).</summary>
    /// <param name="utterances">The utterances, each [T, D], without silence.</param>
    public static GlobalVariance Measure(IReadOnlyList<Frames> utterances)
    {
        ArgumentNullException.ThrowIfNull(utterances);
        var used = utterances.Where(utterance => utterance.Count > 1).Select(VarianceOf).ToArray();
        if (used.Length == 0)
            throw new UnusableDataException("No utterance has the two frames that a variance needs.");
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

    /// <summary>The variance of each coefficient over the frames, [D], divided by T.</summary>
    /// <param name="frames">The frames, [T, D].</param>
    public static double[] VarianceOf(Frames frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        return [.. Enumerable.Range(0, frames.Dimension).Select(d => Moments(frames.Column(d)).Variance)];
    }

    private static double[] Checked(ReadOnlySpan<double> values, string name)
    {
        foreach (var value in values)
        {
            if (!(value >= 0 && double.IsFinite(value)))
                throw new ArgumentException($"A variance is {value}; it must be finite and not negative.", name);
        }

        return values.ToArray();
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

/// <summary>
/// Restores the global variance of what another mapper returns: each coefficient is scaled about its mean (Silen, Helander, Nurminen,
/// Gabbouj 2012).
/// </summary>
/// <param name="inner">The mapper.</param>
/// <param name="target">The target speaker's global variance.</param>
/// <param name="speech">The frames of the utterance that are speech: the variance is that of speech, and silence must not enter it.</param>
public sealed class VarianceScalingMapper(ISpectralMapper inner, GlobalVariance target, IReadOnlyList<int> speech) : ISpectralMapper
{
    private readonly int[] speech = [.. speech];

    /// <inheritdoc/>
    public Frames Map(Frames source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Scale(inner.Map(source), target, speech);
    }

    /// <summary>Scales each coefficient so that its variance in speech is the target's; two frames of speech are needed.</summary>
    internal static Frames Scale(Frames mapped, GlobalVariance target, int[] speech)
    {
        if (speech.Length < 2)
            return mapped;
        var result = mapped.ToBuffer();
        for (var d = 0; d < result.Dimension; d++)
        {
            var (mean, current) = SpeechMoments(mapped.Column(d), speech);
            var factor = current > 0 ? Math.Sqrt(target.Mean[d] / current) : 1;
            for (var t = 0; t < result.Count; t++)
                result[t][d] = mean + (factor * (mapped[t][d] - mean));
        }

        return result;
    }

    internal static (double Mean, double Variance) SpeechMoments(double[] column, int[] speech) =>
        GlobalVariance.Moments(Array.ConvertAll(speech, t => column[t]));
}

/// <summary>
/// Finds the trajectories that are likely together with their global variance, by gradient ascent from scaled ones (Toda, Black, Tokuda
/// 2007, section IV; the start is eq. 58).
/// </summary>
/// <param name="inner">The trajectory mapper.</param>
/// <param name="target">The target speaker's global variance.</param>
/// <param name="speech">The frames of the utterance that are speech: the variance is that of speech, and silence must not enter it.</param>
public sealed class GradientVarianceMapper(TrajectoryMapper inner, GlobalVariance target, IReadOnlyList<int> speech) : ISpectralMapper
{
    private readonly int[] speech = [.. speech];

    private const int Iterations = 60;

    /// <inheritdoc/>
    public Frames Map(Frames source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var system = inner.Prepare(source);
        var start = VarianceScalingMapper.Scale(system.Solve(), target, speech);
        if (speech.Length < 2)
            return start;
        var result = start.ToBuffer();
        Parallel.For(
            0,
            result.Dimension,
            ParallelLimit.Options(),
            d =>
            {
                var column = result.Column(d);
                Ascend(system, d, column);
                for (var t = 0; t < column.Length; t++)
                    result[t][d] = column[t];
            }
        );
        return result;
    }

    /// <summary>
    /// Ascends omega ln P(y) + ln N(v(y)) by steps scaled with the diagonal of the Hessian; a step that does not gain is halved.
    /// </summary>
    private void Ascend(TrajectorySystem system, int d, double[] column)
    {
        var weight = 1.0 / (Cepstra.DeltaWindow.Count * speech.Length);
        var gradient = new double[column.Length];
        var trial = new double[column.Length];
        var trialGradient = new double[column.Length];
        var step = 1.0;
        var best = Objective(system, d, column, weight, gradient);
        for (var iteration = 0; iteration < Iterations && step > 1e-4; iteration++)
        {
            for (var t = 0; t < trial.Length; t++)
                trial[t] = column[t] + (step * gradient[t]);
            var value = Objective(system, d, trial, weight, trialGradient);
            if (value > best)
            {
                trial.CopyTo(column, 0);
                (gradient, trialGradient) = (trialGradient, gradient);
                (best, step) = (value, step * 1.5);
            }
            else
            {
                step /= 2;
            }
        }
    }

    /// <summary>The objective and its ascent direction: the gradient over the Hessian's diagonal.</summary>
    private double Objective(TrajectorySystem system, int d, double[] column, double weight, double[] direction)
    {
        var (mean, variance) = VarianceScalingMapper.SpeechMoments(column, speech);
        var precision = 1 / target.Variance[d];
        var excess = variance - target.Mean[d];
        system.Gradient(d, column, direction);

        // ln P(y) = y (r + g) / 2 + const, with r = W^T P E and g = r - W^T P W y the gradient.
        var likelihood = (Reductions.Dot(column, system.Right(d)) + Reductions.Dot(column, direction)) / 2;
        TensorPrimitives.Multiply(direction, weight, direction);
        foreach (var t in speech)
            direction[t] -= 2.0 / speech.Length * precision * excess * (column[t] - mean);
        for (var t = 0; t < direction.Length; t++)
        {
            var curvature = (weight * system.Diagonal(d, t)) + (2.0 / speech.Length * precision * Math.Abs(excess));
            direction[t] /= curvature;
        }

        return (weight * likelihood) - (0.5 * precision * excess * excess);
    }
}
