using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VoiceKit.Conversion;
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
        var target = new Option<string>("--target") { Description = "The folder of the target speaker's: the same sentences under the same names.", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "The model to write (.safetensors).", Required = true };
        var limit = new Option<int?>("--limit") { Description = "Use at most this many pairs, the first by name." };
        var mixtures = new Option<string>("--mixtures") { Description = "The number of mixtures, or auto (by cross-validation).", DefaultValueFactory = _ => "auto" };
        var covariance = new Option<string>("--covariance") { Description = "The joint covariances: full, block-diagonal or diagonal.", DefaultValueFactory = _ => "full" }
            .AcceptOnlyFromAmong("full", "block-diagonal", "diagonal");
        var passes = new Option<int>("--passes") { Description = "How often the pairs are aligned.", DefaultValueFactory = _ => 3 };
        var iterations = new Option<int>("--iterations") { Description = "The most EM iterations of the last pass.", DefaultValueFactory = _ => new TrainingOptions().Iterations };
        var seed = new Option<int>("--seed") { Description = "The seed of the random start." };
        var (method, order) = (SharedOptions.F0Method(), SharedOptions.Order());
        var sourceRange = new Option<string?>("--source-f0-range") { Description = "The source's F0 range, LOW-HIGH in Hz; found from the recordings by default." };
        var targetRange = new Option<string?>("--target-f0-range") { Description = "The target's F0 range." };
        var deviceOption = DeviceOption.Create();
        var command = new Command("train", """
            Learn to convert one voice into another from the same sentences by both; 25 are enough.

              voicekit train --source anna/ --target ben/ -o ben.safetensors
            """) { source, target, output, limit, mixtures, covariance, passes, iterations, seed, method, order, sourceRange, targetRange, deviceOption };
        var sharing = new TrainingPoolOptions();
        sharing.AddTo(command);
        command.SetAction(result =>
        {
            var options = new TrainingOptions
            {
                MixtureCount = ParseMixtures(result.GetRequiredValue(mixtures)),
                Structure = Enum.Parse<CovarianceStructure>(result.GetRequiredValue(covariance).Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
                AlignmentPasses = AtLeastOne(result.GetValue(passes), "--passes"),
                Iterations = AtLeastOne(result.GetValue(iterations), "--iterations"),
                Seed = result.GetValue(seed),
                Features = new FeatureOptions { F0Method = result.GetValue(method), Order = result.GetValue(order) },
            };
            if (result.GetValue(limit) is < 2)
                throw new UsageException("--limit: at least two pairs are needed");
            var device = result.GetValue(deviceOption);
            using var pool = sharing.Open(result, console, result.GetRequiredValue(output));
            if (pool is not null && device is not (null or DeviceOption.Cpu))
                throw new UsageException($"{DeviceOption.Name} {device}: a shared training runs on CPUs; leave out --pool and --slurm, or {DeviceOption.Name}");
            using var taken = pool is null ? TrainingDevice.Take(devices, console, device) : null;
            Run(
                console,
                (result.GetRequiredValue(source), result.GetRequiredValue(target)),
                result.GetValue(limit),
                options,
                (SharedOptions.ParseRange(result.GetValue(sourceRange)), SharedOptions.ParseRange(result.GetValue(targetRange))),
                result.GetRequiredValue(output),
                pool is null ? taken?.Expectation : pool.Share);
        });
        return command;
    }

    /// <summary>Trains a model from two folders, writes it and returns it; <paramref name="expectation"/> is who collects statistics, by default this process.</summary>
    internal static VoiceModel Run(
        CommandConsole console,
        (string Source, string Target) folders,
        int? limit,
        TrainingOptions options,
        (F0Range? Source, F0Range? Target) ranges,
        string output,
        Func<Frames, IExpectationStep>? expectation = null)
    {
        if (Path.GetFullPath(folders.Source).TrimEnd('/') == Path.GetFullPath(folders.Target).TrimEnd('/'))
            throw new UsageException("--source and --target are the same folder: a voice cannot be converted into itself");
        var clock = Stopwatch.StartNew();
        AtomicFile.RequireWritable(output);
        var pairs = RecordingPairs.Find(folders.Source, folders.Target, limit: limit);
        foreach (var warning in pairs.Warnings)
            console.Warn(warning);
        console.Progress($"reading {pairs.Files.Count} pairs", 0);
        var (source, target) = pairs.Read();
        var sourceRange = ranges.Source ?? F0RangeFinder.Find(source);
        var targetRange = ranges.Target ?? F0RangeFinder.Find(target);
        const double analysisShare = 0.4;
        var features = pairs.Extract(source, target, options.Features, sourceRange, targetRange, done =>
            console.Progress($"analysing, {done} of {2 * pairs.Files.Count}", analysisShare * done / (2 * pairs.Files.Count)));
        var analysisTime = clock.Elapsed;
        var trainer = new VoiceModelTrainer(options, step =>
        {
            if (step.Detail.Length > 0)
                console.Say($"  {step.Stage}: {step.Detail}");
            console.Progress(step.Stage, analysisShare + ((1 - analysisShare) * step.Fraction));
        }, expectation);
        var (model, warnings) = trainer.Train(features, sourceRange, targetRange);
        foreach (var warning in warnings)
            console.Warn(warning);
        if (pairs.Files.Count < 10)
            console.Warn($"{pairs.Files.Count} pairs are few: 25 or more make a voice that others recognise");
        VoiceModelFile.Write(output, model);
        console.Say(string.Create(CultureInfo.InvariantCulture, $"{output}: {model.Description["sentences"]} sentences, {model.Spectrum.Joint.MixtureCount} mixtures, F0 {Describe(sourceRange)} -> {Describe(targetRange)}; analysis {analysisTime.TotalSeconds:F1} s, training {(clock.Elapsed - analysisTime).TotalSeconds:F1} s"));
        return model;
    }

    private static string Describe(F0Range range) => string.Create(CultureInfo.InvariantCulture, $"{range.Floor:F0}-{range.Ceiling:F0} Hz");

    private static int? ParseMixtures(string text) => text == "auto"
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1024
            ? count
            : throw new UsageException($"--mixtures {text}: give a number from 1 to 1024, or auto");

    private static int AtLeastOne(int value, string name) => value >= 1 ? value : throw new UsageException($"{name} {value}: at least 1 is needed");
}
