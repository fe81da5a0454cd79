namespace VoiceKit.Compute;

/// <summary>A part of a <see cref="DeviceBuffer"/>: what the operations of a device read and write.</summary>
public readonly record struct DeviceArray
{
    /// <summary>Names a part of a buffer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie within the buffer.</exception>
    public DeviceArray(DeviceBuffer buffer, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, buffer.Length - offset);
        (Buffer, Offset, Length) = (buffer, offset, length);
    }

    /// <summary>Names a whole buffer.</summary>
    public DeviceArray(DeviceBuffer buffer)
        : this(buffer, 0, buffer?.Length ?? 0)
    {
    }

    /// <summary>The buffer.</summary>
    public DeviceBuffer Buffer { get; }

    /// <summary>The first float.</summary>
    public int Offset { get; }

    /// <summary>The number of floats.</summary>
    public int Length { get; }

    /// <summary>A part of this part.</summary>
    public DeviceArray Slice(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        return new DeviceArray(Buffer, Offset + offset, length);
    }
}
