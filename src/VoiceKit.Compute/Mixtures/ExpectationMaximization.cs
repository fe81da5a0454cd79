using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Mixtures;

/// <summary>The settings of <see cref="ExpectationMaximization"/>.</summary>
public sealed record MixtureOptions
{
    /// <summary>Gets or sets the number of mixtures M; 8 by default.</summary>
    public int MixtureCount { get; init; } = 8;

    /// <summary>Gets or sets the structure of the covariances that are estimated; full by default.</summary>
    public CovarianceStructure Structure { get; init; } = CovarianceStructure.Full;

    /// <summary>Gets or sets the most iterations; 30 by default.</summary>
    public int Iterations { get; init; } = 30;

    /// <summary>Gets or sets the gain in mean log-likelihood a frame below which it ends; 0.001 by default.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>
    /// Gets or sets what is added to each variance, as a share of the dimension's variance over all frames; 0.001 by default.
    /// </summary>
    public double VarianceFloor { get; init; } = 1e-3;

    /// <summary>
    /// Gets or sets how many frames' worth of the mean within-mixture covariance each covariance is shrunk by; 0 (plain maximum likelihood)
    /// by default. Few frames estimate a large covariance badly, and all mixtures' covariances resemble each other.
    /// </summary>
    public double CovariancePriorCount { get; init; }

    /// <summary>Gets or sets the seed of the k-means++ start.</summary>
    public int Seed { get; init; }
}

/// <summary>Fits Gaussian mixtures by expectation-maximization (Dempster, Laird, Rubin 1977) from a k-means++ start.</summary>
public static class ExpectationMaximization
{
    /// <summary>Fits a mixture to frames on the CPU.</summary>
    /// <param name="frames">[T, D], at least twice as many frames as mixtures.</param>
    /// <param name="options">The settings.</param>
    /// <param name="progress">Receives each iteration.</param>
    /// <param name="cancellation">Ends the fit between two iterations.</param>
    /// <exception cref="ArgumentException">There are too few frames.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static GaussianMixture Fit(
        Frames frames,
        MixtureOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default
    ) => Fit(frames, options, new CpuExpectationStep(frames), progress, cancellation);

    /// <summary>Fits a mixture to frames.</summary>
    /// <param name="frames">[T, D], at least twice as many frames as mixtures.</param>
    /// <param name="options">The settings.</param>
    /// <param name="expectation">The E-step over these frames.</param>
    /// <param name="progress">Receives each iteration.</param>
    /// <param name="cancellation">Ends the fit between two iterations.</param>
    /// <exception cref="ArgumentException">There are too few frames.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static GaussianMixture Fit(
        Frames frames,
        MixtureOptions options,
        IExpectationStep expectation,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(options);
        if (frames.Count < 2 * options.MixtureCount)
            throw new ArgumentException($"{frames.Count} frames are too few for {options.MixtureCount} mixtures.", nameof(frames));
        return Continue(Start(frames, options), frames, options, expectation, progress, cancellation);
    }

    /// <summary>Goes on from a given mixture.</summary>
    /// <param name="mixture">Where to start.</param>
    /// <param name="frames">[T, D].</param>
    /// <param name="options">The settings; the mixture count is the given mixture's.</param>
    /// <param name="expectation">The E-step over these frames.</param>
    /// <param name="progress">Receives each iteration.</param>
    /// <param name="cancellation">Ends the fit between two iterations.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static GaussianMixture Continue(
        GaussianMixture mixture,
        Frames frames,
        MixtureOptions options,
        IExpectationStep expectation,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(expectation);
        var floor = VarianceFloor(frames, options);
        var previous = double.NegativeInfinity;
        for (var iteration = 1; iteration <= options.Iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var statistics = expectation.Collect(mixture);
            var logLikelihood = statistics.LogLikelihood / statistics.FrameCount;
            progress?.Report(new FitProgress(iteration, logLikelihood));
            if (logLikelihood - previous < options.Tolerance)
                break;
            previous = logLikelihood;
            mixture = Update(mixture, statistics, options, floor);
        }

        return mixture;
    }

    /// <summary>The maximization step: the mixture that the statistics ask for.</summary>
    /// <param name="mixture">The mixture that gave the statistics.</param>
    /// <param name="statistics">The sums over all frames.</param>
    /// <param name="options">The settings.</param>
    /// <param name="varianceFloor">What is added to the variances, [D].</param>
    public static GaussianMixture Update(
        GaussianMixture mixture,
        MixtureStatistics statistics,
        MixtureOptions options,
        ReadOnlySpan<double> varianceFloor
    )
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(options);
        return Update(mixture.Means, statistics, options, varianceFloor);
    }

    /// <summary>Computes the floor that <paramref name="options"/> add to the variances of these frames, [D].</summary>
    /// <param name="frames">The frames, [T, D].</param>
    /// <param name="options">The settings of the fit.</param>
    public static double[] VarianceFloor(Frames frames, MixtureOptions options)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(options);
        var mean = new double[frames.Dimension];
        var variance = new double[frames.Dimension];
        for (var t = 0; t < frames.Count; t++)
            TensorPrimitives.Add(mean, frames[t], mean);
        TensorPrimitives.Divide(mean, frames.Count, mean);
        for (var t = 0; t < frames.Count; t++)
        {
            for (var d = 0; d < mean.Length; d++)
                variance[d] += (frames[t][d] - mean[d]) * (frames[t][d] - mean[d]) / frames.Count;
        }

        return Array.ConvertAll(variance, value => Math.Max(value * options.VarianceFloor, 1e-12));
    }

    private static GaussianMixture Start(Frames frames, MixtureOptions options)
    {
        var labels = KMeans.Cluster(frames, options.MixtureCount, options.Seed);
        var posteriors = new FrameBuffer(frames.Count, options.MixtureCount);
        for (var t = 0; t < labels.Length; t++)
            posteriors[t][labels[t]] = 1;
        var centres = new FrameBuffer(options.MixtureCount, frames.Dimension);
        var floor = VarianceFloor(frames, options);

        // A cluster may hold a single frame: the start is shrunk towards the common covariance even where the fit is not.
        var start = options with
        {
            CovariancePriorCount = Math.Max(options.CovariancePriorCount, frames.Dimension),
        };
        return Update(centres, MixtureStatistics.Collect(centres, posteriors, frames, 0), start, floor);
    }

    private static GaussianMixture Update(
        Frames centres,
        MixtureStatistics statistics,
        MixtureOptions options,
        ReadOnlySpan<double> varianceFloor
    )
    {
        var (mixtureCount, dimension) = (centres.Count, centres.Dimension);
        var groups = CovarianceGroups.Of(options.Structure, dimension);
        var weights = new double[mixtureCount];
        var means = new FrameBuffer(mixtureCount, dimension);
        var scatters = new double[mixtureCount][];
        var pooled = new double[dimension * dimension];
        for (var m = 0; m < mixtureCount; m++)
        {
            var occupancy = Math.Max(statistics.Occupancies[m], 1e-10);
            weights[m] = occupancy;
            var shift = statistics.First[m].ToArray();
            TensorPrimitives.Divide(shift, occupancy, shift);
            TensorPrimitives.Add(centres[m], shift, means[m]);
            scatters[m] = Scatter(statistics.Second(m), shift, occupancy, groups, dimension);
            TensorPrimitives.Add(pooled, scatters[m], pooled);
        }

        TensorPrimitives.Divide(pooled, Reductions.Sum(weights), pooled);
        for (var m = 0; m < mixtureCount; m++)
        {
            TensorPrimitives.MultiplyAdd(pooled, options.CovariancePriorCount, scatters[m], scatters[m]);
            TensorPrimitives.Divide(scatters[m], weights[m] + options.CovariancePriorCount, scatters[m]);
            for (var d = 0; d < dimension; d++)
                scatters[m][(d * dimension) + d] = Math.Max(scatters[m][(d * dimension) + d], 0) + varianceFloor[d];
        }

        TensorPrimitives.Divide(weights, Reductions.Sum(weights), weights);
        return new GaussianMixture(weights, means, scatters, options.Structure);
    }

    /// <summary>The scatter about the new mean from that about the old one, both triangles, within the groups.</summary>
    private static double[] Scatter(ReadOnlySpan<double> second, double[] shift, double occupancy, int[][] groups, int dimension)
    {
        var scatter = new double[dimension * dimension];
        foreach (var group in groups)
        {
            for (var a = 0; a < group.Length; a++)
            {
                for (var b = 0; b <= a; b++)
                {
                    var (i, j) = (group[a], group[b]);
                    var value = second[(i * dimension) + j] - (occupancy * shift[i] * shift[j]);
                    scatter[(i * dimension) + j] = scatter[(j * dimension) + i] = value;
                }
            }
        }

        return scatter;
    }
}

/// <summary>An iteration of expectation-maximization.</summary>
/// <param name="Iteration">Its number, from 1.</param>
/// <param name="LogLikelihood">The mean log-likelihood of a frame before its M-step.</param>
public readonly record struct FitProgress(int Iteration, double LogLikelihood);

/// <summary>The E-step of a fit: computes the sufficient statistics of all its frames, wherever the frames lie.</summary>
public interface IExpectationStep
{
    /// <summary>Collects the statistics of all frames of the fit under a mixture.</summary>
    MixtureStatistics Collect(GaussianMixture mixture);
}

/// <summary>The E-step in this process, on all cores.</summary>
/// <param name="frames">The frames of the fit, [T, D].</param>
public sealed class CpuExpectationStep(Frames frames) : IExpectationStep
{
    /// <inheritdoc/>
    public MixtureStatistics Collect(GaussianMixture mixture) => MixtureStatistics.Collect(mixture, frames);
}
