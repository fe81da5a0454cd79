using ILGPU;
using VoiceKit.Gpu.Kernels;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Gpu;

/// <summary>
/// The expectation steps of one fit on a GPU, in double precision: the frames are uploaded once, in blocks; an iteration brings the
/// mixture and takes back its statistics alone. Working memory is that of one block.
/// </summary>
internal sealed class GpuExpectation : IExpectationStep, IDisposable
{
    private const int MaxFrames = 1 << 16,
        MaxNumbers = 1 << 23,
        MinFramesPerSlice = 1024,
        TotalParts = 4096;

    private readonly GpuProgram program;
    private readonly MemoryPool pool;
    private readonly Action<Action> guard;
    private readonly int dimension,
        frameCount,
        blockFrames;
    private readonly List<(DoubleBuffer Frames, int Count)> blocks = [];

    public GpuExpectation(GpuProgram program, MemoryPool pool, Frames frames, Action<Action> guard)
    {
        (this.program, this.pool, this.guard, dimension, frameCount) = (program, pool, guard, frames.Dimension, frames.Count);
        blockFrames = Math.Max(1, Math.Min(MaxFrames, MaxNumbers / dimension));
        try
        {
            for (var start = 0; start < frameCount; start += blockFrames)
            {
                var count = Math.Min(blockFrames, frameCount - start);
                blocks.Add((Rent(count * dimension), count));
                blocks[^1].Frames.Upload(frames.Values.Slice(start * dimension, count * dimension));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The mixture has another dimension than the frames.</exception>
    /// <exception cref="ArithmeticException">A covariance is not positive definite.</exception>
    /// <exception cref="ObjectDisposedException">The device has taken the frames of another fit since.</exception>
    public MixtureStatistics Collect(GaussianMixture mixture)
    {
        MixtureStatistics? result = null;
        guard(() => result = CollectGuarded(mixture));
        return result!;
    }

    private MixtureStatistics CollectGuarded(GaussianMixture mixture)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ObjectDisposedException.ThrowIf(blocks.Count == 0 && frameCount > 0, this);
        if (mixture.Dimension != dimension)
            throw new ArgumentException($"The frames have {dimension} values; the mixture has {mixture.Dimension}.", nameof(mixture));
        var (count, edge) = (mixture.MixtureCount, program.MixtureEdge);
        var (order, tile) = (dimension + 1, 4 * edge);
        var tiles = (order + tile - 1) / tile;
        var pairs = tiles * (tiles + 1) / 2;
        var slices = Slices(count * (long)pairs);
        var whitened = new WhitenedMixture(mixture);
        using DoubleBuffer means = Send(mixture.Means.Values),
            whitening = Send(whitened.Whitening),
            constants = Send(whitened.Constants);
        using DoubleBuffer moments = Zeros(checked(slices * count * order * order)),
            totals = Zeros(TotalParts);
        var block = blocks.Count == 0 ? 0 : blocks[0].Count;
        using DoubleBuffer densities = Rent(checked(count * block)),
            logLikelihoods = Rent(block);
        foreach (var (frames, blockCount) in blocks)
        {
            var sizes = new MixtureSizes(
                count,
                dimension,
                blockCount,
                mixture.Structure == CovarianceStructure.Diagonal ? 1 : 0,
                (blockCount + slices - 1) / slices
            );
            var groups = checked((blockCount + tile - 1) / tile * count);
            program.WriteLogDensities(
                new KernelConfig(groups, edge * edge),
                sizes,
                frames.View,
                means.View,
                whitening.View,
                constants.View,
                densities.View
            );
            program.Normalize(blockCount, sizes, MixtureStatistics.MinPosterior, densities.View, logLikelihoods.View);
            program.AddUp(TotalParts, TotalParts, blockCount, logLikelihoods.View, totals.View);
            program.AddMoments(
                new KernelConfig(checked(slices * count * pairs), edge * edge),
                sizes,
                pairs,
                frames.View,
                means.View,
                densities.View,
                moments.View
            );
        }

        return Assemble(count, slices, Reductions.Sum(totals.Download()), moments.Download());
    }

    /// <summary>Gives the memory of the frames back.</summary>
    public void Dispose()
    {
        blocks.ForEach(block => block.Frames.Dispose());
        blocks.Clear();
    }

    private MixtureStatistics Assemble(int count, int slices, double logLikelihood, double[] moments)
    {
        var order = dimension + 1;
        var (occupancies, first, second) = (new double[count], new FrameBuffer(count, dimension), new double[count][]);
        for (var m = 0; m < count; m++)
        {
            var sum = moments.AsSpan(m * order * order, order * order);
            for (var slice = 1; slice < slices; slice++)
            {
                var part = moments.AsSpan(((slice * count) + m) * order * order, order * order);
                for (var i = 0; i < sum.Length; i++)
                    sum[i] += part[i];
            }

            occupancies[m] = sum[^1];
            sum.Slice(dimension * order, dimension).CopyTo(first[m]);
            second[m] = new double[dimension * dimension];
            for (var i = 0; i < dimension; i++)
                sum.Slice(i * order, i + 1).CopyTo(second[m].AsSpan(i * dimension));
        }

        return new MixtureStatistics(frameCount, logLikelihood, occupancies, first, second);
    }

    /// <summary>In how many slices a block's sums are shared, so that the device has enough groups: the same in every iteration.</summary>
    private int Slices(long groupsPerSlice)
    {
        var wanted = 8L * Math.Max(1, program.Accelerator.NumMultiprocessors);
        return (int)Math.Clamp(wanted / groupsPerSlice, 1, Math.Max(1, blockFrames / MinFramesPerSlice));
    }

    private DoubleBuffer Rent(int length) => new(program.Accelerator, pool, length);

    private DoubleBuffer Send(ReadOnlySpan<double> values)
    {
        var buffer = Rent(values.Length);
        buffer.Upload(values);
        return buffer;
    }

    private DoubleBuffer Zeros(int length)
    {
        var buffer = Rent(length);
        program.Clear(length, buffer.View);
        return buffer;
    }
}

/// <summary>A mixture as a device evaluates it: ln w[m] N(x; m) = constants[m] - |W[m] (x - mean[m])|^2 / 2.</summary>
internal sealed class WhitenedMixture
{
    /// <summary>Factorises the covariances.</summary>
    /// <exception cref="ArithmeticException">A covariance is not positive definite.</exception>
    public WhitenedMixture(GaussianMixture mixture)
    {
        var (count, dimension) = (mixture.MixtureCount, mixture.Dimension);
        var groups = CovarianceGroups.Of(mixture.Structure, dimension);
        Whitening = new double[checked(count * dimension * dimension)];
        Constants = new double[count];
        Parallel.For(
            0,
            count,
            ParallelLimit.Options(),
            m =>
            {
                var logDeterminant = 0.0;
                foreach (var group in groups)
                    logDeterminant += Whiten(
                        mixture.Covariance(m),
                        group,
                        Whitening.AsSpan(m * dimension * dimension, dimension * dimension),
                        dimension
                    );
                Constants[m] = Math.Log(mixture.Weights[m]) - (0.5 * ((dimension * Math.Log(2 * Math.PI)) + logDeterminant));
            }
        );

        // A parallel loop would wrap the exception of one mixture.
        if (Array.Exists(Constants, double.IsNaN))
            throw MixtureEvaluator.NotPositiveDefinite();
    }

    /// <summary>
    /// W, [M, D, D]: the inverses of the lower Cholesky factors, with zeros between what the structure leaves independent.
    /// </summary>
    public double[] Whitening { get; }

    /// <summary>[M].</summary>
    public double[] Constants { get; }

    /// <summary>
    /// Writes the inverse of the factor of one group of dimensions, and returns ln det of the group's covariance; undefined where it is not
    /// positive definite.
    /// </summary>
    private static double Whiten(ReadOnlySpan<double> covariance, int[] group, Span<double> whitening, int dimension)
    {
        if (MixtureEvaluator.TryFactorize(covariance, group, dimension) is not { } factor)
            return double.NaN;
        var n = group.Length;
        var column = new double[n];
        for (var j = 0; j < n; j++)
        {
            // Column j of the inverse solves L y = e[j]; it begins at row j.
            Array.Clear(column);
            column[j] = 1;
            Cholesky.SolveLower(factor, n, column);
            for (var i = j; i < n; i++)
                whitening[(group[i] * dimension) + group[j]] = column[i];
        }

        return Cholesky.LogDeterminant(factor, n);
    }
}
