using System.Globalization;

namespace VoiceKit.Devices;

/// <summary>The exception for a device that is not there, or that fails. The message says what to do.</summary>
public class DeviceException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">The message, one plain sentence.</param>
    public DeviceException(string message)
        : base(message) { }

    /// <summary>Says what is wrong, and what the driver said.</summary>
    /// <param name="message">The message, one plain sentence.</param>
    /// <param name="innerException">The cause.</param>
    public DeviceException(string message, Exception innerException)
        : base(message, innerException) { }
}

/// <summary>The exception for a device that has too little memory.</summary>
public sealed class DeviceMemoryException : DeviceException
{
    /// <summary>Names the sizes.</summary>
    /// <param name="deviceName">The device.</param>
    /// <param name="requestedBytes">What was asked for.</param>
    /// <param name="heldBytes">What this program holds already.</param>
    /// <param name="deviceBytes">All memory of the device.</param>
    /// <param name="innerException">What the driver said.</param>
    public DeviceMemoryException(string deviceName, long requestedBytes, long heldBytes, long deviceBytes, Exception innerException)
        : base(Describe(deviceName, requestedBytes, heldBytes, deviceBytes), innerException) =>
        (RequestedBytes, HeldBytes, DeviceBytes) = (requestedBytes, heldBytes, deviceBytes);

    /// <summary>Gets what was asked for, in bytes.</summary>
    public long RequestedBytes { get; }

    /// <summary>Gets what this program holds already, in bytes.</summary>
    public long HeldBytes { get; }

    /// <summary>Gets all memory of the device, in bytes.</summary>
    public long DeviceBytes { get; }

    private static string Describe(string deviceName, long requested, long held, long all) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{deviceName} is out of memory: {Size(requested)} more are needed, this program holds {Size(held)} of {Size(all)}; "
                + $"use a smaller batch, end other programs on the device, or take --device cpu"
        );

    private static string Size(long bytes) =>
        bytes < 1 << 20
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F1} MiB");
}
