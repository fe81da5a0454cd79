namespace VoiceKit.Devices;

/// <summary>A part of a <see cref="DeviceBuffer"/>: what the operations of a device read and write.</summary>
public readonly record struct DeviceArray
{
    /// <summary>Names a part of a buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="offset">The first element.</param>
    /// <param name="length">The number of elements.</param>
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
    /// <param name="buffer">The buffer.</param>
    public DeviceArray(DeviceBuffer buffer)
        : this(buffer, 0, buffer?.Length ?? 0) { }

    /// <summary>Gets the buffer.</summary>
    public DeviceBuffer Buffer { get; }

    /// <summary>Gets the first float.</summary>
    public int Offset { get; }

    /// <summary>Gets the number of floats.</summary>
    public int Length { get; }

    /// <summary>A part of this part.</summary>
    /// <param name="offset">The first element.</param>
    /// <param name="length">The number of elements.</param>
    public DeviceArray Slice(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        return new DeviceArray(Buffer, Offset + offset, length);
    }
}

/// <summary>Float32 numbers in the memory of a device. Its owner disposes of it.</summary>
public abstract class DeviceBuffer : IDisposable
{
    /// <summary>Creates the base of a buffer.</summary>
    /// <param name="length">The number of floats.</param>
    protected DeviceBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
    }

    /// <summary>Gets the number of floats.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back.</summary>
    /// <param name="disposing">True from Dispose, false from a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}

/// <summary>Rows to copy between two layouts.</summary>
/// <param name="Count">The number of rows.</param>
/// <param name="Length">The floats of a row.</param>
/// <param name="SourceOffset">The first float of the first row.</param>
/// <param name="SourceStride">The distance of rows in the source.</param>
/// <param name="DestinationOffset">Where the first row goes.</param>
/// <param name="DestinationStride">The distance of rows in the destination.</param>
public readonly record struct RowCopy(
    int Count,
    int Length,
    int SourceOffset,
    int SourceStride,
    int DestinationOffset,
    int DestinationStride
);

/// <summary>The rates of one step of Adam.</summary>
/// <param name="LearningRate">alpha sqrt(1 - beta2^t) / (1 - beta1^t).</param>
/// <param name="Beta1">The decay of the first moment.</param>
/// <param name="Beta2">The decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment, times sqrt(1 - beta2^t).</param>
/// <param name="WeightDecay">The share of a parameter that is taken off before the step, already times the rate.</param>
public readonly record struct AdamStep(float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay = 0);
