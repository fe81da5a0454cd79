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
        MixtureSizes sizes, ArrayView<double> frames, ArrayView<double> means, ArrayView<double> whitening, ArrayView<double> constants, ArrayView<double> densities)
        where TEdge : unmanaged, IGroupEdge
    {
        var shared = SharedMemory.Allocate<double>(MostShared);
        var edge = default(TEdge).Threads;
        var (tile, slab, pitch) = (edge * Block, edge / 2, (edge * Block) + PitchPadding);
        var (thread, threads, dimension) = (Group.IdxX, edge * edge, sizes.Dimension);
        var (across, down) = (thread % edge, thread / edge);
        var frameTile = Grid.IdxX / sizes.MixtureCount;
        var mixture = Grid.IdxX - (frameTile * sizes.MixtureCount);
        var firstFrame = frameTile * tile;

        double q0 = 0, q1 = 0, q2 = 0, q3 = 0;
        var buffer = 0;
        for (var firstRow = 0; firstRow < dimension; firstRow += tile)
        {
            RowOfFour s0 = default, s1 = default, s2 = default, s3 = default;

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
                    shared[left + place] = frame < sizes.FrameCount && column < end ? frames[(frame * dimension) + column] - means[(mixture * dimension) + column] : 0;
                    shared[right + place] = row < dimension && column < end ? whitening[(((long)mixture * dimension) + row) * dimension + column] : 0;
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
    public static void Normalize(Index1D frame, MixtureSizes sizes, double smallest, ArrayView<double> densities, ArrayView<double> logLikelihoods)
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
