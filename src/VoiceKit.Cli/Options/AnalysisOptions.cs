using System.CommandLine;
using VoiceKit.Batches;
using VoiceKit.Devices;
using VoiceKit.Features;
using VoiceKit.Pitch;

namespace VoiceKit.Cli;

/// <summary>The options that decide how recordings are analysed.</summary>
internal sealed class AnalysisOptions
{
    private readonly Option<double> framePeriod = SharedOptions.FramePeriod();
    private readonly Option<string> method = SharedOptions.F0Method();
    private readonly Option<F0Range?> range = SharedOptions.F0Range(
        "--f0-range",
        "Where to look for F0; by default it is found from the recording"
    );
    private readonly Option<int?> order = SharedOptions.Order();

    public IReadOnlyList<Option> All => [framePeriod, method, range, order];

    public FeatureOptions Parse(ParseResult result) =>
        new()
        {
            FramePeriod = SharedOptions.ParseFramePeriod(result.GetValue(framePeriod)),
            F0Method = SharedOptions.ParseMethod(result.GetRequiredValue(method)),
            F0Range = result.GetValue(range),
            Order = result.GetValue(order),
        };
}

/// <summary>The options that decide which arrays a feature file has.</summary>
internal sealed class FeatureChoices
{
    private readonly Option<string?> features = new("--features")
    {
        Description =
            $"The arrays to write, separated by commas: {string.Join(", ", FeatureFileOptions.AllFeatures)}. All by default, "
            + $"about 0.8 MB a second of sound at 16 kHz; without spectral_envelope and aperiodicity about a tenth of it.",
    };

    private readonly Option<bool> float64 = new("--float64")
    {
        Description = "Write spectra as float64 too, twice as large; by default they are float32.",
    };

    public IReadOnlyList<Option> All => [features, float64];

    public FeatureFileOptions Parse(ParseResult result)
    {
        string[] names = result.GetValue(features) is { } text
            ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()]
            : [.. FeatureFileOptions.AllFeatures];
        if (Array.Find(names, name => !FeatureFileOptions.AllFeatures.Contains(name)) is { } unknown)
            throw new UsageException(
                $"--features {unknown}: there is no such array; there are {string.Join(", ", FeatureFileOptions.AllFeatures)}"
            );
        return names.Length > 0
            ? new FeatureFileOptions { Features = names, IsDoublePrecision = result.GetValue(float64) }
            : throw new UsageException("--features: name at least one array");
    }
}

/// <summary>The options of mel spectrograms, and the device that computes them.</summary>
internal sealed class MelChoices(CommandConsole console, DeviceCatalog devices)
{
    private readonly Option<double> frameLength = new("--frame-length")
    {
        Description = "Milliseconds of a frame's window.",
        DefaultValueFactory = _ => 25,
    };
    private readonly Option<double> framePeriod = SharedOptions.FramePeriod();
    private readonly Option<int> bands = new Option<int>("--bands")
    {
        Description = "The mel bands.",
        DefaultValueFactory = _ => 80,
    }.AcceptFrom(1, 1024);
    private readonly Option<bool> linear = new("--linear") { Description = "Powers instead of their natural logarithms." };
    private readonly Option<string?> device = DeviceOption.Create();

    public IReadOnlyList<Option> All => [frameLength, framePeriod, bands, linear, device];

    public MelTask Task(ParseResult result)
    {
        var options = new MelOptions
        {
            FrameLength = result.GetValue(frameLength) is >= 1 and <= 1000 and var length
                ? TimeSpan.FromMilliseconds(length)
                : throw new UsageException("--frame-length must be 1 .. 1000 ms"),
            FramePeriod = SharedOptions.ParseFramePeriod(result.GetValue(framePeriod)),
            BandCount = result.GetValue(bands),
            Logarithm = !result.GetValue(linear),
        };
        // What auto finds is a part of the batch's description, so that results of different devices do not pass for each other's.
        var option = result.GetValue(device);
        var found = devices.AsksForAny(option) ? Take(option) : null;
        var name = found is null ? devices.Asked(option) : DeviceOption.NameOf(found.Backend);
        return new MelTask(options, name, () => found ?? Take(option));
    }

    private ComputeDevice Take(string? option)
    {
        var taken = devices.Take(console, option);
        if (taken.Backend != ComputeBackend.Cpu)
            console.Say($"spectra are computed on {taken.Name}");
        return taken;
    }
}
