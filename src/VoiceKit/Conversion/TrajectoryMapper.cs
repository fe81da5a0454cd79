using VoiceKit.Cepstra;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>
/// Conversion of whole trajectories: the static sequence that is most likely together with its dynamic features (MLPG).
/// Toda, Black, Tokuda 2007, "Voice conversion based on maximum-likelihood estimation of spectral parameter trajectory", eq. 22 - 41; all
/// mixtures count by their posteriors.
/// </summary>
/// <param name="model">The joint density of source and target.</param>
public sealed class TrajectoryMapper(JointDensityModel model) : ISpectralMapper
{
    // Posteriors and dynamic features of this many frames are in memory at a time.
    private const int BlockFrames = 2000;

    /// <summary>Receives the posteriors of some frames while they are there: the first frame, and [frames, M].</summary>
    internal Action<int, Frames>? Posteriors { get; init; }

    /// <inheritdoc/>
    public Frames Map(Frames source)
    {
        var system = Prepare(source);
        return system.Solve();
    }

    /// <summary>Computes the precisions and means of every frame, weighted with the posteriors, for one utterance.</summary>
    internal TrajectorySystem Prepare(Frames source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var system = new TrajectorySystem(source.Count, model.TargetDimension / DeltaWindow.Count);
        for (var start = 0; start < source.Count; start += BlockFrames)
            AddBlock(system, source, start, Math.Min(BlockFrames, source.Count - start));
        return system;
    }

    private void AddBlock(TrajectorySystem system, Frames source, int start, int count)
    {
        // Dynamic features look one frame back and ahead.
        var before = Math.Min(1, start);
        var around = Math.Min(source.Count, start + count + 1) - (start - before);
        var x = DeltaWindow.Append(source.Slice(start - before, around)).Slice(before, count);
        var posteriors = model.Posteriors(x);
        Posteriors?.Invoke(start, posteriors);
        var precisions = new FrameBuffer(count, model.TargetDimension);
        var weighted = new FrameBuffer(count, model.TargetDimension);
        var centred = new double[x.Dimension];
        var mean = new double[model.TargetDimension];
        for (var t = 0; t < count; t++)
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

        system.Add(start, precisions, weighted);
    }
}

/// <summary>
/// The normal equations of a trajectory, W^T P W y = W^T P E (Toda, Black, Tokuda 2007, eq. 39), one banded system a static dimension:
/// W makes dynamic features of statics, P are diagonal precisions, E the expected features.
/// </summary>
internal sealed class TrajectorySystem
{
    /// <summary>The number of sub-diagonals: frames two apart share a deltaDelta.</summary>
    private const int Width = 2;
    private const int Stride = Width + 1;
    private readonly double[][] bands;
    private readonly double[][] right;

    /// <summary>Makes systems without any expectation yet.</summary>
    /// <param name="count">The number of frames T.</param>
    /// <param name="dimension">The number of static dimensions D.</param>
    internal TrajectorySystem(int count, int dimension)
    {
        (Count, Dimension) = (count, dimension);
        bands = [.. Enumerable.Range(0, dimension).Select(_ => new double[count * Stride])];
        right = [.. Enumerable.Range(0, dimension).Select(_ => new double[count])];
    }

    /// <summary>Makes systems of all frames.</summary>
    /// <param name="precisions">P, [T, 3 D].</param>
    /// <param name="weighted">P E, [T, 3 D].</param>
    internal TrajectorySystem(Frames precisions, Frames weighted)
        : this(precisions.Count, precisions.Dimension / DeltaWindow.Count) => Add(0, precisions, weighted);

    /// <summary>Adds the expectations of some frames.</summary>
    /// <param name="start">The first frame.</param>
    /// <param name="precisions">P of these frames, [frames, 3 D].</param>
    /// <param name="weighted">P E of these frames, [frames, 3 D].</param>
    internal void Add(int start, Frames precisions, Frames weighted)
    {
        for (var d = 0; d < Dimension; d++)
        {
            for (var window = 0; window < DeltaWindow.Count; window++)
                AddWindow(window, start, precisions, weighted, (window * Dimension) + d, bands[d], right[d]);
        }
    }

    /// <summary>The number of frames T.</summary>
    internal int Count { get; }

    /// <summary>The number of static dimensions D.</summary>
    internal int Dimension { get; }

    /// <summary>The maximum-likelihood trajectory, [T, D].</summary>
    internal Frames Solve()
    {
        var result = new FrameBuffer(Count, Dimension);
        for (var d = 0; d < Dimension; d++)
        {
            var solution = (double[])right[d].Clone();
            BandedCholesky.Solve((double[])bands[d].Clone(), Width, solution);
            for (var t = 0; t < Count; t++)
                result[t][d] = solution[t];
        }

        return result;
    }

    /// <summary>
    /// The gradient of the log-likelihood of dimension <paramref name="d"/> at a trajectory: W^T P E - W^T P W y.
    /// </summary>
    internal void Gradient(int d, ReadOnlySpan<double> y, Span<double> destination)
    {
        right[d].CopyTo(destination);
        var band = bands[d];
        for (var t = 0; t < Count; t++)
        {
            destination[t] -= band[t * Stride] * y[t];
            for (var k = 1; k <= Math.Min(Width, t); k++)
            {
                destination[t] -= band[(t * Stride) + k] * y[t - k];
                destination[t - k] -= band[(t * Stride) + k] * y[t];
            }
        }
    }

    /// <summary>W^T P E of dimension <paramref name="d"/>, [T].</summary>
    internal ReadOnlySpan<double> Right(int d) => right[d];

    /// <summary>The diagonal of W^T P W of dimension <paramref name="d"/> at frame <paramref name="t"/>.</summary>
    internal double Diagonal(int d, int t) => bands[d][t * Stride];

    private void AddWindow(int window, int start, Frames precisions, Frames weighted, int column, double[] band, double[] vector)
    {
        for (var i = 0; i < precisions.Count; i++)
        {
            var t = start + i;
            var (precision, sum) = (precisions[i][column], weighted[i][column]);
            for (var a = -1; a <= 1; a++)
            {
                var weight = DeltaWindow.Weight(window, a, t, Count);
                if (weight == 0)
                    continue;
                vector[t + a] += weight * sum;
                for (var b = -1; b <= a; b++)
                    band[((t + a) * Stride) + a - b] += t + b >= 0 ? weight * precision * DeltaWindow.Weight(window, b, t, Count) : 0;
            }
        }
    }
}
