using VoiceKit.Numerics;

namespace VoiceKit.Cepstra;

/// <summary>
/// The windows of dynamic features: static y[t], delta (y[t+1] - y[t-1]) / 2, deltaDelta y[t-1] - 2 y[t] + y[t+1].
/// Beyond its ends a sequence repeats its first and last frame, in analysis and in generation alike.
/// </summary>
public static class DeltaWindow
{
    /// <summary>The number of windows: static, delta, deltaDelta.</summary>
    public const int Count = 3;

    private static readonly double[][] Coefficients =
    [
        [0, 1, 0],
        [-0.5, 0, 0.5],
        [1, -2, 1],
    ];

    /// <summary>Appends delta and deltaDelta: [T, D] becomes [T, 3 D], static first.</summary>
    /// <param name="statics">Static features, [T, D].</param>
    public static Frames Append(Frames statics)
    {
        ArgumentNullException.ThrowIfNull(statics);
        var (count, dimension) = (statics.Count, statics.Dimension);
        var result = new FrameBuffer(count, Count * dimension);
        for (var t = 0; t < count; t++)
        {
            var previous = statics[Math.Max(t - 1, 0)];
            var current = statics[t];
            var next = statics[Math.Min(t + 1, count - 1)];
            var row = result[t];
            for (var d = 0; d < dimension; d++)
            {
                row[d] = current[d];
                row[dimension + d] = (next[d] - previous[d]) / 2;
                row[(2 * dimension) + d] = previous[d] - (2 * current[d]) + next[d];
            }
        }

        return result;
    }

    /// <summary>
    /// The weight of frame <paramref name="t"/> + <paramref name="offset"/> in window <paramref name="window"/> at frame t of T, offsets -1
    /// .. 1; 0 for frames that do not exist.
    /// </summary>
    internal static double Weight(int window, int offset, int t, int count)
    {
        var weights = Coefficients[window];
        if (t + offset < 0 || t + offset >= count)
            return 0;
        var weight = weights[offset + 1];
        if (offset == 0 && t == 0)
            weight += weights[0];
        if (offset == 0 && t == count - 1)
            weight += weights[2];
        return weight;
    }
}
