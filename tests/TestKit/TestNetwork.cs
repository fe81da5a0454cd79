using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.TestKit;

/// <summary>A device and a network's parameters and states, given back together.</summary>
internal sealed class TestNetwork : IDisposable
{
    public TestNetwork(ComputeDevice? device = null) => Device = device ?? new CpuDevice(1);

    public ComputeDevice Device { get; }

    public ParameterSet Parameters { get; } = new();

    public ParameterSet State { get; } = new();

    /// <summary>
    /// Gives memory and first values; with <paramref name="isRandom"/> no scale stays 1 and no bias 0, so that each counts in a test.
    /// </summary>
    public TestNetwork Allocate(bool isRandom = true)
    {
        Parameters.Allocate(Device, new RandomNumbers(7));
        State.Allocate(Device, new RandomNumbers(8));
        if (isRandom)
            Device.Upload(DeviceNumbers.Uniform(9, Parameters.Length), Parameters.Storage);
        return this;
    }

    /// <summary>The numbers of a parameter or a state.</summary>
    public double[] this[string name] =>
        (Parameters.Read("").TryGetValue(name, out var tensor) ? tensor : State.Read("")[name]).Values.ToArray();

    public void Dispose()
    {
        Parameters.Dispose();
        State.Dispose();
        Device.Dispose();
    }
}
