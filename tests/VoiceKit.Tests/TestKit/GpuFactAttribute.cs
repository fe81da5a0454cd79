namespace VoiceKit.Tests.TestKit;

/// <summary>A test that needs a CUDA or OpenCL device and a build with GPU support; elsewhere it is skipped by name.</summary>
internal sealed class GpuFactAttribute : FactAttribute
{
    public GpuFactAttribute()
    {
#if GPU
        if (!GpuTestDevices.Names.Any())
            Skip = "There is no CUDA or OpenCL device.";
#else
        Skip = "This build has no GPU support (-p:Gpu=true).";
#endif
    }
}
