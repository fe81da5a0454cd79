namespace VoiceKit.Compute;

/// <summary>The dimensions of a tensor, row-major. Shapes with the same dimensions are equal.</summary>
public sealed class TensorShape : IEquatable<TensorShape>
{
    private readonly int[] dimensions;

    /// <summary>Creates a shape; without dimensions it is that of a single number.</summary>
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

    /// <summary>The number of dimensions.</summary>
    public int Rank => dimensions.Length;

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>The dimensions.</summary>
    public ReadOnlySpan<int> Dimensions => dimensions;

    /// <summary>A dimension, counted from the first, or with ^ from the last.</summary>
    public int this[Index index] => dimensions[index];

    /// <summary>This shape with one dimension changed.</summary>
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
