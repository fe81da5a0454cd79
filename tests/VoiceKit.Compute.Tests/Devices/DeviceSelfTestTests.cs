using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

public class DeviceSelfTestTests
{
    public static TheoryData<string> Devices => TestDevices.AllOfLarge;

    [Theory]
    [MemberData(nameof(Devices))]
    public void Run_EachDevice_ComputesWhatTheCpuDoes(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        var differences = DeviceSelfTest.Run(device);
        Assert.Equal(
            ["matrix product", "convolution", "input gradient", "weight gradient", "sum"],
            differences.Select(item => item.Operation)
        );
        Assert.All(differences, item => Assert.InRange(item.Difference, 0, 1e-5));
        Assert.All(differences, item => Assert.True(item.IsSmall));
    }

    [Fact]
    public void Run_DeviceThatComputesNothing_FailsEachOperation()
    {
        using var device = new SilentDevice();
        var differences = DeviceSelfTest.Run(device);
        Assert.All(differences, item => Assert.False(item.IsSmall));
        Assert.Equal(1, differences[0].Difference);

        // What was not touched is no number.
        Assert.True(double.IsNaN(differences[3].Difference));
    }

    [Fact]
    public void DeviceMemoryException_Message_NamesTheSizes()
    {
        var exception = new DeviceMemoryException("H200", 3 << 20, 5L << 30, 141L << 30, new InvalidOperationException());
        Assert.Equal((3 << 20, 5L << 30, 141L << 30), (exception.RequestedBytes, exception.HeldBytes, exception.DeviceBytes));
        Assert.Contains(
            "3.0 MiB more are needed, this program holds 5120.0 MiB of 144384.0 MiB",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("2.0 KiB more", new DeviceMemoryException("H200", 2048, 0, 0, exception).Message, StringComparison.Ordinal);
    }
}
