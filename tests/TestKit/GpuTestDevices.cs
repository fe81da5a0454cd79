using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime.CPU;
using VoiceKit.Devices;
using VoiceKit.Gpu;

namespace VoiceKit.Tests.TestKit;

/// <summary>The GPUs of this machine, and ILGPU's simulator, which runs the same kernels on the CPU.</summary>
internal static class GpuTestDevices
{
    // Compiling the kernels takes longer than most tests: who is done leaves them to the next.
    private static readonly ConcurrentBag<GpuProgram> Simulators = [];
    private static readonly ConcurrentDictionary<string, ConcurrentBag<GpuProgram>> Programs = [];

    private static readonly Lazy<IReadOnlyList<DeviceInfo>> Offers = new(GpuDevices.Find);

    public static IEnumerable<string> Names => Offers.Value.Select(Name);

    /// <summary>One of the GPUs that are there.</summary>
    public static ComputeDevice Create(string name)
    {
        var offer = Offers.Value.First(offer => Name(offer) == name);
        var index = Offers.Value.Where(other => other.Backend == offer.Backend).ToList().IndexOf(offer);
        var left = Programs.GetOrAdd(name, _ => []);
        if (!left.TryTake(out var program))
            program = GpuDevices.CreateProgram(offer.Backend, index);
        return new GpuDevice(program, ownsProgram: false, () => left.Add(program));
    }

    public static GpuDevice CreateSimulator()
    {
        if (!Simulators.TryTake(out var program))
        {
            var context = Context.Create(builder => builder.CPU(new CPUDevice(4, 4, 1)));
            program = new GpuProgram(context, context.CreateCPUAccelerator(0));
        }

        return new GpuDevice(program, ownsProgram: false, () => Simulators.Add(program));
    }

    /// <summary>A simulator whose groups have 256 threads, as a GPU's have: slow, for a few groups alone.</summary>
    public static GpuDevice CreateWideSimulator()
    {
        var context = Context.Create(builder => builder.CPU(new CPUDevice(16, 16, 1)));
        return new GpuDevice(new GpuProgram(context, context.CreateCPUAccelerator(0)), ownsProgram: true);
    }

    /// <summary>A simulator of a device without double precision, as some OpenCL devices are.</summary>
    public static GpuDevice CreateSingleSimulator()
    {
        var context = Context.Create(builder => builder.CPU(new CPUDevice(4, 4, 1)));
        return new GpuDevice(new GpuProgram(context, context.CreateCPUAccelerator(0)) { HasDoublePrecision = false }, ownsProgram: true);
    }

    private static string Name(DeviceInfo offer) => $"{offer.Backend} {offer.Name}";
}
