using ILGPU;
using static VoiceKit.Gpu.Kernels.DoubleTile;

namespace VoiceKit.Gpu.Kernels;

/// <summary>Log-densities and posteriors of frames under the mixtures, in double precision.</summary>
internal static class DensityKernels
{
    /// <summary>
    /// densities[m, t] = constants[m] - |W[m] (x[t] - mean[m])|^2 / 2, W the inverse of the covariance's Cholesky factor. A group takes a
    /// tile of frames under one mixture; what is whitened stays in registers, its squares alone are kept.
    /// </summary>
    public static void WriteLogDensities<TEdge>(
        MixtureSizes sizes,
        ArrayView<double> frames,
        ArrayView<double> means,
        ArrayView<double> whitening,
        ArrayView<double> constants,
        ArrayView<double> densities
    )
        where TEdge : unmanaged, IGroupEdge
    {
        var shared = SharedMemory.Allocate<double>(MaxShared);
        var edge = default(TEdge).Threads;
        var (tile, slab, pitch) = (edge * Block, edge / 2, (edge * Block) + PitchPadding);
        var (thread, threads, dimension) = (Group.IdxX, edge * edge, sizes.Dimension);
        var (across, down) = (thread % edge, thread / edge);
        var frameTile = Grid.IdxX / sizes.MixtureCount;
        var mixture = Grid.IdxX - (frameTile * sizes.MixtureCount);
        var firstFrame = frameTile * tile;

        double q0 = 0,
            q1 = 0,
            q2 = 0,
            q3 = 0;
        var buffer = 0;
        for (var firstRow = 0; firstRow < dimension; firstRow += tile)
        {
            RowOfFour s0 = default,
                s1 = default,
                s2 = default,
                s3 = default;

            // W is lower triangular: no row reads beyond itself.
            var end = Math.Min(firstRow + tile, dimension);
            for (var inner = sizes.IsDiagonal != 0 ? firstRow : 0; inner < end; inner += slab)
            {
                var left = buffer * 2 * slab * pitch;
                var right = left + (slab * pitch);
                for (var number = thread; number < slab * tile; number += threads)
                {
                    var (outer, column) = (number / slab, inner + (number % slab));
                    var place = ((number % slab) * pitch) + outer;
                    var (frame, row) = (firstFrame + outer, firstRow + outer);
                    shared[left + place] =
                        frame < sizes.FrameCount && column < end
                            ? frames[(frame * dimension) + column] - means[(mixture * dimension) + column]
                            : 0;
                    shared[right + place] =
                        row < dimension && column < end ? whitening[(((long)mixture * dimension) + row) * dimension + column] : 0;
                }

                // One barrier is enough: the next slab goes to the other buffer.
                Group.Barrier();
                for (var k = 0; k < slab; k++)
                {
                    var b = RowOfFour.Load(shared, right + (k * pitch) + across, edge);
                    var a = left + (k * pitch) + down;
                    s0 = s0.Plus(shared[a], b);
                    s1 = s1.Plus(shared[a + edge], b);
                    s2 = s2.Plus(shared[a + (2 * edge)], b);
                    s3 = s3.Plus(shared[a + (3 * edge)], b);
                }

                buffer = 1 - buffer;
            }

            q0 += s0.SquaredNorm;
            q1 += s1.SquaredNorm;
            q2 += s2.SquaredNorm;
            q3 += s3.SquaredNorm;
        }

        // Each frame's squares lie with the threads of a row of the group: one thread a frame adds them up, in their order.
        var width = edge + 1;
        Group.Barrier();
        shared[(down * width) + across] = q0;
        shared[((down + edge) * width) + across] = q1;
        shared[((down + (2 * edge)) * width) + across] = q2;
        shared[((down + (3 * edge)) * width) + across] = q3;
        Group.Barrier();
        if (thread >= tile || firstFrame + thread >= sizes.FrameCount)
            return;
        var squaredNorm = 0.0;
        for (var i = 0; i < edge; i++)
            squaredNorm += shared[(thread * width) + i];
        densities[((long)mixture * sizes.FrameCount) + firstFrame + thread] = constants[mixture] - (0.5 * squaredNorm);
    }

    /// <summary>
    /// Turns the log-densities of each frame into posteriors, those below <paramref name="smallest"/> into 0, and writes ln p(x[t]). The
    /// largest is subtracted first; all -infinity gives equal shares.
    /// </summary>
    public static void Normalize(
        Index1D frame,
        MixtureSizes sizes,
        double smallest,
        ArrayView<double> densities,
        ArrayView<double> logLikelihoods
    )
    {
        long t = frame;
        var largest = densities[t];
        for (var m = 1; m < sizes.MixtureCount; m++)
            largest = Larger(largest, densities[t + ((long)m * sizes.FrameCount)]);
        var isNowhere = double.IsNegativeInfinity(largest);
        var total = 0.0;
        for (var m = 0; m < sizes.MixtureCount; m++)
        {
            var place = t + ((long)m * sizes.FrameCount);
            var share = isNowhere ? 1 : DoubleMath.Exp(densities[place] - largest);
            densities[place] = share;
            total += share;
        }

        for (var m = 0; m < sizes.MixtureCount; m++)
        {
            var place = t + ((long)m * sizes.FrameCount);
            var posterior = densities[place] / total;
            densities[place] = posterior < smallest ? 0 : posterior;
        }

        logLikelihoods[t] = isNowhere ? largest : largest + DoubleMath.Log(total);
    }

    private static double Larger(double x, double y) => x > y || double.IsNaN(x) ? x : y;
}

/// <summary>Sums of posteriors and of their moments, in double precision and in a fixed order.</summary>
internal static class MomentKernels
{
    /// <summary>
    /// moments[slice, m] += sum over the slice's frames of posterior z z^T, z = (x - mean, 1), in tiles of the lower triangle: second
    /// moments, and in the last row the first ones and the occupancy. A group takes one tile of one mixture and slice, and is alone there.
    /// </summary>
    public static void AddMoments<TEdge>(
        MixtureSizes sizes,
        int tilePairs,
        ArrayView<double> frames,
        ArrayView<double> means,
        ArrayView<double> posteriors,
        ArrayView<double> moments
    )
        where TEdge : unmanaged, IGroupEdge
    {
        var shared = SharedMemory.Allocate<double>(MaxShared);
        var edge = default(TEdge).Threads;
        var (tile, slab, pitch) = (edge * Block, edge / 2, (edge * Block) + PitchPadding);
        var (thread, threads) = (Group.IdxX, edge * edge);
        var (across, down) = (thread % edge, thread / edge);
        var matrix = Grid.IdxX / tilePairs;
        var pair = Grid.IdxX - (matrix * tilePairs);
        var slice = matrix / sizes.MixtureCount;
        var mixture = matrix - (slice * sizes.MixtureCount);

        // The pairs in the order (0, 0), (1, 0), (1, 1), (2, 0), ...
        var rowTile = 0;
        while (pair > rowTile)
        {
            rowTile++;
            pair -= rowTile;
        }

        var (firstRow, firstColumn) = (rowTile * tile, pair * tile);
        var begin = slice * sizes.FramesPerSlice;
        var end = Math.Min(begin + sizes.FramesPerSlice, sizes.FrameCount);
        RowOfFour s0 = default,
            s1 = default,
            s2 = default,
            s3 = default;
        var buffer = 0;
        for (var first = begin; first < end; first += slab)
        {
            var left = buffer * 2 * slab * pitch;
            var right = left + (slab * pitch);
            for (var number = thread; number < slab * tile; number += threads)
            {
                var (outer, inner) = (number % tile, number / tile);
                var (frame, place) = (first + inner, (inner * pitch) + outer);
                var isInside = frame < end;
                var posterior = isInside ? posteriors[((long)mixture * sizes.FrameCount) + frame] : 0;
                shared[left + place] = isInside ? posterior * Centred(sizes, frames, means, mixture, frame, firstRow + outer) : 0;
                shared[right + place] = isInside ? Centred(sizes, frames, means, mixture, frame, firstColumn + outer) : 0;
            }

            // One barrier is enough: the next slab goes to the other buffer.
            Group.Barrier();
            for (var k = 0; k < slab; k++)
            {
                var b = RowOfFour.Load(shared, right + (k * pitch) + across, edge);
                var a = left + (k * pitch) + down;
                s0 = s0.Plus(shared[a], b);
                s1 = s1.Plus(shared[a + edge], b);
                s2 = s2.Plus(shared[a + (2 * edge)], b);
                s3 = s3.Plus(shared[a + (3 * edge)], b);
            }

            buffer = 1 - buffer;
        }

        var order = sizes.MomentOrder;
        var place0 = (long)matrix * order * order;
        s0.AddTo(moments, place0, order, firstRow + down, firstColumn + across, edge);
        s1.AddTo(moments, place0, order, firstRow + down + edge, firstColumn + across, edge);
        s2.AddTo(moments, place0, order, firstRow + down + (2 * edge), firstColumn + across, edge);
        s3.AddTo(moments, place0, order, firstRow + down + (3 * edge), firstColumn + across, edge);
    }

    /// <summary>Adds the log-likelihoods of every parts-th frame to the thread's total.</summary>
    public static void AddUp(Index1D part, int parts, int count, ArrayView<double> logLikelihoods, ArrayView<double> totals)
    {
        var total = totals[part];
        for (int i = part; i < count; i += parts)
            total += logLikelihoods[i];
        totals[part] = total;
    }

    /// <summary>Writes zeros.</summary>
    public static void Clear(Index1D index, ArrayView<double> destination) => destination[index] = 0;

    private static double Centred(MixtureSizes sizes, ArrayView<double> frames, ArrayView<double> means, int mixture, int frame, int d)
    {
        // Not "d == Dimension ? 1 : 0": ILGPU 1.5.3 translates a condition that becomes a double into the bits of the integer, 5e-324.
        if (d > sizes.Dimension)
            return 0;
        if (d == sizes.Dimension)
            return 1;
        return frames[(frame * sizes.Dimension) + d] - means[(mixture * sizes.Dimension) + d];
    }
}

/// <summary>The sizes of an expectation step over a block of frames.</summary>
/// <param name="MixtureCount">The mixtures M.</param>
/// <param name="Dimension">The dimension D.</param>
/// <param name="FrameCount">The frames of the block.</param>
/// <param name="IsDiagonal">1 where the covariances are diagonal, so that each output has one input; else 0.</param>
/// <param name="FramesPerSlice">The frames of a slice, which one group adds up.</param>
internal readonly record struct MixtureSizes(int MixtureCount, int Dimension, int FrameCount, int IsDiagonal, int FramesPerSlice)
{
    /// <summary>Gets the order of a matrix of moments: the dimensions, and a 1 that brings the first moments and the occupancy.</summary>
    public int MomentOrder => Dimension + 1;
}

/// <summary>The tiles of products in double precision: each thread holds a block of 4 x 4.</summary>
internal static class DoubleTile
{
    public const int Block = 4,
        PitchPadding = 4;

    /// <summary>Two slabs of both operands for the largest edge of 16: 8 rows of 64 with their padding.</summary>
    public const int MaxShared = 2 * 2 * 8 * ((16 * Block) + PitchPadding);
}

/// <summary>Four sums in double precision that a thread holds in registers: a row of its block of a product.</summary>
internal readonly struct RowOfFour(double x0, double x1, double x2, double x3)
{
    private readonly double x0 = x0,
        x1 = x1,
        x2 = x2,
        x3 = x3;

    /// <summary>Gets the sum of the squares.</summary>
    public double SquaredNorm => (x0 * x0) + (x1 * x1) + (x2 * x2) + (x3 * x3);

    /// <summary>Four numbers at a distance: neighbouring threads read neighbouring banks.</summary>
    public static RowOfFour Load(ArrayView<double> values, int first, int distance) =>
        new(values[first], values[first + distance], values[first + (2 * distance)], values[first + (3 * distance)]);

    /// <summary>This row and a multiple of another.</summary>
    public RowOfFour Plus(double factor, RowOfFour other) =>
        new(x0 + (factor * other.x0), x1 + (factor * other.x1), x2 + (factor * other.x2), x3 + (factor * other.x3));

    /// <summary>Adds the row to a row of a square matrix, as far as the columns are within its order.</summary>
    public void AddTo(ArrayView<double> destination, long matrix, int order, int row, int column, int distance)
    {
        if (row >= order)
            return;
        var place = matrix + ((long)row * order);
        Add(destination, place, order, column, x0);
        Add(destination, place, order, column + distance, x1);
        Add(destination, place, order, column + (2 * distance), x2);
        Add(destination, place, order, column + (3 * distance), x3);
    }

    private static void Add(ArrayView<double> destination, long place, int order, int column, double value)
    {
        if (column < order)
            destination[place + column] += value;
    }
}
