using ILGPU;
using static VoiceKit.Gpu.Kernels.DoubleTile;

namespace VoiceKit.Gpu.Kernels;

/// <summary>Sums of posteriors and of their moments, in double precision and in a fixed order.</summary>
internal static class MomentKernels
{
    /// <summary>
    /// moments[slice, m] += sum over the slice's frames of posterior z z^T, z = (x - mean, 1), in tiles of the lower triangle: second
    /// moments, and in the last row the first ones and the occupancy. A group takes one tile of one mixture and slice, and is alone there.
    /// </summary>
    public static void AddMoments<TEdge>(
        MixtureSizes sizes, int tilePairs, ArrayView<double> frames, ArrayView<double> means, ArrayView<double> posteriors, ArrayView<double> moments)
        where TEdge : unmanaged, IGroupEdge
    {
        var shared = SharedMemory.Allocate<double>(MostShared);
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
        RowOfFour s0 = default, s1 = default, s2 = default, s3 = default;
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

    /// <summary>Adds every so manieth log-likelihood to the thread's total.</summary>
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
