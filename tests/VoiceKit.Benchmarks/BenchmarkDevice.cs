using VoiceKit.Compute;

namespace VoiceKit.Benchmarks;

/// <summary>The device that a benchmark's first argument names.</summary>
internal static class BenchmarkDevice
{
    /// <summary>cpu (the default), cuda or opencl; the last two need a build with -p:Gpu=true.</summary>
    public static ComputeDevice Take(string[] args)
    {
        if (args.Length == 0 || args[0] == "cpu")
            return new CpuDevice();
#if GPU
        foreach (var offer in Gpu.GpuDevices.Find())
        {
            if (string.Equals(offer.Backend.ToString(), args[0], StringComparison.OrdinalIgnoreCase))
            {
                Console.WriteLine($"{offer.Name}, {offer.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
                return offer.Create();
            }
        }
#endif
        throw new DeviceException($"{args[0]}: no such device, or a build without -p:Gpu=true");
    }
}
