namespace VoiceKit.Compute;

/// <summary>What a <see cref="ComputeDevice"/> is programmed with.</summary>
public enum ComputeBackend
{
    /// <summary>.NET itself, with SIMD and threads.</summary>
    Cpu,

    /// <summary>NVIDIA's driver.</summary>
    Cuda,

    /// <summary>OpenCL 2.0 or later: AMD, Intel, NVIDIA.</summary>
    OpenCL,
}
