namespace VoiceKit.Compute;

/// <summary>The exception for a device that is not there, or that fails. The message says what to do.</summary>
public class DeviceException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public DeviceException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what the driver said.</summary>
    public DeviceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
