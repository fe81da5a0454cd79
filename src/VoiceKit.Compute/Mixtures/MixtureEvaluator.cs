using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VoiceKit.Numerics;

namespace VoiceKit.Mixtures;

/// <summary>
/// Evaluates ln w[m] N(x; mean[m], covariance[m]) for blocks of sixteen frames at once: the triangular systems L y = x - mean of a block
/// are solved side by side in vector registers.
/// </summary>
internal sealed class MixtureEvaluator
{
    /// <summary>The number of frames that are worked on together: four vectors of four doubles.</summary>
    private const int Block = 16;

    private readonly GaussianMixture mixture;
    private readonly int[][] groups;
    private readonly double[][][] factors;
    private readonly double[] constants;

    /// <summary>Factorises the covariances.</summary>
    /// <exception cref="ArithmeticException">A covariance is not positive definite.</exception>
    internal MixtureEvaluator(GaussianMixture mixture)
    {
        this.mixture = mixture;
        groups = CovarianceGroups.Of(mixture.Structure, mixture.Dimension);
        factors = new double[mixture.MixtureCount][][];
        constants = new double[mixture.MixtureCount];
        for (var m = 0; m < factors.Length; m++)
        {
            factors[m] = new double[groups.Length][];
            var logDeterminant = 0.0;
            for (var g = 0; g < groups.Length; g++)
            {
                factors[m][g] = TryFactorize(mixture.Covariance(m), groups[g], mixture.Dimension) ?? throw NotPositiveDefinite();
                logDeterminant += Cholesky.LogDeterminant(factors[m][g], groups[g].Length);
                InvertDiagonal(factors[m][g], groups[g].Length);
            }

            constants[m] = Math.Log(mixture.Weights[m]) - (0.5 * ((mixture.Dimension * Math.Log(2 * Math.PI)) + logDeterminant));
        }
    }

    /// <summary>Writes ln w[m] N(x[t]; m), [T, M].</summary>
    internal void WriteLogDensities(Frames frames, FrameBuffer destination)
    {
        var blockCount = (frames.Count + Block - 1) / Block;
        Parallel.For(
            0,
            blockCount,
            ParallelLimit.Options(),
            () => new Scratch(frames.Dimension),
            (block, _, scratch) =>
            {
                var first = block * Block;
                var count = Math.Min(Block, frames.Count - first);
                Transpose(frames, first, count, scratch.Values);
                for (var m = 0; m < factors.Length; m++)
                {
                    Array.Clear(scratch.Sums);
                    for (var g = 0; g < groups.Length; g++)
                        AddSquares(factors[m][g], groups[g], mixture.Means[m], scratch.Values, scratch.Solved, scratch.Sums);
                    for (var i = 0; i < count; i++)
                        destination[first + i][m] = constants[m] - (0.5 * scratch.Sums[i]);
                }

                return scratch;
            },
            _ => { }
        );
    }

    /// <summary>Solves L y = x - mean for one group of dimensions, two rows at a time, and adds y^2 to the sums, frame by frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSquares(double[] factor, int[] group, ReadOnlySpan<double> mean, double[] values, double[] solved, double[] sums)
    {
        ref var y = ref MemoryMarshal.GetArrayDataReference(solved);
        var i = 0;
        for (; i < group.Length - 1; i += 2)
        {
            // Each load of y serves both rows: the products, not the loads, set the speed.
            ref var l0 = ref factor[i * group.Length];
            ref var l1 = ref factor[(i + 1) * group.Length];
            var (a0, b0, c0, d0) = Centre(ref values[group[i] * Block], mean[group[i]]);
            var (a1, b1, c1, d1) = Centre(ref values[group[i + 1] * Block], mean[group[i + 1]]);
            for (nuint j = 0; j < (nuint)i; j++)
            {
                var w0 = Vector256.Create(Unsafe.Add(ref l0, j));
                var w1 = Vector256.Create(Unsafe.Add(ref l1, j));
                var v = Vector256.LoadUnsafe(ref y, j * Block);
                (a0, a1) = (Subtract(w0, v, a0), Subtract(w1, v, a1));
                v = Vector256.LoadUnsafe(ref y, (j * Block) + 4);
                (b0, b1) = (Subtract(w0, v, b0), Subtract(w1, v, b1));
                v = Vector256.LoadUnsafe(ref y, (j * Block) + 8);
                (c0, c1) = (Subtract(w0, v, c0), Subtract(w1, v, c1));
                v = Vector256.LoadUnsafe(ref y, (j * Block) + 12);
                (d0, d1) = (Subtract(w0, v, d0), Subtract(w1, v, d1));
            }

            var scale = Vector256.Create(Unsafe.Add(ref l0, i));
            (a0, b0, c0, d0) = (a0 * scale, b0 * scale, c0 * scale, d0 * scale);
            var corner = Vector256.Create(Unsafe.Add(ref l1, i));
            (a1, b1, c1, d1) = (Subtract(corner, a0, a1), Subtract(corner, b0, b1), Subtract(corner, c0, c1), Subtract(corner, d0, d1));
            scale = Vector256.Create(Unsafe.Add(ref l1, i + 1));
            Finish(a0, b0, c0, d0, ref solved[i * Block], sums);
            Finish(a1 * scale, b1 * scale, c1 * scale, d1 * scale, ref solved[(i + 1) * Block], sums);
        }

        if (i == group.Length)
            return;
        ref var last = ref factor[i * group.Length];
        var (a, b, c, d) = Centre(ref values[group[i] * Block], mean[group[i]]);
        for (nuint j = 0; j < (nuint)i; j++)
        {
            var weight = Vector256.Create(Unsafe.Add(ref last, j));
            a = Subtract(weight, Vector256.LoadUnsafe(ref y, j * Block), a);
            b = Subtract(weight, Vector256.LoadUnsafe(ref y, (j * Block) + 4), b);
            c = Subtract(weight, Vector256.LoadUnsafe(ref y, (j * Block) + 8), c);
            d = Subtract(weight, Vector256.LoadUnsafe(ref y, (j * Block) + 12), d);
        }

        var lastScale = Vector256.Create(Unsafe.Add(ref last, i));
        Finish(a * lastScale, b * lastScale, c * lastScale, d * lastScale, ref solved[i * Block], sums);
    }

    /// <summary>c - a b, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Subtract(Vector256<double> a, Vector256<double> b, Vector256<double> c) =>
        Vector256.FusedMultiplyAdd(-a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double> A, Vector256<double> B, Vector256<double> C, Vector256<double> D) Centre(ref double x, double mean)
    {
        var centre = Vector256.Create(mean);
        return (
            Vector256.LoadUnsafe(ref x) - centre,
            Vector256.LoadUnsafe(ref x, 4) - centre,
            Vector256.LoadUnsafe(ref x, 8) - centre,
            Vector256.LoadUnsafe(ref x, 12) - centre
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(
        Vector256<double> a,
        Vector256<double> b,
        Vector256<double> c,
        Vector256<double> d,
        ref double y,
        double[] sums
    )
    {
        a.StoreUnsafe(ref y);
        b.StoreUnsafe(ref y, 4);
        c.StoreUnsafe(ref y, 8);
        d.StoreUnsafe(ref y, 12);
        ref var sum = ref MemoryMarshal.GetArrayDataReference(sums);
        Vector256.FusedMultiplyAdd(a, a, Vector256.LoadUnsafe(ref sum)).StoreUnsafe(ref sum);
        Vector256.FusedMultiplyAdd(b, b, Vector256.LoadUnsafe(ref sum, 4)).StoreUnsafe(ref sum, 4);
        Vector256.FusedMultiplyAdd(c, c, Vector256.LoadUnsafe(ref sum, 8)).StoreUnsafe(ref sum, 8);
        Vector256.FusedMultiplyAdd(d, d, Vector256.LoadUnsafe(ref sum, 12)).StoreUnsafe(ref sum, 12);
    }

    private static void Transpose(Frames frames, int first, int count, double[] values)
    {
        for (var i = 0; i < Block; i++)
        {
            var frame = frames[first + Math.Min(i, count - 1)];
            for (var d = 0; d < frame.Length; d++)
                values[(d * Block) + i] = frame[d];
        }
    }

    /// <summary>The exception for covariances that cannot be factorised.</summary>
    internal static ArithmeticException NotPositiveDefinite() =>
        new("A covariance of the mixture is not positive definite: there are too few or too similar frames for this many mixtures.");

    /// <summary>The lower Cholesky factor of one group of a covariance's dimensions, or null where that is not positive definite.</summary>
    internal static double[]? TryFactorize(ReadOnlySpan<double> covariance, int[] group, int dimension)
    {
        var n = group.Length;
        var factor = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
                factor[(i * n) + j] = covariance[(group[i] * dimension) + group[j]];
        }

        return Cholesky.TryFactorize(factor, n) ? factor : null;
    }

    /// <summary>The diagonal is stored as its inverse: a product instead of a division in the kernel.</summary>
    private static void InvertDiagonal(double[] factor, int n)
    {
        for (var i = 0; i < n; i++)
            factor[(i * n) + i] = 1 / factor[(i * n) + i];
    }

    private sealed class Scratch(int dimension)
    {
        public double[] Values { get; } = new double[dimension * Block];

        public double[] Solved { get; } = new double[dimension * Block];

        public double[] Sums { get; } = new double[Block];
    }
}
