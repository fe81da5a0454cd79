using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

public class DeterminismTests
{
    public static TheoryData<string, string> Cases => TestDevices.With(DeviceCases.Names, _ => true);

    public static TheoryData<string> Names => [.. DeviceCases.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operation_ArraysAtOddOffsets_GivesTheSameBits(string deviceName, string operation)
    {
        using var device = TestDevices.Create(deviceName);
        var expected = DeviceCases.Named(operation).Result(device, 0);
        Assert.False(Array.Exists(expected, float.IsNaN));
        NumberAssert.SameBits(expected, DeviceCases.Named(operation).Result(device, 0));
        NumberAssert.SameBits(expected, DeviceCases.Named(operation).Result(device, 13));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Operation_AnyNumberOfThreads_GivesTheSameBits(string operation)
    {
        using var one = new CpuDevice(1);
        var expected = DeviceCases.Named(operation).Result(one, 0);
        foreach (var threads in new[] { 2, 3, 7 })
        {
            using var device = new CpuDevice(threads);
            NumberAssert.SameBits(expected, DeviceCases.Named(operation).Result(device, 0));
        }
    }

    [Fact]
    public void CpuDevice_Threads_AreNamed()
    {
        using var one = new CpuDevice(1);
        using var three = new CpuDevice(3);
        using var all = new CpuDevice();
        Assert.Equal(("CPU, 1 thread", "CPU, 3 threads"), (one.Name, three.Name));
        Assert.StartsWith($"CPU, {Environment.ProcessorCount} thread", all.Name, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuDevice(-1));
    }
}
