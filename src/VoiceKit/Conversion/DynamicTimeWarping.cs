using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>
/// Dynamic time warping with the Euclidean distance of frames and the steps (1, 0), (0, 1), (1, 1), each of weight 1 (Sakoe and Chiba
/// 1978).
/// </summary>
public static class DynamicTimeWarping
{
    // Above this many cells a band around the diagonal bounds memory; below it the search is complete.
    private const long MaxTable = 100_000_000;

    private enum Step : byte
    {
        Both,
        Source,
        Target,
    }

    /// <summary>Aligns two sequences of frames of equal dimension.</summary>
    /// <param name="source">At least one frame.</param>
    /// <param name="target">At least one frame.</param>
    public static WarpingPath Align(Frames source, Frames target) => Align(source, target, MaxTable);

    /// <summary>Aligns with a table of at most <paramref name="largestTable"/> cells, or 64 columns where that is more.</summary>
    internal static WarpingPath Align(Frames source, Frames target, long largestTable)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Count == 0 || target.Count == 0)
            throw new ArgumentException($"Both sequences need frames; they have {source.Count} and {target.Count}.", nameof(source));
        if (source.Dimension != target.Dimension)
            throw new ArgumentException($"The frames differ in dimension: {source.Dimension} and {target.Dimension}.", nameof(target));

        var (rows, columns) = (source.Count, target.Count);
        var width = (int)Math.Min(columns, Math.Max(largestTable / rows, 64));
        var steps = new Step[(long)rows * width];
        var costs = new double[width];
        var previous = new double[width];
        var distances = new double[width];
        for (var i = 0; i < rows; i++)
        {
            var start = BandStart(i, rows, columns, width);
            var shift = i == 0 ? 0 : start - BandStart(i - 1, rows, columns, width);
            WriteDistances(source[i], target, start, distances);
            (costs, previous) = (previous, costs);
            var row = steps.AsSpan(i * width, width);
            for (var k = 0; k < width; k++)
            {
                var up = i > 0 && k + shift < width ? previous[k + shift] : double.PositiveInfinity;
                var diagonal = i > 0 && k + shift >= 1 && k + shift - 1 < width ? previous[k + shift - 1] : double.PositiveInfinity;
                var left = k > 0 ? costs[k - 1] : double.PositiveInfinity;
                var best = Math.Min(diagonal, Math.Min(up, left));
                row[k] =
                    best == diagonal ? Step.Both
                    : best == up ? Step.Source
                    : Step.Target;
                costs[k] = distances[k] + (i == 0 && start + k == 0 ? 0 : best);
            }
        }

        return Trace(steps, rows, columns, width, costs[columns - 1 - BandStart(rows - 1, rows, columns, width)]);
    }

    /// <summary>
    /// The first column of a row's band about the diagonal: silence before one recording moves the path off it from the start.
    /// </summary>
    private static int BandStart(int row, int rows, int columns, int width) =>
        width == columns ? 0 : Math.Clamp((int)((long)row * (columns - 1) / Math.Max(rows - 1, 1)) - (width / 2), 0, columns - width);

    private static void WriteDistances(ReadOnlySpan<double> frame, Frames target, int start, Span<double> distances)
    {
        for (var k = 0; k < distances.Length; k++)
            distances[k] = Reductions.Distance(frame, target[start + k]);
    }

    private static WarpingPath Trace(Step[] steps, int rows, int columns, int width, double total)
    {
        List<int> source = [],
            target = [];
        var (i, j) = (rows - 1, columns - 1);
        while (true)
        {
            source.Add(i);
            target.Add(j);
            if (i == 0 && j == 0)
                break;
            var step = steps[((long)i * width) + j - BandStart(i, rows, columns, width)];
            i -= step == Step.Target ? 0 : 1;
            j -= step == Step.Source ? 0 : 1;
        }

        source.Reverse();
        target.Reverse();
        return new WarpingPath([.. source], [.. target], total / source.Count);
    }
}

/// <summary>The alignment of two sequences: pairs of frames that rise in both, from the first pair to the last.</summary>
/// <remarks>A value: checked where it is made, and nothing that it gives can be written to.</remarks>
public sealed class WarpingPath
{
    /// <summary>Copies an alignment.</summary>
    /// <param name="source">The source frame of each pair, never falling.</param>
    /// <param name="target">The target frame of each pair, never falling.</param>
    /// <param name="meanCost">The mean local cost of the pairs.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the frames fall.</exception>
    public WarpingPath(ReadOnlySpan<int> source, ReadOnlySpan<int> target, double meanCost)
    {
        if (source.Length != target.Length)
            throw new ArgumentException($"There are {source.Length} source and {target.Length} target frames.", nameof(target));
        for (var i = 1; i < source.Length; i++)
        {
            if (source[i] < source[i - 1] || target[i] < target[i - 1])
                throw new ArgumentException($"Pair {i} lies before the pair that precedes it.", nameof(source));
        }

        (Source, Target, MeanCost) = (Array.AsReadOnly(source.ToArray()), Array.AsReadOnly(target.ToArray()), meanCost);
    }

    /// <summary>Gets the source frame of each pair.</summary>
    public IReadOnlyList<int> Source { get; }

    /// <summary>Gets the target frame of each pair.</summary>
    public IReadOnlyList<int> Target { get; }

    /// <summary>Gets the mean local cost of the pairs.</summary>
    public double MeanCost { get; }

    /// <summary>Gets the number of pairs.</summary>
    public int Count => Source.Count;
}
