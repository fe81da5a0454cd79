using VoiceKit.Numerics;

namespace VoiceKit.Files;

/// <summary>Numbers with a shape, as files of arrays hold them.</summary>
/// <remarks>A value: checked where it is made, and nothing that it gives can be written to.</remarks>
public abstract class ShapedArray
{
    private protected readonly double[] data;

    /// <summary>Takes an array without copying it.</summary>
    private protected ShapedArray(IReadOnlyList<int> shape, double[] values)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        if (shape.Aggregate(1L, (product, length) => product * length) != values.Length)
            throw new ArgumentException($"{values.Length} elements are not of the shape {string.Join(" x ", shape)}.", nameof(values));
        (Shape, data) = ([.. shape], values);
    }

    /// <summary>Gets the lengths of the dimensions; empty for a single number.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Gets the elements in C order.</summary>
    public ReadOnlySpan<double> Values => data;

    /// <summary>Whether all elements are finite.</summary>
    internal bool IsFinite => Array.TrueForAll(data, double.IsFinite);

    /// <summary>Gives a matrix as frames, without a copy.</summary>
    internal Frames ToFrames() => Frames.Wrap(Shape[0], Shape[1], data);
}
