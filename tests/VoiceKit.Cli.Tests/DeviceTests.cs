using System.Text.Json;
using VoiceKit.Cli;
using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>The choice of a device and the list of them; the devices are made up.</summary>
[Collection("Command line")]
public sealed class DeviceTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    private static DeviceInfo Working => new(ComputeBackend.Cuda, "Works 3000", "CUDA 12.8", 8L << 30, () => new CpuDevice(1));

    private static DeviceInfo Silent => new(ComputeBackend.OpenCL, "Silent 1", "OpenCL 3.0", 1L << 30, () => new SilentDevice());

    private static DeviceInfo Mixing => new(ComputeBackend.Cuda, "Mixing 2", "CUDA 12.8", 8L << 30, () => new MixingDevice());

    private static DeviceInfo Single => new(ComputeBackend.OpenCL, "Single 5", "OpenCL 3.0", 1L << 30, () => new RelayDevice());

    private static DeviceInfo Full =>
        new(
            ComputeBackend.Cuda,
            "Full 7",
            "CUDA 12.8",
            8L << 30,
            () => throw new DeviceMemoryException("Full 7", 1 << 30, 0, 8L << 30, new InvalidOperationException())
        );

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Devices_NoGpu_ListsTheCpu()
    {
        var run = CommandRun.WithDevices(Holding(), "devices").Ended(0);
        var line = Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"cpu     {Environment.ProcessorCount} cores  .NET ", line, StringComparison.Ordinal);
        Assert.Contains("self-test passed (matrix product ", line, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void Devices_OneThatComputesZeros_FailsIt()
    {
        var run = CommandRun.WithDevices(Holding(Working, Silent), "devices").Ended(ExitCode.Device);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("cuda    Works 3000  CUDA 12.8  8.0 GiB  self-test passed (", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(
            "opencl  Silent 1  OpenCL 3.0  1.0 GiB  SELF-TEST FAILED (matrix product 1.0e+0, ",
            lines[2],
            StringComparison.Ordinal
        );
        Assert.Empty(run.Error);
    }

    [Fact]
    public void Devices_Json_HasAllFacts()
    {
        var run = CommandRun.WithDevices(Holding(Silent, Full), "devices", "--json").Ended(ExitCode.Device);
        using var document = JsonDocument.Parse(run.Output);
        var devices = document.RootElement.GetProperty("devices").EnumerateArray().ToArray();
        Assert.Equal(["cpu", "opencl", "cuda"], devices.Select(device => device.GetProperty("backend").GetString()));
        Assert.Equal([true, false, false], devices.Select(device => device.GetProperty("passed").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, devices[1].GetProperty("differences").GetProperty("weight_gradient").ValueKind);
        Assert.Equal(1, devices[1].GetProperty("differences").GetProperty("sum").GetDouble());
        Assert.Contains("1024.0 MiB more", devices[2].GetProperty("failure").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_DeviceThatIsThere_IsTaken() => Generate(Holding(Silent, Working), "cuda").Ended(0);

    [Fact]
    public void Generate_DeviceThatIsNotThere_ListsWhatIs()
    {
        var line = Generate(Holding(Silent), "cuda").Refused(ExitCode.Device);
        Assert.Contains("--device cuda: there is no such device; there is: the CPU, Silent 1 (OpenCL)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_DeviceOutOfMemory_NamesTheSizes() =>
        Assert.Contains(
            "Full 7 is out of memory: 1024.0 MiB more",
            Generate(Holding(Full), "cuda").Refused(ExitCode.Device),
            StringComparison.Ordinal
        );

    [Fact]
    public void Generate_Auto_FallsBackAndSaysWhyOnOneLine()
    {
        Assert.Contains(
            "the CPU is used: Silent 1 computes other numbers",
            Generate(Holding(Full, Silent), "auto").Ended(0).ErrorLines[0],
            StringComparison.Ordinal
        );
        Assert.Contains(
            "the CPU is used: Full 7 fails: Full 7 is out of memory",
            Generate(Holding(Full), "auto").Ended(0).ErrorLines[0],
            StringComparison.Ordinal
        );
        Assert.Contains("the CPU is used: there is no CUDA", Generate(Holding(), "auto").Ended(0).ErrorLines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("the CPU is used", Generate(Holding(Silent, Working), "auto").Ended(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_AutoWithASilentDevice_GivesItBack()
    {
        using var device = new SilentDevice();
        Generate(Holding(Silent with { Create = () => device }), "auto").Ended(0);
        Assert.True(device.IsDisposed);
    }

    [Fact]
    public void Generate_EnvironmentVariable_CountsWhereNoOptionIsGiven()
    {
        var catalog = Holding(Silent) with { Preference = "cuda" };
        Assert.Contains(
            "VOICEKIT_DEVICE=cuda: there is no such device",
            Generate(catalog, null).Refused(ExitCode.Device),
            StringComparison.Ordinal
        );
        Generate(catalog, "cpu").Ended(0);
        Assert.Contains(
            "VOICEKIT_DEVICE=gpu: give auto",
            Generate(Holding() with { Preference = "gpu" }, null).Refused(ExitCode.Usage),
            StringComparison.Ordinal
        );
        Generate(Holding() with { Preference = "" }, null).Ended(0);
    }

    [Fact]
    public void Device_UnknownName_IsAUsageError() =>
        Assert.Contains("'gpu'", Generate(Holding(), "gpu").Refused(ExitCode.Usage), StringComparison.Ordinal);

    [Fact]
    public void Train_DeviceThatIsNotThere_IsRefused() =>
        Assert.Contains(
            "--device cuda",
            CommandRun
                .WithDevices(Holding(), "music", "train", "--midi", folder["midi"], "-o", folder["m.safetensors"], "--device", "cuda")
                .Refused(ExitCode.Device),
            StringComparison.Ordinal
        );

    [Fact]
    public void TrainVoice_DeviceWithAPool_IsAUsageErrorAndLeavesNothing()
    {
        Assert.Contains(
            "--device cuda",
            TrainVoice(Holding(Mixing), "--device", "cuda", "--pool", folder["pool"]).Refused(ExitCode.Usage),
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void TrainVoice_DeviceThatIsNotThereOrHasNoDoublePrecision_IsRefused()
    {
        Assert.Contains(
            "no double precision",
            TrainVoice(Holding(Silent with { Backend = ComputeBackend.Cuda }), "--device", "cuda").Refused(ExitCode.Device),
            StringComparison.Ordinal
        );
        Assert.Contains("no such device", TrainVoice(Holding(), "--device", "cuda").Refused(ExitCode.Device), StringComparison.Ordinal);
    }

    [Fact]
    public void TrainVoice_DeviceThatTakesExpectationSteps_GetsThemAll()
    {
        TrainVoice(Holding(), "--device", "cpu").Ended(0);
        var run = CommandRun.WithDevices(Holding(Mixing), TrainLine.Of(folder["other"], "--device", "cuda")).Ended(0);
        Assert.Contains("EM runs on mixing", run.Error, StringComparison.Ordinal);
        ModelAssert.Near(SafetensorsFile.Read(folder["model"]), SafetensorsFile.Read(folder["other"]), 1e-9);
        Assert.InRange(MixingDevice.Shared, 2, 10);
    }

    [Fact]
    public void TrainVoice_OpenCLDeviceWithoutDoublePrecision_IsRefused()
    {
        using var device = new RelayDevice();
        var line = TrainVoice(Holding(Single with { Create = () => device }), "--device", "opencl").Refused(ExitCode.Device);
        Assert.Contains("relay has no double precision, which EM needs; train with --device cpu", line, StringComparison.Ordinal);
        Assert.True(device.IsDisposed);
        Assert.Contains(
            "no double precision",
            TrainVoice(Holding(Single) with { Preference = "opencl" }).Refused(ExitCode.Device),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("auto", null)]
    [InlineData(null, "auto")]
    public void TrainVoice_AutoWithoutDoublePrecision_IsTheCpusModelAndSaysWhyOnOneLine(string? option, string? preference)
    {
        using var device = new RelayDevice();
        var catalog = Holding(Single with { Create = () => device }) with { Preference = preference };
        var run = TrainVoice(catalog, option is null ? [] : ["--device", option]).Ended(0);
        Assert.Equal(
            "the CPU is used: relay has no double precision, which EM needs",
            Assert.Single(run.ErrorLines, line => line.Contains("the CPU is used", StringComparison.Ordinal))
        );
        Assert.DoesNotContain("EM runs on", run.Error, StringComparison.Ordinal);
        Assert.True(device.IsDisposed);
        CommandRun.WithDevices(Holding(), TrainLine.Of(folder["other"], "--device", "cpu")).Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["other"]), File.ReadAllBytes(folder["model"]));
    }

    private CommandRun TrainVoice(DeviceCatalog devices, params string[] options) =>
        CommandRun.WithDevices(devices, TrainLine.Of(folder["model"], options));

    private static DeviceCatalog Holding(params DeviceInfo[] offers) => new(() => offers, null);

    private CommandRun Generate(DeviceCatalog devices, string? device) =>
        CommandRun.WithDevices(
            devices,
            [
                "music",
                "generate",
                "--count",
                "1",
                "--format",
                "mid",
                "-o",
                folder["out"],
                .. device is null ? (string[])[] : ["--device", device],
            ]
        );
}
