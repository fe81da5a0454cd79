using System.CommandLine;
using VoiceKit.Batches;
using VoiceKit.Compute;
using VoiceKit.Spectra;

namespace VoiceKit.Cli;

/// <summary>The options of mel spectrograms, and the device that computes them.</summary>
internal sealed class MelChoices(CommandConsole console, DeviceCatalog devices)
{
    private readonly Option<double> frameLength = new("--frame-length") { Description = "Milliseconds of a frame's window.", DefaultValueFactory = _ => 25 };
    private readonly Option<double> framePeriod = SharedOptions.FramePeriod();
    private readonly Option<int> bands = new Option<int>("--bands") { Description = "The mel bands.", DefaultValueFactory = _ => 80 }.AcceptFrom(1, 1024);
    private readonly Option<bool> linear = new("--linear") { Description = "Powers instead of their natural logarithms." };
    private readonly Option<string?> device = DeviceOption.Create();

    public IReadOnlyList<Option> All => [frameLength, framePeriod, bands, linear, device];

    public MelTask Task(ParseResult result)
    {
        var options = new MelOptions
        {
            FrameLength = result.GetValue(frameLength) is >= 1 and <= 1000 and var length ? TimeSpan.FromMilliseconds(length) : throw new UsageException("--frame-length must be 1 .. 1000 ms"),
            FramePeriod = SharedOptions.ParseFramePeriod(result.GetValue(framePeriod)),
            BandCount = result.GetValue(bands),
            Logarithm = !result.GetValue(linear),
        };
        return new MelTask(options, devices.Asked(result.GetValue(device)), () => Take(result.GetValue(device)));
    }

    private ISpectraDevice? Take(string? option)
    {
        var taken = devices.Take(console, option);
        if (taken is ISpectraDevice spectra)
        {
            console.Say($"spectra are computed on {taken.Name}");
            return spectra;
        }

        taken.Dispose();
        return taken is CpuDevice ? null : throw new DeviceException($"{taken.Name} computes no spectra; {DeviceOption.Name} {DeviceOption.Cpu} does");
    }
}
