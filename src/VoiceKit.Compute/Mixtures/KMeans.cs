using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Mixtures;

/// <summary>
/// k-means clustering with the k-means++ start (Arthur and Vassilvitskii 2007): Lloyd's iteration from well-spread seeds.
/// </summary>
public static class KMeans
{
    /// <summary>Clusters frames; the same seed gives the same result.</summary>
    /// <param name="frames">[T, D], at least as many as clusters.</param>
    /// <param name="clusterCount">The number of clusters, at least 1.</param>
    /// <param name="seed">The seed of the random start.</param>
    /// <param name="iterations">The most iterations; it ends before when nothing moves.</param>
    /// <returns>The cluster of each frame, [T].</returns>
    public static int[] Cluster(Frames frames, int clusterCount, int seed = 0, int iterations = 15)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfLessThan(clusterCount, 1);
        if (frames.Count < clusterCount)
            throw new ArgumentException($"{frames.Count} frames cannot make {clusterCount} clusters.", nameof(frames));
        var centres = Spread(frames, clusterCount, new Random(seed));
        var labels = new int[frames.Count];
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            if (!Assign(frames, centres, labels) && iteration > 0)
                break;
            centres = Means(frames, labels, centres);
        }

        return labels;
    }

    private static FrameBuffer Spread(Frames frames, int clusterCount, Random random)
    {
        var centres = new FrameBuffer(clusterCount, frames.Dimension);
        frames[random.Next(frames.Count)].CopyTo(centres[0]);
        var nearest = new double[frames.Count];
        Array.Fill(nearest, double.PositiveInfinity);
        for (var c = 1; c < clusterCount; c++)
        {
            for (var t = 0; t < frames.Count; t++)
                nearest[t] = Math.Min(nearest[t], Square(Reductions.Distance(frames[t], centres[c - 1])));
            var threshold = random.NextDouble() * Reductions.Sum(nearest);
            var chosen = 0;
            for (var sum = nearest[0]; sum < threshold && chosen < frames.Count - 1; sum += nearest[chosen])
                chosen++;
            frames[chosen].CopyTo(centres[c]);
        }

        return centres;
    }

    private static double Square(double x) => x * x;

    private static bool Assign(Frames frames, Frames centres, int[] labels)
    {
        var moved = 0;
        Parallel.For(
            0,
            frames.Count,
            ParallelLimit.Options(),
            t =>
            {
                var (best, bestDistance) = (0, double.PositiveInfinity);
                for (var c = 0; c < centres.Count; c++)
                {
                    var distance = Reductions.Distance(frames[t], centres[c]);
                    if (distance < bestDistance)
                        (best, bestDistance) = (c, distance);
                }

                if (labels[t] != best)
                    Interlocked.Exchange(ref moved, 1);
                labels[t] = best;
            }
        );
        return moved > 0;
    }

    /// <summary>The clusters' means; an empty cluster keeps its centre.</summary>
    private static FrameBuffer Means(Frames frames, int[] labels, Frames centres)
    {
        var sums = new FrameBuffer(centres.Count, centres.Dimension);
        var counts = new int[centres.Count];
        for (var t = 0; t < frames.Count; t++)
        {
            TensorPrimitives.Add(sums[labels[t]], frames[t], sums[labels[t]]);
            counts[labels[t]]++;
        }

        for (var c = 0; c < counts.Length; c++)
        {
            if (counts[c] > 0)
                TensorPrimitives.Divide(sums[c], counts[c], sums[c]);
            else
                centres[c].CopyTo(sums[c]);
        }

        return sums;
    }
}
