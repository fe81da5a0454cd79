using VoiceKit.Devices;

namespace VoiceKit.Cli;

/// <summary>The GPUs that this program can use: what the composition root hands to the verbs that compute on a device.</summary>
/// <param name="Find">Looks for them.</param>
/// <param name="Preference">What VOICEKIT_DEVICE says, if it is set.</param>
internal sealed record DeviceCatalog(Func<IReadOnlyList<DeviceInfo>> Find, string? Preference)
{
    private const string Variable = "VOICEKIT_DEVICE";

    public static DeviceCatalog OfThisMachine() => new(Gpu.GpuDevices.Find, Environment.GetEnvironmentVariable(Variable));

    /// <summary>
    /// Determines whether an option, else the environment, asks for any device: then the work goes on without what is not there.
    /// </summary>
    public bool AsksForAny(string? option) => Asked(option) == DeviceOption.Auto;

    /// <summary>The device that an option, else the environment, asks for.</summary>
    public string Asked(string? option) => option ?? (Preference is { Length: > 0 } ? Preference : DeviceOption.Cpu);

    /// <summary>
    /// Takes the device that an option, else the environment, asks for. Only auto falls back to the CPU, or goes on without TF32, and says
    /// why.
    /// </summary>
    /// <exception cref="DeviceException">It is not there, has no TF32 though that is asked for, or its driver refuses.</exception>
    public ComputeDevice Take(CommandConsole console, string? option, int threads = 0, bool tensorFloat32 = false)
    {
        var choice = Asked(option);
        var asked = option is null && Preference is { Length: > 0 } ? $"{Variable}={choice}" : $"{DeviceOption.Name} {choice}";
        var device = choice switch
        {
            DeviceOption.Cpu => new CpuDevice(threads),
            DeviceOption.Auto => TakeAny(console, threads, tensorFloat32 ? "the CPU is used, without TF32" : "the CPU is used"),
            DeviceOption.Cuda => Take(ComputeBackend.Cuda, asked),
            DeviceOption.OpenCL => Take(ComputeBackend.OpenCL, asked),
            _ => throw new UsageException($"{asked}: give auto, cpu, cuda or opencl"),
        };
        if (tensorFloat32)
            AllowTensorFloat32(console, device, AsksForAny(option));
        return device;
    }

    private static void AllowTensorFloat32(CommandConsole console, ComputeDevice device, bool goesOnWithout)
    {
        const string Needs = "cuBLAS on an NVIDIA device of 2020 or later";
        if (device.HasTensorFloat32)
        {
            device.AllowsTensorFloat32 = true;
            return;
        }

        if (goesOnWithout)
        {
            // That the CPU is used has been said, and that it has no TF32.
            if (device.Backend != ComputeBackend.Cpu)
                console.Say($"{device.Name} is used without TF32, which needs {Needs}");
            return;
        }

        device.Dispose();
        throw device.Backend == ComputeBackend.Cpu
            ? new UsageException(
                $"{DeviceOption.TensorFloat32Name}: the CPU has no TF32; leave it out, or give {DeviceOption.Name} {DeviceOption.Cuda}"
            )
            : new DeviceException($"{DeviceOption.TensorFloat32Name}: {device.Name} has no TF32, which needs {Needs}; leave it out");
    }

    private ComputeDevice Take(ComputeBackend backend, string asked)
    {
        var offers = Find();
        return offers.FirstOrDefault(offer => offer.Backend == backend)?.Create()
            ?? throw new DeviceException(
                $"{asked}: there is no such device; there is: "
                    + $"{string.Join(", ", offers.Select(offer => $"{offer.Name} ({offer.Backend})").Prepend("the CPU"))}"
            );
    }

    private ComputeDevice TakeAny(CommandConsole console, int threads, string fallback)
    {
        var reason = "there is no CUDA or OpenCL device";
        foreach (var offer in Find())
        {
            ComputeDevice? device = null;
            try
            {
                device = offer.Create();
                if (DeviceSelfTest.Run(device).All(item => item.IsSmall))
                    return device;
                reason = $"{offer.Name} computes other numbers than the CPU (voicekit devices shows them)";
            }
            catch (DeviceException exception)
            {
                reason = $"{offer.Name} fails: {exception.Message}";
            }

            device?.Dispose();
        }

        console.Say($"{fallback}: {reason}");
        return new CpuDevice(threads);
    }
}
