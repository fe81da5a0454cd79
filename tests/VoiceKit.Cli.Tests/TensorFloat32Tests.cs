using VoiceKit.Cli;
using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>--tf32: which devices get it, and what the others say.</summary>
[Collection("Command line")]
public sealed class TensorFloat32Tests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("cuda")]
    [InlineData("auto")]
    public void Generate_DeviceThatHasIt_IsAllowedIt(string choice)
    {
        var device = new TensorCoreDevice(has: true);
        var run = Generate(device, "--device", choice, "--tf32").Ended(0);
        Assert.True(device.AllowsTensorFloat32);
        Assert.DoesNotContain("TF32", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_NotAskedFor_IsNotAllowed()
    {
        var device = new TensorCoreDevice(has: true);
        Generate(device, "--device", "cuda").Ended(0);
        Assert.False(device.AllowsTensorFloat32);
    }

    [Fact]
    public void Generate_DeviceWithoutIt_IsRefused()
    {
        var device = new TensorCoreDevice(has: false);
        var line = Generate(device, "--device", "cuda", "--tf32").Refused(ExitCode.Device);
        Assert.Contains("--tf32: tensor has no TF32, which needs cuBLAS", line, StringComparison.Ordinal);
        Assert.False(device.AllowsTensorFloat32);
        Assert.True(device.IsDisposed);
        Assert.Contains(
            "relay has no TF32",
            Generate(new RelayDevice(), "--device", "cuda", "--tf32").Refused(ExitCode.Device),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Generate_AutoAndADeviceWithoutIt_GoesOnAndSaysSo()
    {
        var run = Generate(new TensorCoreDevice(has: false), "--device", "auto", "--tf32").Ended(0);
        Assert.Contains(
            "tensor is used without TF32",
            Assert.Single(run.ErrorLines, line => line.Contains("TF32", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Generate_AutoThatFallsBack_SaysSoOnTheSameLine()
    {
        var run = Generate(new SilentDevice(), "--device", "auto", "--tf32").Ended(0);
        Assert.StartsWith(
            "the CPU is used, without TF32: Tensor 4 computes other numbers",
            Assert.Single(run.ErrorLines, line => line.Contains("TF32", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Generate_TheCpu_IsAUsageError()
    {
        Assert.Contains(
            "--tf32: the CPU has no TF32",
            Generate(new RelayDevice(), "--device", "cpu", "--tf32").Refused(ExitCode.Usage),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "--tf32: the CPU has no TF32",
            Generate(new RelayDevice(), "--tf32").Refused(ExitCode.Usage),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TrainMusic_TheCpu_IsAUsageErrorAndLeavesNothing()
    {
        Assert.Contains(
            "--tf32: the CPU has no TF32",
            CommandRun
                .InProcess("music", "train", "--midi", folder.Path, "-o", folder["m.safetensors"], "--device", "cpu", "--tf32")
                .Refused(ExitCode.Usage),
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private CommandRun Generate(ComputeDevice device, params string[] options) =>
        CommandRun.WithDevices(
            new DeviceCatalog(() => [new DeviceInfo(ComputeBackend.Cuda, "Tensor 4", "CUDA 12.8", 8L << 30, () => device)], null),
            ["music", "generate", "--count", "1", "--format", "mid", "-o", folder["out"], .. options]
        );
}
