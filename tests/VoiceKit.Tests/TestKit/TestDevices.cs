using VoiceKit.Compute;

namespace VoiceKit.Tests.TestKit;

/// <summary>The devices of this machine, by name: what holds for one must hold for all.</summary>
internal static class TestDevices
{
    public const string OneThread = "CPU, 1 thread";
    public const string ThreeThreads = "CPU, 3 threads";

    public static TheoryData<string> All => [OneThread, ThreeThreads];

    /// <summary>A device of its own for a test: devices are not for several threads at once.</summary>
    public static ComputeDevice Create(string name) => name switch
    {
        OneThread => new CpuDevice(1),
        ThreeThreads => new CpuDevice(3),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such device."),
    };

    /// <summary>Every device with every one of some cases.</summary>
    public static TheoryData<string, T> With<T>(IEnumerable<T> cases)
    {
        var data = new TheoryData<string, T>();
        foreach (var item in cases)
        {
            data.Add(OneThread, item);
            data.Add(ThreeThreads, item);
        }

        return data;
    }
}
