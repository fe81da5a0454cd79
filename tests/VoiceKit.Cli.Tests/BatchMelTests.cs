using System.IO.Compression;
using VoiceKit.Audio;
using VoiceKit.Cli;
using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Spectra;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>voicekit batch mel, on the CPU and on devices that are made up, so that both builds meet all cases.</summary>
[Collection("Command line")]
public sealed class BatchMelTests : IDisposable
{
    private readonly BatchScratch batch = new("a.wav", "x/b.wav");

    public void Dispose() => batch.Dispose();

    [Fact]
    public void Mel_EachRecording_IsThatOfTheLibrary()
    {
        CommandRun
            .InProcess(
                "batch",
                "mel",
                batch.Input,
                "-o",
                batch.Output,
                "--bands",
                "20",
                "--frame-length",
                "10",
                "--frame-period",
                "2.5",
                "--linear"
            )
            .Ended(0);
        Assert.Equal(["a.npz", "x/b.npz"], batch.Outputs);
        var options = new MelSpectrogramOptions
        {
            Transform = new() { FrameLength = 160, FrameShift = 40 },
            Filterbank = new() { FilterCount = 20 },
        };
        var expected = new MelSpectrogram(16000, options).Compute(WaveFile.Read(Path.Combine(batch.Input, "a.wav")).Waveform);
        var mel = Array(Path.Combine(batch.Output, "a.npz"), "mel_spectrogram");
        Assert.Equal([expected.Count, 20], mel.Shape);
        Assert.Equal(expected.Values.ToArray().Select(value => (double)(float)value), mel.Values.ToArray());
        Assert.Equal(0.0025, Assert.Single(Array(Path.Combine(batch.Output, "a.npz"), "frame_period").Values.ToArray()));
        Assert.Equal(16000, Assert.Single(Array(Path.Combine(batch.Output, "a.npz"), "sample_rate").Values.ToArray()));
    }

    [Fact]
    public void Mel_Defaults_AreThoseOfAnalyze()
    {
        batch.Sound("a.wav", 8000);
        CommandRun.InProcess("batch", "mel", batch.Input, "-o", batch.Output).Ended(0);
        CommandRun.InProcess("analyze", Path.Combine(batch.Input, "a.wav"), "-o", batch["a.npz"], "--f0-method", "dio").Ended(0);
        Assert.Equal(Array(batch["a.npz"], "mel_spectrogram").Values, Array(Path.Combine(batch.Output, "a.npz"), "mel_spectrogram").Values);
    }

    [Fact]
    public void Mel_Device_ComputesEachOnceByOneThreadAtATime()
    {
        for (var i = 0; i < 30; i++)
            batch.Sound($"{i}.wav");
        var device = new SpectraDevice();
        var run = CommandRun
            .WithDevices(Offering(device), "batch", "mel", batch.Input, "-o", batch.Output, "--device", "cuda", "--jobs", "4")
            .Ended(0);
        Assert.Contains("spectra are computed on spectral", run.Error, StringComparison.Ordinal);
        Assert.Equal(32, device.Count);
        Assert.True(device.IsDisposed);

        // What a device rounded is not taken for what another one would.
        Assert.Contains(
            "0 done, 32 as they were",
            CommandRun
                .WithDevices(Offering(new SpectraDevice()), "batch", "mel", batch.Input, "-o", batch.Output, "--device", "cuda")
                .Ended(0)
                .Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "32 done",
            CommandRun.InProcess("batch", "mel", batch.Input, "-o", batch.Output).Ended(0).Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Mel_DeviceThatIsNotThere_IsSaidBeforeTheFirstItem()
    {
        Assert.Contains(
            "--device cuda",
            CommandRun
                .WithDevices(new DeviceCatalog(() => [], null), "batch", "mel", batch.Input, "-o", batch.Output, "--device", "cuda")
                .Refused(ExitCode.Device),
            StringComparison.Ordinal
        );
        Assert.Empty(batch.Outputs);
    }

    [Fact]
    public void Mel_RecordingTooLongForTheDevice_FailsAloneWithTheSizes()
    {
        batch.Sound("long.wav", 2000);
        var device = new SpectraDevice
        {
            Failure = new DeviceMemoryException("spectral", 1 << 30, 0, 8L << 30, new InvalidOperationException()),
        };
        var run = CommandRun
            .WithDevices(Offering(device), "batch", "mel", batch.Input, "-o", batch.Output, "--device", "cuda")
            .Ended(ExitCode.SomeFailed);
        Assert.Contains("1024.0 MiB more", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", run.Error, StringComparison.Ordinal);
        Assert.Equal(["a.npz", "x/b.npz"], batch.Outputs);
    }

    [Fact]
    public void Mel_DeviceThatFails_StopsTheBatch()
    {
        batch.Sound("long.wav", 2000);
        var run = CommandRun
            .WithDevices(
                Offering(new SpectraDevice { Failure = new DeviceException("spectral fails") }),
                "batch",
                "mel",
                batch.Input,
                "-o",
                batch.Output,
                "--device",
                "cuda"
            )
            .Ended(ExitCode.Device);
        Assert.Contains("spectral fails", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("long.npz", batch.Outputs);
    }

    [Fact]
    public void Mel_DryRun_TakesNoDevice() =>
        Assert.Equal(
            2,
            CommandRun
                .WithDevices(
                    new DeviceCatalog(() => [], null),
                    "batch",
                    "mel",
                    batch.Input,
                    "-o",
                    batch.Output,
                    "--device",
                    "cuda",
                    "--dry-run"
                )
                .Ended(0)
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Length
        );

    [Theory]
    [InlineData("--frame-length", "0")]
    [InlineData("--frame-period", "0.1")]
    [InlineData("--bands", "0")]
    [InlineData("--device", "tpu")]
    public void Mel_OddOption_IsAUsageError(string option, string value) =>
        CommandRun.InProcess("batch", "mel", batch.Input, "-o", batch.Output, option, value).Refused(ExitCode.Usage);

    private static DeviceCatalog Offering(ComputeDevice device) =>
        new(() => [new DeviceInfo(ComputeBackend.Cuda, device.Name, "CUDA 12.8", 8L << 30, () => device)], null);

    private static NpyArray Array(string path, string name)
    {
        using var archive = ZipFile.OpenRead(path);
        using var stream = archive.GetEntry(name + ".npy")!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return NpyArray.Parse(memory.ToArray());
    }

    [Fact]
    public void Mel_Auto_RecordsTheDeviceThatDidTheWork()
    {
        string[] line = ["batch", "mel", batch.Input, "-o", batch.Output, "--device", "auto"];
        CommandRun.WithDevices(new DeviceCatalog(() => [], null), line).Ended(0);
        Assert.Contains(
            "\"device\": \"cpu\"",
            File.ReadAllText(Path.Combine(batch.Output, ".voicekit", "batch.json")),
            StringComparison.Ordinal
        );

        // What another device computes may differ in its last digits: it is made again.
        Assert.Contains(
            "2 done, 0 as they were",
            CommandRun.WithDevices(Offering(new SpectraDevice()), line).Ended(0).Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "0 done, 2 as they were",
            CommandRun.WithDevices(Offering(new SpectraDevice()), line).Ended(0).Error,
            StringComparison.Ordinal
        );
    }
}
