using VoiceKit.Compute;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Cli;

/// <summary>The device that a training's expectation steps were given to.</summary>
internal sealed class TrainingDevice : IDisposable
{
    private readonly ComputeDevice device;

    private TrainingDevice(ComputeDevice device) => this.device = device;

    /// <summary>Who collects the statistics of a fit's frames; null for this process, as on the CPU.</summary>
    public Func<Frames, IExpectationStep>? Expectation { get; private init; }

    /// <summary>Takes the device of an option, else of the environment.</summary>
    /// <exception cref="DeviceException">It is not there, or does not compute what a training needs.</exception>
    public static TrainingDevice Take(DeviceCatalog devices, CommandConsole console, string? option)
    {
        var device = devices.Take(console, option);
        if (device is CpuDevice)
            return new TrainingDevice(device);
        if (device is IMixtureDevice { HasDoublePrecision: true } mixtures)
        {
            console.Say($"  EM runs on {device.Name}");
            return new TrainingDevice(device) { Expectation = mixtures.Share };
        }

        var reason = $"{device.Name} has no double precision, which EM needs";
        device.Dispose();
        if (!devices.AsksForAny(option))
            throw new DeviceException($"{reason}; train with {DeviceOption.Name} {DeviceOption.Cpu}");
        console.Say($"the CPU is used: {reason}");
        return new TrainingDevice(new CpuDevice());
    }

    public void Dispose() => device.Dispose();
}
