namespace VoiceKit.Compute;

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

    /// <summary>The number of floats.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back.</summary>
    protected abstract void Dispose(bool disposing);
}
