using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Devices;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Cli;

/// <summary>voicekit train.</summary>
internal static class TrainCommand
{
    public static Command Create(CommandConsole console, DeviceCatalog devices)
    {
        var source = new Option<string>("--source") { Description = "The folder of the source speaker's recordings.", Required = true };
        var target = new Option<string>("--target")
        {
            Description = "The folder of the target speaker's: the same sentences under the same names.",
            Required = true,
        };
        var output = new Option<string>("--output", "-o") { Description = "The model to write (.safetensors).", Required = true };
        var limit = new Option<int?>("--limit") { Description = "Use at most this many pairs, the first by name." };
        var mixtures = new Option<string>("--mixtures")
        {
            Description = "The number of mixtures, or auto (by cross-validation).",
            DefaultValueFactory = _ => "auto",
        };
        var covariance = new Option<string>("--covariance")
        {
            Description = "The joint covariances: full, block-diagonal or diagonal.",
            DefaultValueFactory = _ => "full",
        }.AcceptOnlyFromAmong("full", "block-diagonal", "diagonal");
        var passes = new Option<int>("--passes") { Description = "How often the pairs are aligned.", DefaultValueFactory = _ => 3 };
        var iterations = new Option<int>("--iterations")
        {
            Description = "The most EM iterations of the last pass.",
            DefaultValueFactory = _ => new TrainingOptions().Iterations,
        };
        var seed = new Option<int>("--seed") { Description = "The seed of the random start." };
        var (method, order) = (SharedOptions.F0Method(), SharedOptions.Order());
        var sourceRange = SharedOptions.F0Range("--source-f0-range", "The source's F0 range; found from the recordings by default");
        var targetRange = SharedOptions.F0Range("--target-f0-range", "The target's F0 range; found from the recordings by default");
        var deviceOption = DeviceOption.Create();
        var command = new Command(
            "train",
            """
            Learn to convert one voice into another from the same sentences by both; 25 are enough.

              voicekit train --source anna/ --target ben/ -o ben.safetensors
            """
        )
        {
            source,
            target,
            output,
            limit,
            mixtures,
            covariance,
            passes,
            iterations,
            seed,
            method,
            order,
            sourceRange,
            targetRange,
            deviceOption,
        };
        var sharing = new TrainingPoolOptions();
        sharing.AddTo(command);
        command.SetAction(result =>
        {
            var options = new TrainingOptions
            {
                MixtureCount = ParseMixtures(result.GetRequiredValue(mixtures)),
                Structure = Enum.Parse<CovarianceStructure>(
                    result.GetRequiredValue(covariance).Replace("-", "", StringComparison.Ordinal),
                    ignoreCase: true
                ),
                AlignmentPasses = AtLeastOne(result.GetValue(passes), "--passes"),
                Iterations = AtLeastOne(result.GetValue(iterations), "--iterations"),
                Seed = result.GetValue(seed),
                Features = new FeatureOptions
                {
                    F0Method = SharedOptions.ParseMethod(result.GetRequiredValue(method)),
                    Order = result.GetValue(order),
                },
            };
            _ = OutputName.RequireFile("-o", result.GetRequiredValue(output), ".safetensors");
            if (result.GetValue(limit) is < 2)
                throw new UsageException("--limit: at least two pairs are needed");
            var device = result.GetValue(deviceOption);
            using var pool = sharing.Open(result, console, result.GetRequiredValue(output));
            if (pool is not null && device is not (null or DeviceOption.Cpu))
                throw new UsageException(
                    $"{DeviceOption.Name} {device}: a shared training runs on CPUs; leave out --pool and --slurm, or {DeviceOption.Name}"
                );
            using var taken = pool is null ? TrainingDevice.Take(devices, console, device) : null;
            Run(
                console,
                (result.GetRequiredValue(source), result.GetRequiredValue(target)),
                result.GetValue(limit),
                options,
                (result.GetValue(sourceRange), result.GetValue(targetRange)),
                result.GetRequiredValue(output),
                pool is null ? taken!.Share : pool.Share
            );
            console.Say($"next: voicekit convert -m {result.GetRequiredValue(output)} new.wav -o new-converted.wav");
        });
        return command;
    }

    /// <summary>
    /// Trains a model from two folders, writes it and returns it; <paramref name="expectation"/> gives the E-step over the frames of a fit.
    /// </summary>
    internal static VoiceModel Run(
        CommandConsole console,
        (string Source, string Target) folders,
        int? limit,
        TrainingOptions options,
        (F0Range? Source, F0Range? Target) ranges,
        string output,
        Func<Frames, IExpectationStep> expectation
    )
    {
        if (Path.GetFullPath(folders.Source).TrimEnd('/') == Path.GetFullPath(folders.Target).TrimEnd('/'))
            throw new UsageException("--source and --target are the same folder: a voice cannot be converted into itself");
        var clock = Stopwatch.StartNew();
        AtomicFile.RequireWritable(output);
        using var held =
            FileLock.TryTakeFor(output)
            ?? throw new OutputBusyException($"{output}: another run is making this file; run the same line again when it has ended");
        var pairs = RecordingPairs.Find(folders.Source, folders.Target, limit: limit);
        foreach (var warning in pairs.Warnings)
            console.Warn(warning);
        console.Progress($"reading {pairs.Files.Count} pairs", 0);
        var (source, target) = pairs.Read();
        if (pairs.SampleRates.Count > 1)
            console.Warn(
                $"the recordings have {string.Join(" and ", pairs.SampleRates)} Hz: all are brought to {pairs.SampleRates[0]} Hz, "
                    + $"the model's rate; a voice whose recordings all have the higher rate is learned better"
            );
        foreach (var warning in RecordingQuality.Warnings("source", source).Concat(RecordingQuality.Warnings("target", target)))
            console.Warn(warning);
        var sourceRange = ranges.Source ?? F0RangeFinder.Find(source);
        var targetRange = ranges.Target ?? F0RangeFinder.Find(target);
        const double analysisRatio = 0.4;
        var features = pairs.Extract(
            source,
            target,
            options.Features.WithDetail(source[0].SampleRate),
            sourceRange,
            targetRange,
            new SynchronousProgress<int>(done =>
                console.Progress($"analysing, {done} of {2 * pairs.Files.Count}", analysisRatio * done / (2 * pairs.Files.Count))
            ),
            cancellation: console.Cancellation
        );
        var analysisTime = clock.Elapsed;
        var trainer = new VoiceModelTrainer(
            options,
            new SynchronousProgress<TrainingProgress>(step =>
            {
                if (step.Detail.Length > 0)
                    console.SayDetail(step.Detail);
                console.Progress(step.Stage, analysisRatio + ((1 - analysisRatio) * step.Fraction));
            }),
            expectation
        );
        var trained = trainer.Train(features, sourceRange, targetRange, console.Cancellation);
        var model = trained.Model;
        foreach (var warning in trained.Warnings)
            console.Warn(warning);
        VoiceModelFile.Write(output, model);
        console.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"wrote {output}: {model.Description["sentences"]} sentences, {trained.SpeechSeconds:F0} s of speech, "
                    + $"{model.Spectrum.Joint.MixtureCount} mixtures, F0 {Describe(sourceRange)} -> {Describe(targetRange)}; analysis "
                    + $"{analysisTime.TotalSeconds:F1} s, training {(clock.Elapsed - analysisTime).TotalSeconds:F1} s"
            )
        );
        if (trained.HeldOut is { } heldOut && double.IsFinite(heldOut.Converted))
            console.Say(Judge(heldOut, int.Parse(model.Description["sentences"], CultureInfo.InvariantCulture)));
        return model;
    }

    /// <summary>The score of sentences that the model had not heard, in words.</summary>
    private static string Judge(HeldOutDistance heldOut, int sentences)
    {
        var (low, high) = (0.68, 0.82);
        var share = heldOut.Converted / heldOut.Unconverted;
        var verdict =
            share <= low ? "that is good"
            : share <= high ? $"that is fair{(sentences < 25 ? "; more sentences would help" : "")}"
            : $"that is little; {(sentences < 25 ? "more sentences would help" : "are the recordings clean, and the sentences the same?")}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"a test on {heldOut.Sentences} of the sentences, unheard: the distance from the target fell from "
                + $"{heldOut.Unconverted:F1} to {heldOut.Converted:F1} dB; {verdict}"
        );
    }

    private static string Describe(F0Range range) => string.Create(CultureInfo.InvariantCulture, $"{range.Floor:F0}-{range.Ceiling:F0} Hz");

    private static int? ParseMixtures(string text) =>
        text == "auto" ? null
        : StrictNumber.Whole(text) is >= 1 and <= 1024 and var count ? count
        : throw new UsageException($"--mixtures {text}: give a number from 1 to 1024, or auto");

    private static int AtLeastOne(int value, string name) =>
        value >= 1 ? value : throw new UsageException($"{name} {value}: at least 1 is needed");
}

/// <summary>The device that a training's E-steps run on.</summary>
internal sealed class TrainingDevice : IDisposable
{
    private readonly ComputeDevice device;

    private TrainingDevice(ComputeDevice device) => this.device = device;

    /// <summary>Gives the frames of a fit to the device.</summary>
    public IExpectationStep Share(Frames frames) => device.BeginExpectation(frames);

    /// <summary>Takes the device of an option, else of the environment.</summary>
    /// <exception cref="DeviceException">It is not there, or does not compute what a training needs.</exception>
    public static TrainingDevice Take(DeviceCatalog devices, CommandConsole console, string? option)
    {
        var device = devices.Take(console, option);
        if (device.HasDoublePrecision)
        {
            if (device.Backend != ComputeBackend.Cpu)
                console.Say($"  EM runs on {device.Name}");
            return new TrainingDevice(device);
        }

        var reason = $"{device.Name} has no double precision, which EM needs";
        device.Dispose();
        if (!devices.AsksForAny(option))
            throw new DeviceException($"{reason}; train with {DeviceOption.Name} {DeviceOption.Cpu}");
        console.Say($"the CPU is used: {reason}");
        return new TrainingDevice(new CpuDevice());
    }

    public void Dispose() => device.Dispose();
}
