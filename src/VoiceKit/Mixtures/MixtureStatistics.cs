using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VoiceKit.Numerics;

namespace VoiceKit.Mixtures;

/// <summary>
/// The sufficient statistics of expectation-maximization: what one pass over frames leaves behind. Those of parts of the data add up to
/// those of the whole.
/// </summary>
public sealed class MixtureStatistics
{
    /// <summary>A frame whose posterior is below this does not change a covariance that thousands of frames make: it is left out.</summary>
    internal const double SmallestPosterior = 1e-7;

    private const int Chunk = 256;

    private readonly double[] occupancies;
    private readonly double[][] second;

    /// <summary>Takes statistics that were collected elsewhere; the arrays are owned, and the second sums are the lower triangles of [M][D x D].</summary>
    internal MixtureStatistics(int frameCount, double logLikelihood, double[] occupancies, Frames first, double[][] second)
    {
        (FrameCount, LogLikelihood, First) = (frameCount, logLikelihood, first);
        this.occupancies = occupancies;
        this.second = second;
    }

    private MixtureStatistics(int mixtureCount, int dimension)
    {
        occupancies = new double[mixtureCount];
        First = new Frames(mixtureCount, dimension);
        second = new double[mixtureCount][];
        for (var m = 0; m < mixtureCount; m++)
            second[m] = new double[dimension * dimension];
    }

    /// <summary>The number of frames seen.</summary>
    public int FrameCount { get; private set; }

    /// <summary>The sum over frames of ln p(x).</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>The sum of posteriors, [M].</summary>
    public ReadOnlySpan<double> Occupancies => occupancies;

    /// <summary>The sum of posterior x (x - centre), [M, D], where the centre is the mean of the mixture that gave the posteriors.</summary>
    internal Frames First { get; }

    /// <summary>The sum of posterior x (x - centre)(x - centre)^T of mixture <paramref name="m"/>, [D x D]; its lower triangle counts.</summary>
    internal ReadOnlySpan<double> Second(int m) => second[m];

    /// <summary>The expectation step: collects the statistics of frames under a mixture.</summary>
    public static MixtureStatistics Collect(GaussianMixture mixture, Frames frames)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(frames);
        var (posteriors, logLikelihood) = mixture.Posteriors(frames);
        return Collect(mixture.Means, posteriors, frames, logLikelihood * frames.Count);
    }

    /// <summary>Collects the statistics of frames with given posteriors, [T, M], about given centres, [M, D].</summary>
    internal static MixtureStatistics Collect(Frames centres, Frames posteriors, Frames frames, double logLikelihood)
    {
        var result = new MixtureStatistics(centres.Count, frames.Dimension) { FrameCount = frames.Count, LogLikelihood = logLikelihood };
        Parallel.For(0, centres.Count, m => result.CollectMixture(m, centres[m], posteriors, frames));
        return result;
    }

    /// <summary>Adds the statistics of another part of the data, under the same mixture.</summary>
    public void Add(MixtureStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        FrameCount += other.FrameCount;
        LogLikelihood += other.LogLikelihood;
        TensorPrimitives.Add(occupancies, other.occupancies, occupancies);
        TensorPrimitives.Add(First.Values, other.First.Values, First.Values);
        for (var m = 0; m < second.Length; m++)
            TensorPrimitives.Add(second[m], other.second[m], second[m]);
    }

    private void CollectMixture(int m, ReadOnlySpan<double> centre, Frames posteriors, Frames frames)
    {
        // Frames are gathered in chunks, centred, scaled by the root of the posterior and laid out by dimension: each product is then one dot.
        var dimension = frames.Dimension;
        var values = new double[dimension * Chunk];
        var row = new double[dimension];
        var filled = 0;
        for (var t = 0; t < frames.Count; t++)
        {
            var posterior = posteriors[t][m];
            if (posterior < SmallestPosterior)
                continue;
            occupancies[m] += posterior;
            TensorPrimitives.Subtract(frames[t], centre, row);
            TensorPrimitives.MultiplyAdd(row, posterior, First[m], First[m]);
            var root = Math.Sqrt(posterior);
            for (var d = 0; d < dimension; d++)
                values[(d * Chunk) + filled] = row[d] * root;
            if (++filled == Chunk)
            {
                AddProducts(values, dimension, second[m]);
                filled = 0;
            }
        }

        if (filled == 0)
            return;
        for (var d = 0; d < dimension; d++)
            values.AsSpan((d * Chunk) + filled, Chunk - filled).Clear();
        AddProducts(values, dimension, second[m]);
    }

    /// <summary>Adds the products of all pairs of rows to the lower triangle: two by two rows, so that each load serves two products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddProducts(double[] values, int dimension, double[] destination)
    {
        ref var origin = ref MemoryMarshal.GetArrayDataReference(values);
        for (var i = 0; i < dimension; i += 2)
        {
            var i1 = Math.Min(i + 1, dimension - 1);
            for (var j = 0; j <= i1; j += 2)
            {
                var j1 = Math.Min(j + 1, dimension - 1);
                var (r0, r1, c0, c1) = ((nuint)(i * Chunk), (nuint)(i1 * Chunk), (nuint)(j * Chunk), (nuint)(j1 * Chunk));
                Vector256<double> s00 = default, s01 = default, s10 = default, s11 = default;
                Vector256<double> t00 = default, t01 = default, t10 = default, t11 = default;
                for (nuint k = 0; k < Chunk; k += 8)
                {
                    var (a0, a1) = (Vector256.LoadUnsafe(ref origin, r0 + k), Vector256.LoadUnsafe(ref origin, r1 + k));
                    var (b0, b1) = (Vector256.LoadUnsafe(ref origin, c0 + k), Vector256.LoadUnsafe(ref origin, c1 + k));
                    s00 = Vector256.FusedMultiplyAdd(a0, b0, s00);
                    s01 = Vector256.FusedMultiplyAdd(a0, b1, s01);
                    s10 = Vector256.FusedMultiplyAdd(a1, b0, s10);
                    s11 = Vector256.FusedMultiplyAdd(a1, b1, s11);
                    (a0, a1) = (Vector256.LoadUnsafe(ref origin, r0 + k + 4), Vector256.LoadUnsafe(ref origin, r1 + k + 4));
                    (b0, b1) = (Vector256.LoadUnsafe(ref origin, c0 + k + 4), Vector256.LoadUnsafe(ref origin, c1 + k + 4));
                    t00 = Vector256.FusedMultiplyAdd(a0, b0, t00);
                    t01 = Vector256.FusedMultiplyAdd(a0, b1, t01);
                    t10 = Vector256.FusedMultiplyAdd(a1, b0, t10);
                    t11 = Vector256.FusedMultiplyAdd(a1, b1, t11);
                }

                destination[(i * dimension) + j] += Vector256.Sum(s00 + t00);
                if (j1 > j)
                    destination[(i * dimension) + j1] += Vector256.Sum(s01 + t01);
                if (i1 > i)
                    destination[(i1 * dimension) + j] += Vector256.Sum(s10 + t10);
                if (i1 > i && j1 > j)
                    destination[(i1 * dimension) + j1] += Vector256.Sum(s11 + t11);
            }
        }
    }
}
