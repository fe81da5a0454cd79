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
                factors[m][g] = Factorize(mixture.Covariance(m), groups[g], mixture.Dimension);
                logDeterminant += Cholesky.LogDeterminant(factors[m][g], groups[g].Length);
                InvertDiagonal(factors[m][g], groups[g].Length);
            }

            constants[m] = Math.Log(mixture.Weights[m]) - (0.5 * ((mixture.Dimension * Math.Log(2 * Math.PI)) + logDeterminant));
        }
    }

    /// <summary>Writes ln w[m] N(x[t]; m), [T, M].</summary>
    internal void WriteLogDensities(Frames frames, Frames destination)
    {
        var blockCount = (frames.Count + Block - 1) / Block;
        Parallel.For(0, blockCount, () => (new double[frames.Dimension * Block], new double[frames.Dimension * Block]), (block, _, scratch) =>
        {
            var (values, solved) = scratch;
            var first = block * Block;
            var count = Math.Min(Block, frames.Count - first);
            Transpose(frames, first, count, values);
            for (var m = 0; m < factors.Length; m++)
            {
                var sums = (V0: Vector256<double>.Zero, V1: Vector256<double>.Zero, V2: Vector256<double>.Zero, V3: Vector256<double>.Zero);
                var mean = mixture.Means[m];
                for (var g = 0; g < groups.Length; g++)
                    AddSquares(factors[m][g], groups[g], mean, values, solved, ref sums);
                Span<Vector256<double>> lanes = [sums.V0, sums.V1, sums.V2, sums.V3];
                var distances = MemoryMarshal.Cast<Vector256<double>, double>(lanes);
                for (var i = 0; i < count; i++)
                    destination[first + i][m] = constants[m] - (0.5 * distances[i]);
            }

            return scratch;
        }, _ => { });
    }

    /// <summary>Solves L y = x - mean for one group of dimensions and adds y^2 to the sums, frame by frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSquares(
        double[] factor,
        int[] group,
        ReadOnlySpan<double> mean,
        double[] values,
        double[] solved,
        ref (Vector256<double> V0, Vector256<double> V1, Vector256<double> V2, Vector256<double> V3) sums)
    {
        ref var y = ref MemoryMarshal.GetArrayDataReference(solved);
        ref var l = ref MemoryMarshal.GetArrayDataReference(factor);
        for (var i = 0; i < group.Length; i++)
        {
            ref var x = ref values[group[i] * Block];
            var centre = Vector256.Create(mean[group[i]]);
            var a = Vector256.LoadUnsafe(ref x) - centre;
            var b = Vector256.LoadUnsafe(ref x, 4) - centre;
            var c = Vector256.LoadUnsafe(ref x, 8) - centre;
            var d = Vector256.LoadUnsafe(ref x, 12) - centre;
            var row = (nuint)(i * group.Length);
            for (nuint j = 0; j < (nuint)i; j++)
            {
                var weight = -Vector256.Create(Unsafe.Add(ref l, row + j));
                a = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref y, j * Block), a);
                b = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref y, (j * Block) + 4), b);
                c = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref y, (j * Block) + 8), c);
                d = Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref y, (j * Block) + 12), d);
            }

            var scale = Vector256.Create(Unsafe.Add(ref l, row + (nuint)i));
            (a, b, c, d) = (a * scale, b * scale, c * scale, d * scale);
            var at = (nuint)(i * Block);
            a.StoreUnsafe(ref y, at);
            b.StoreUnsafe(ref y, at + 4);
            c.StoreUnsafe(ref y, at + 8);
            d.StoreUnsafe(ref y, at + 12);
            sums.V0 = Vector256.FusedMultiplyAdd(a, a, sums.V0);
            sums.V1 = Vector256.FusedMultiplyAdd(b, b, sums.V1);
            sums.V2 = Vector256.FusedMultiplyAdd(c, c, sums.V2);
            sums.V3 = Vector256.FusedMultiplyAdd(d, d, sums.V3);
        }
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

    private static double[] Factorize(ReadOnlySpan<double> covariance, int[] group, int dimension)
    {
        var n = group.Length;
        var factor = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
                factor[(i * n) + j] = covariance[(group[i] * dimension) + group[j]];
        }

        if (!Cholesky.TryFactorize(factor, n))
            throw new ArithmeticException("A covariance of the mixture is not positive definite: there are too few or too similar frames for this many mixtures.");
        return factor;
    }

    /// <summary>The diagonal is stored as its inverse: a product instead of a division in the kernel.</summary>
    private static void InvertDiagonal(double[] factor, int n)
    {
        for (var i = 0; i < n; i++)
            factor[(i * n) + i] = 1 / factor[(i * n) + i];
    }
}
