namespace VoiceKit.Devices;

/// <summary>The dimensions of a tensor, row-major. Shapes with the same dimensions are equal.</summary>
public sealed class TensorShape : IEquatable<TensorShape>
{
    private readonly int[] dimensions;

    /// <summary>Creates a shape; without dimensions it is that of a single number.</summary>
    /// <param name="dimensions">The lengths of the dimensions.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative, or the elements are more than 2^31 - 1.</exception>
    public TensorShape(params ReadOnlySpan<int> dimensions)
    {
        long length = 1;
        foreach (var dimension in dimensions)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(dimensions));
            length *= dimension;
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, int.MaxValue, nameof(dimensions));
        }

        this.dimensions = dimensions.ToArray();
        Length = (int)length;
    }

    /// <summary>Gets the number of dimensions.</summary>
    public int Rank => dimensions.Length;

    /// <summary>Gets the number of elements.</summary>
    public int Length { get; }

    /// <summary>Gets the dimensions.</summary>
    public ReadOnlySpan<int> Dimensions => dimensions;

    /// <summary>Gets a dimension, counted from the first, or with ^ from the last.</summary>
    public int this[Index index] => dimensions[index];

    /// <summary>This shape with one dimension changed.</summary>
    /// <param name="axis">The dimension, counted from 0.</param>
    /// <param name="length">Its new length.</param>
    public TensorShape With(int axis, int length)
    {
        var changed = dimensions.ToArray();
        changed[axis] = length;
        return new TensorShape(changed);
    }

    /// <inheritdoc/>
    public bool Equals(TensorShape? other) => other is not null && dimensions.AsSpan().SequenceEqual(other.dimensions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TensorShape);

    /// <inheritdoc/>
    public override int GetHashCode() => dimensions.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", dimensions)}]";
}

/// <summary>
/// How a small tensor is repeated over a large one, in at most five runs of dimensions: in each the small one is either as long as the
/// large one or has length 1. Neighbours of one kind are merged, so the runs alternate and the innermost is as long as can be.
/// </summary>
public sealed class Broadcast
{
    private const int RunCount = 5;

    private readonly int[] lengths;
    private readonly int kept;
    private int[]? smallOffsets;

    private Broadcast(int[] lengths, int kept) => (this.lengths, this.kept) = (lengths, kept);

    /// <summary>Gets the lengths of the runs, outermost first; runs that are not needed have length 1 and come first.</summary>
    public ReadOnlySpan<int> Lengths => lengths;

    /// <summary>Gets the number of elements of the innermost run.</summary>
    public int Inner => lengths[RunCount - 1];

    /// <summary>Gets whether the small tensor has the innermost run, or repeats one number along it.</summary>
    public bool InnerIsKept => IsKept(RunCount - 1);

    /// <summary>Gets whether nothing is repeated.</summary>
    public bool IsPlain
    {
        get
        {
            for (var run = 0; run < RunCount; run++)
            {
                if (!IsKept(run) && lengths[run] > 1)
                    return false;
            }

            return true;
        }
    }

    /// <summary>Gets the number of elements of the large tensor outside the innermost run.</summary>
    public int Outer
    {
        get
        {
            var outer = 1;
            for (var run = 0; run < RunCount - 1; run++)
                outer *= lengths[run];
            return outer;
        }
    }

    /// <summary>Gets the number of elements of the large tensor.</summary>
    public int LargeLength => Outer * Inner;

    /// <summary>Gets the number of elements of the small tensor.</summary>
    public int SmallLength
    {
        get
        {
            var length = 1;
            for (var run = 0; run < RunCount; run++)
                length *= IsKept(run) ? lengths[run] : 1;
            return length;
        }
    }

    /// <summary>
    /// Describes how <paramref name="small"/> is repeated to fill <paramref name="large"/>: aligned at the last dimension, each of its
    /// dimensions is as long or 1.
    /// </summary>
    /// <param name="large">The larger shape.</param>
    /// <param name="small">The smaller shape.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or alternate more than five times.</exception>
    public static Broadcast Of(TensorShape large, TensorShape small)
    {
        ArgumentNullException.ThrowIfNull(large);
        ArgumentNullException.ThrowIfNull(small);
        var runs = new int[RunCount];
        Array.Fill(runs, 1);
        var (at, keptRuns) = (RunCount, 0);
        bool? current = null;
        for (var axis = 1; axis <= large.Rank; axis++)
        {
            var length = large[^axis];
            var own = axis <= small.Rank ? small[^axis] : 1;
            if (own != length && own != 1)
                throw Misfit(large, small);
            if (length == 1)
                continue;
            var keeps = own == length;
            if (keeps != current)
            {
                if (--at < 0)
                    throw Misfit(large, small);
                current = keeps;
                keptRuns |= keeps ? 1 << at : 0;
            }

            runs[at] *= length;
        }

        for (var axis = large.Rank + 1; axis <= small.Rank; axis++)
        {
            if (small[^axis] != 1)
                throw Misfit(large, small);
        }

        // A single number is "kept" too: the vector path then serves it.
        return new Broadcast(runs, at == RunCount ? 1 << (RunCount - 1) : keptRuns);
    }

    /// <summary>
    /// For every outer element of the large tensor, where the small one's elements begin that belong to it. Counted once: a division for
    /// each run and row would cost more than short rows do.
    /// </summary>
    internal ReadOnlySpan<int> SmallOffsets => smallOffsets ??= CountSmallOffsets();

    /// <summary>
    /// The outer elements of the outermost run longer than 1, and whether the small tensor has it: what threads may share.
    /// </summary>
    internal (int Length, bool Kept) Outermost
    {
        get
        {
            for (var run = 0; run < RunCount - 1; run++)
            {
                if (lengths[run] > 1)
                    return (lengths[run], IsKept(run));
            }

            return (1, true);
        }
    }

    /// <summary>Determines whether the small tensor has a run.</summary>
    /// <param name="run">The run of dimensions, counted from 0.</param>
    public bool IsKept(int run) => (kept & (1 << run)) != 0;

    private int[] CountSmallOffsets()
    {
        var offsets = new int[Outer];
        for (var outer = 0; outer < offsets.Length; outer++)
        {
            var (rest, stride) = (outer, InnerIsKept ? Inner : 1);
            for (var run = RunCount - 2; run >= 0; run--)
            {
                if (IsKept(run))
                {
                    offsets[outer] += rest % lengths[run] * stride;
                    stride *= lengths[run];
                }

                rest /= lengths[run];
            }
        }

        return offsets;
    }

    private static ArgumentException Misfit(TensorShape large, TensorShape small) =>
        new($"The shape {small} cannot be repeated to {large}.");
}
