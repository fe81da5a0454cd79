namespace VoiceKit.Numerics;

/// <summary>A sequence of feature vectors: <see cref="Count"/> frames of <see cref="Dimension"/> doubles, row-major, [T, D].</summary>
/// <remarks>A value: nothing that it gives can be written to. <see cref="FrameBuffer"/> is what frames are computed in.</remarks>
public class Frames
{
    private protected readonly double[] data;

    /// <summary>Copies <paramref name="count"/> x <paramref name="dimension"/> values, frame after frame.</summary>
    /// <param name="count">The number of frames T, at least 0.</param>
    /// <param name="dimension">The number of values in a frame D, at least 1.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="ArgumentException">There are not count x dimension values.</exception>
    public Frames(int count, int dimension, ReadOnlySpan<double> values)
        : this(values.ToArray(), count, dimension) { }

    private protected Frames(double[] values, int count, int dimension)
    {
        if (values.LongLength != (long)ValidCount(count) * ValidDimension(dimension))
            throw new ArgumentException($"The array has {values.Length} values; {count} x {dimension} were expected.", nameof(values));
        Count = count;
        Dimension = dimension;
        data = values;
    }

    /// <summary>Gets the number of frames T.</summary>
    public int Count { get; }

    /// <summary>Gets the number of values in a frame D.</summary>
    public int Dimension { get; }

    /// <summary>Gets all values, frame after frame.</summary>
    public ReadOnlySpan<double> Values => data;

    /// <summary>Gets the values of a frame.</summary>
    /// <param name="t">The frame, 0 .. T - 1.</param>
    public ReadOnlySpan<double> this[int t] => data.AsSpan(t * Dimension, Dimension);

    /// <summary>Takes an array of <paramref name="count"/> x <paramref name="dimension"/> values without copying it.</summary>
    /// <param name="count">The number of frames T, at least 0.</param>
    /// <param name="dimension">The number of values in a frame D, at least 1.</param>
    /// <param name="values">The values; the array must not be written to afterwards.</param>
    /// <exception cref="ArgumentException">The array's length is not count x dimension.</exception>
    public static Frames Wrap(int count, int dimension, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Frames(values, count, dimension);
    }

    /// <summary>Gets these frames as a value that nothing changes: itself, or a copy of a buffer.</summary>
    public Frames ToImmutable() => this is FrameBuffer ? new Frames(Count, Dimension, data) : this;

    /// <summary>Copies these frames into a buffer, to change them.</summary>
    public FrameBuffer ToBuffer()
    {
        var result = new FrameBuffer(Count, Dimension);
        data.CopyTo(result.Values);
        return result;
    }

    /// <summary>Copies the frames from <paramref name="start"/> on, <paramref name="count"/> of them.</summary>
    /// <param name="start">The first frame.</param>
    /// <param name="count">The number of frames.</param>
    public Frames Slice(int start, int count) => new(count, Dimension, data.AsSpan(start * Dimension, count * Dimension));

    /// <summary>Copies the columns from <paramref name="start"/> on, <paramref name="dimension"/> of them.</summary>
    /// <param name="start">The first column.</param>
    /// <param name="dimension">The number of columns.</param>
    public Frames Columns(int start, int dimension)
    {
        var result = new FrameBuffer(Count, dimension);
        for (var t = 0; t < Count; t++)
            this[t].Slice(start, dimension).CopyTo(result[t]);
        return result.Seal();
    }

    /// <summary>Copies the frames at <paramref name="indices"/>, in that order.</summary>
    /// <param name="indices">The indices of the frames, 0 .. T - 1.</param>
    public Frames Rows(ReadOnlySpan<int> indices)
    {
        var result = new FrameBuffer(indices.Length, Dimension);
        for (var t = 0; t < indices.Length; t++)
            this[indices[t]].CopyTo(result[t]);
        return result.Seal();
    }

    /// <summary>Copies one column.</summary>
    /// <param name="d">The column, 0 .. D - 1.</param>
    public double[] Column(int d)
    {
        var result = new double[Count];
        for (var t = 0; t < Count; t++)
            result[t] = data[(t * Dimension) + d];
        return result;
    }

    /// <summary>Puts sequences of equal dimension one behind the other.</summary>
    /// <param name="parts">The parts, in order.</param>
    /// <exception cref="ArgumentException">There are no parts, or their dimensions differ.</exception>
    public static Frames Concatenate(IReadOnlyList<Frames> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.Any(part => part.Dimension != parts[0].Dimension))
            throw new ArgumentException("There must be at least one part, and all must have the same dimension.", nameof(parts));
        var result = new FrameBuffer(parts.Sum(part => part.Count), parts[0].Dimension);
        var start = 0;
        foreach (var part in parts)
        {
            part.data.CopyTo(result.Values[start..]);
            start += part.data.Length;
        }

        return result.Seal();
    }

    private protected static int ValidCount(int count) =>
        count >= 0 ? count : throw new ArgumentOutOfRangeException(nameof(count), count, "The number of frames must not be negative.");

    private protected static int ValidDimension(int dimension) =>
        dimension >= 1
            ? dimension
            : throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "A frame must have at least one value.");
}

/// <summary>Frames that are being computed: their values can be written.</summary>
/// <remarks>Passed on as <see cref="Frames"/> they are read only, but change with the buffer; values that keep frames copy them.</remarks>
public sealed class FrameBuffer : Frames
{
    /// <summary>Creates <paramref name="count"/> frames of zeros.</summary>
    /// <param name="count">The number of frames T, at least 0.</param>
    /// <param name="dimension">The number of values in a frame D, at least 1.</param>
    public FrameBuffer(int count, int dimension)
        : base(new double[checked(ValidCount(count) * ValidDimension(dimension))], count, dimension) { }

    /// <summary>Gets all values, frame after frame.</summary>
    public new Span<double> Values => data;

    /// <summary>Gets the values of a frame.</summary>
    /// <param name="t">The frame, 0 .. T - 1.</param>
    public new Span<double> this[int t] => data.AsSpan(t * Dimension, Dimension);

    /// <summary>Gives the values as frames, without a copy.</summary>
    /// <remarks>The buffer must not be written to afterwards.</remarks>
    internal Frames Seal() => Wrap(Count, Dimension, data);
}
