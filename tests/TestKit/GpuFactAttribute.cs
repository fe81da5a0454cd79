using System.Runtime.CompilerServices;

namespace VoiceKit.Tests.TestKit;

/// <summary>A test that needs a CUDA or OpenCL device; elsewhere it is skipped by name.</summary>
internal sealed class GpuFactAttribute : FactAttribute
{
    public GpuFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (!GpuTestDevices.Names.Any())
            Skip = "There is no CUDA or OpenCL device.";
    }
}
