using VoiceKit.Devices;

namespace VoiceKit.Tests.TestKit;

/// <summary>The devices of this machine, by name: what holds for one must hold for all.</summary>
internal static class TestDevices
{
    public const string OneThread = "CPU, 1 thread";
    public const string ThreeThreads = "CPU, 3 threads";

    /// <summary>The CPU, the GPUs that are there, and the simulator of the kernels.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>As <see cref="All"/>, for a test that the simulator takes long for: there it is a slow one.</summary>
    public static TheoryData<string> AllOfLarge =>
        [
            .. Names.Select(name =>
                name == Simulator ? new TheoryDataRow<string>(name).WithTrait(SlowTests.Category, SlowTests.Slow) : new(name)
            ),
        ];

    /// <summary>All but the simulator, for which thousands of operations take too long.</summary>
    public static TheoryData<string> Fast => [.. Names.Where(name => name != Simulator)];

    /// <summary>The GPUs that are there and the simulator.</summary>
    public static TheoryData<string> Gpus => [.. Names.Except([OneThread, ThreeThreads])];

    private static string[] Names =>
        [OneThread, ThreeThreads, .. WithSimulator ? [Simulator] : Array.Empty<string>(), .. GpuTestDevices.Names];

    /// <summary>Where a GPU is, tools/gpu-check.sh leaves the simulator out: it takes minutes.</summary>
    private static bool WithSimulator => Environment.GetEnvironmentVariable("VOICEKIT_TEST_SIMULATOR") != "0";

    private static string Simulator => "GPU simulator";

    /// <summary>A device of its own for a test: devices are not for several threads at once.</summary>
    public static ComputeDevice Create(string name) =>
        name switch
        {
            OneThread => new CpuDevice(1),
            ThreeThreads => new CpuDevice(3),
            _ => name == Simulator ? GpuTestDevices.CreateSimulator() : GpuTestDevices.Create(name),
        };

    /// <summary>Every device with every one of some cases.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="isLarge">Which of them the simulator takes long for: those are slow tests, which .ci/run runs.</param>
    public static TheoryData<string, T> With<T>(IEnumerable<T> cases, Func<T, bool>? isLarge = null) => Combinations(Names, cases, isLarge);

    /// <summary>The GPUs that are there and the simulator with every one of some cases.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="isLarge">As in <see cref="With"/>.</param>
    public static TheoryData<string, T> WithGpus<T>(IEnumerable<T> cases, Func<T, bool>? isLarge = null) =>
        Combinations([.. Names.Except([OneThread, ThreeThreads])], cases, isLarge);

    /// <summary>Every device but the simulator with every one of some cases.</summary>
    public static TheoryData<string, T> WithFast<T>(IEnumerable<T> cases) =>
        Combinations([.. Names.Where(name => name != Simulator)], cases, null);

    private static TheoryData<string, T> Combinations<T>(string[] names, IEnumerable<T> cases, Func<T, bool>? isLarge)
    {
        var data = new TheoryData<string, T>();
        foreach (var item in cases)
        {
            foreach (var name in names)
            {
                var row = new TheoryDataRow<string, T>(name, item);
                data.Add(name == Simulator && isLarge?.Invoke(item) == true ? row.WithTrait(SlowTests.Category, SlowTests.Slow) : row);
            }
        }

        return data;
    }
}
