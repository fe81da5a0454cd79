namespace VoiceKit.Devices;

/// <summary>A device that is there and can be taken.</summary>
/// <param name="Backend">What it is programmed with.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Version">The version of its driver, or of the interface that it serves.</param>
/// <param name="MemoryBytes">Its memory, in bytes.</param>
/// <param name="Create">Takes it; the caller disposes of the device. Throws <see cref="DeviceException"/> where the driver refuses.</param>
public sealed record DeviceInfo(ComputeBackend Backend, string Name, string Version, long MemoryBytes, Func<ComputeDevice> Create);

/// <summary>The programming interface of a <see cref="ComputeDevice"/>.</summary>
public enum ComputeBackend
{
    /// <summary>.NET itself, with SIMD and threads.</summary>
    Cpu,

    /// <summary>NVIDIA's driver.</summary>
    Cuda,

    /// <summary>OpenCL 2.0 or later: AMD, Intel, NVIDIA.</summary>
    OpenCL,
}
