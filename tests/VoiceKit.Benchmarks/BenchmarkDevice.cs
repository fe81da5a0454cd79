using ILGPU;
using ILGPU.Runtime.CPU;
using VoiceKit.Devices;
using VoiceKit.Gpu;

namespace VoiceKit.Benchmarks;

/// <summary>The device that a benchmark's first argument names.</summary>
internal static class BenchmarkDevice
{
    /// <summary>
    /// Takes cpu (the default), cuda, opencl, or simulator: the GPU kernels on the CPU, to try a benchmark where no GPU is.
    /// </summary>
    public static ComputeDevice Take(string[] args)
    {
        var name = args.Length == 0 ? "cpu" : args[0];
        return name switch
        {
            "cpu" => new CpuDevice(),
            "simulator" => Simulator(),
            _ => GpuDevices
                .Find()
                .FirstOrDefault(found => string.Equals(found.Backend.ToString(), name, StringComparison.OrdinalIgnoreCase))
                ?.Create()
                ?? throw new DeviceException($"{name}: there is no such device"),
        };
    }

    private static GpuDevice Simulator()
    {
        var context = Context.Create(builder => builder.CPU(new CPUDevice(4, 4, 1)));
        return new GpuDevice(new GpuProgram(context, context.CreateCPUAccelerator(0)), ownsProgram: true);
    }
}
