using VoiceKit.Compute;

namespace VoiceKit.Cli;

/// <summary>The GPUs that this program can use: what the composition root hands to the verbs that compute on a device.</summary>
/// <param name="Find">Looks for them.</param>
/// <param name="HasGpuSupport">Whether this build can use any.</param>
/// <param name="Preference">What VOICEKIT_DEVICE says, if it is set.</param>
internal sealed record DeviceCatalog(Func<IReadOnlyList<DeviceOffer>> Find, bool HasGpuSupport, string? Preference)
{
    public const string HowToBuild = "this build has no GPU support; build it with: dotnet build -c Release -p:Gpu=true (needs the packages ILGPU and ILGPU.Algorithms 1.5.3)";

    private const string Variable = "VOICEKIT_DEVICE";

    public static DeviceCatalog OfThisMachine() => new(
#if GPU
        Gpu.GpuDevices.Find,
        true,
#else
        () => [],
        false,
#endif
        Environment.GetEnvironmentVariable(Variable));

    /// <summary>Takes the device that an option, else the environment, asks for. Only auto falls back to the CPU, and says why.</summary>
    /// <exception cref="DeviceException">It is not there, or its driver refuses.</exception>
    public ComputeDevice Take(CommandConsole console, string? option, int threads = 0)
    {
        var isFromVariable = option is null && Preference is { Length: > 0 };
        var choice = option ?? (isFromVariable ? Preference : DeviceOption.Cpu);
        var asked = isFromVariable ? $"{Variable}={choice}" : $"{DeviceOption.Name} {choice}";
        return choice switch
        {
            DeviceOption.Cpu => new CpuDevice(threads),
            DeviceOption.Auto => TakeAny(console, threads),
            DeviceOption.Cuda => Take(ComputeBackend.Cuda, asked),
            DeviceOption.OpenCL => Take(ComputeBackend.OpenCL, asked),
            _ => throw new UsageException($"{asked}: give auto, cpu, cuda or opencl"),
        };
    }

    private ComputeDevice Take(ComputeBackend backend, string asked)
    {
        if (!HasGpuSupport)
            throw new DeviceException($"{asked}: {HowToBuild}");
        var offers = Find();
        return offers.FirstOrDefault(offer => offer.Backend == backend)?.Create() ??
            throw new DeviceException($"{asked}: there is no such device; there is: {string.Join(", ", offers.Select(offer => $"{offer.Name} ({offer.Backend})").Prepend("the CPU"))}");
    }

    private ComputeDevice TakeAny(CommandConsole console, int threads)
    {
        var reason = HasGpuSupport ? "there is no CUDA or OpenCL device" : HowToBuild;
        foreach (var offer in HasGpuSupport ? Find() : [])
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

        console.Say($"the CPU is used: {reason}");
        return new CpuDevice(threads);
    }
}
