namespace VoiceKit.Numerics;

/// <summary>A sequence of feature vectors: <see cref="Count"/> frames of <see cref="Dimension"/> doubles, row-major, [T, D].</summary>
/// <remarks>The shape is fixed. The buffer belongs to whoever created it; code that receives a <see cref="Frames"/> does not write to
/// it.</remarks>
public sealed class Frames
{
    private readonly double[] values;

    /// <summary>Creates <paramref name="count"/> frames of zeros.</summary>
    /// <param name="count">The number of frames T, at least 0.</param>
    /// <param name="dimension">The number of values in a frame D, at least 1.</param>
    public Frames(int count, int dimension)
        : this(count, dimension, new double[checked(ValidCount(count) * ValidDimension(dimension))]) { }

    /// <summary>Wraps an array of <paramref name="count"/> x <paramref name="dimension"/> values without copying it.</summary>
    /// <exception cref="ArgumentException">The array's length is not count x dimension.</exception>
    public Frames(int count, int dimension, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)ValidCount(count) * ValidDimension(dimension))
            throw new ArgumentException($"The array has {values.Length} values; {count} x {dimension} were expected.", nameof(values));
        Count = count;
        Dimension = dimension;
        this.values = values;
    }

    /// <summary>The number of frames T.</summary>
    public int Count { get; }

    /// <summary>The number of values in a frame D.</summary>
    public int Dimension { get; }

    /// <summary>All values, frame after frame.</summary>
    public Span<double> Values => values;

    /// <summary>The values of frame <paramref name="t"/>.</summary>
    public Span<double> this[int t] => values.AsSpan(t * Dimension, Dimension);

    /// <summary>Copies the frames from <paramref name="start"/> on, <paramref name="count"/> of them.</summary>
    public Frames Slice(int start, int count) => new(count, Dimension, values.AsSpan(start * Dimension, count * Dimension).ToArray());

    /// <summary>Copies the columns from <paramref name="start"/> on, <paramref name="dimension"/> of them.</summary>
    public Frames Columns(int start, int dimension)
    {
        var result = new Frames(Count, dimension);
        for (var t = 0; t < Count; t++)
            this[t].Slice(start, dimension).CopyTo(result[t]);
        return result;
    }

    /// <summary>Copies the frames at <paramref name="indices"/>, in that order.</summary>
    public Frames Rows(ReadOnlySpan<int> indices)
    {
        var result = new Frames(indices.Length, Dimension);
        for (var t = 0; t < indices.Length; t++)
            this[indices[t]].CopyTo(result[t]);
        return result;
    }

    /// <summary>Copies one column.</summary>
    public double[] Column(int d)
    {
        var result = new double[Count];
        for (var t = 0; t < Count; t++)
            result[t] = values[(t * Dimension) + d];
        return result;
    }

    /// <summary>Puts sequences of equal dimension one behind the other.</summary>
    /// <exception cref="ArgumentException">There are no parts, or their dimensions differ.</exception>
    public static Frames Concatenate(IReadOnlyList<Frames> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.Any(part => part.Dimension != parts[0].Dimension))
            throw new ArgumentException("There must be at least one part, and all must have the same dimension.", nameof(parts));
        var result = new Frames(parts.Sum(part => part.Count), parts[0].Dimension);
        var start = 0;
        foreach (var part in parts)
        {
            part.Values.CopyTo(result.values.AsSpan(start));
            start += part.values.Length;
        }

        return result;
    }

    private static int ValidCount(int count) =>
        count >= 0 ? count : throw new ArgumentOutOfRangeException(nameof(count), count, "The number of frames must not be negative.");

    private static int ValidDimension(int dimension) =>
        dimension >= 1
            ? dimension
            : throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "A frame must have at least one value.");
}
