using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Conversion;

/// <summary>
/// Everything that converts one speaker's voice into another's: made by <see cref="VoiceModelTrainer"/>, kept by
/// <see cref="VoiceModelFile"/>.
/// </summary>
public sealed record VoiceModel
{
    /// <summary>Gets or sets the sampling frequency of the training recordings in Hz; others are resampled to it.</summary>
    public required int SampleRate { get; init; }

    /// <summary>Gets or sets the settings of the analysis, order and alpha included, without an F0 range.</summary>
    public required FeatureOptions Features { get; init; }

    /// <summary>Gets or sets the source speaker's F0 range.</summary>
    public required F0Range SourceRange { get; init; }

    /// <summary>Gets or sets the target speaker's F0 range.</summary>
    public required F0Range TargetRange { get; init; }

    /// <summary>Gets or sets the joint density of the speakers' mel-cepstra without c0, with dynamic features.</summary>
    public required JointDensityModel Spectrum { get; init; }

    /// <summary>Gets or sets the joint density of the speakers' band aperiodicity, with dynamic features.</summary>
    public required JointDensityModel Aperiodicity { get; init; }

    /// <summary>Gets or sets the target's global variance, without c0.</summary>
    public required GlobalVariance GlobalVariance { get; init; }

    /// <summary>Gets or sets the speakers' F0 statistics.</summary>
    public required F0Statistics F0 { get; init; }

    /// <summary>Gets or sets the speakers' detail above the model's order; null where the training's features had none.</summary>
    public SpectralDetail? Detail { get; init; }

    /// <summary>Gets or sets what gives converted trajectories their movement; null where there was too little to measure it by.</summary>
    public MovementFilter? Movement { get; init; }

    /// <summary>Gets or sets the levels of the target's sounds; null keeps the source's.</summary>
    public LevelMapping? Levels { get; init; }

    /// <summary>Gets or sets how it was trained, for people: names and values.</summary>
    public required IReadOnlyDictionary<string, string> Description
    {
        get;
        init => field = value.ToFrozenDictionary();
    }
}

/// <summary>Writes and reads voice models: one safetensors file with a description of itself.</summary>
public static class VoiceModelFile
{
    private const string DescriptionPrefix = "training.";
    private const string DetailName = "detail.statistics";
    private const string MovementName = "movement.gains";
    private const string LevelsName = "levels.offsets";
    private const string SlopeName = "f0.slope";
    private const double MaxDetail = 100;
    private const double MaxVariance = 1e6;
    private const double MaxLogF0 = 14;
    private const double MaxRatio = 1000;

    private static readonly ModelFormat Format = new("voicekit-voice-model", 1, "voice model");

    /// <summary>Writes a model; the file appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    public static void Write(string path, VoiceModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var metadata = new Dictionary<string, string>(Format.Describe())
        {
            ["sample_rate"] = Number(model.SampleRate),
            ["frame_period_ms"] = Number(model.Features.FramePeriod.TotalMilliseconds),
            ["order"] = Number(model.Features.Order ?? FeatureOptions.OrderFor(model.SampleRate)),
            ["alpha"] = Number(model.Features.Alpha ?? FrequencyWarping.AlphaFor(model.SampleRate)),
            ["f0_method"] = model.Features.F0Method.ToString(),
        };
        foreach (var (name, value) in model.Description)
            metadata[DescriptionPrefix + name] = value;
        var tensors = new Dictionary<string, NamedTensor>
        {
            ["f0.range"] = Vector(model.SourceRange.Floor, model.SourceRange.Ceiling, model.TargetRange.Floor, model.TargetRange.Ceiling),
            ["f0.statistics"] = Vector(
                model.F0.SourceMean,
                model.F0.SourceDeviation,
                model.F0.TargetMean,
                model.F0.TargetDeviation,
                model.F0.Ratio
            ),
            [SlopeName] = Vector(model.F0.Slope),
            ["global_variance.mean"] = Vector([.. model.GlobalVariance.Mean]),
            ["global_variance.variance"] = Vector([.. model.GlobalVariance.Variance]),
        };
        MixtureTensors.Add(metadata, tensors, "spectrum", model.Spectrum.Joint);
        MixtureTensors.Add(metadata, tensors, "aperiodicity", model.Aperiodicity.Joint);
        AddRefinements(tensors, model);
        AtomicFile.Write(path, new SafetensorsFile(metadata, tensors).Write);
    }

    /// <summary>What models of before have not.</summary>
    private static void AddRefinements(Dictionary<string, NamedTensor> tensors, VoiceModel model)
    {
        if (model.Detail is { } detail)
        {
            tensors[DetailName] = new NamedTensor(
                [4, detail.Count],
                [.. detail.SourceMean, .. detail.SourceDeviation, .. detail.TargetMean, .. detail.TargetDeviation]
            );
        }

        if (model.Movement is { } movement)
            tensors[MovementName] = new NamedTensor([movement.Gains.Count, movement.Gains.Dimension], movement.Gains.Values);
        if (model.Levels is { } levels)
            tensors[LevelsName] = Vector([.. levels.Offsets]);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadFileException">The file is cut off, or is something else.</exception>
    /// <exception cref="ModelVersionException">The file was written by a newer version.</exception>
    public static VoiceModel Read(string path) => Read(SafetensorsFile.Read(path), path);

    /// <summary>Reads a model from a stream of known length.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">What to call the stream in errors.</param>
    /// <exception cref="BadFileException">The file is cut off, or is something else.</exception>
    /// <exception cref="ModelVersionException">The file was written by a newer version.</exception>
    public static VoiceModel Read(Stream stream, string name) => Read(SafetensorsFile.Read(stream, name), name);

    private static VoiceModel Read(SafetensorsFile file, string path)
    {
        Format.Require(path, file);
        try
        {
            var model = Assemble(file);
            Check(model);
            return model;
        }
        catch (Exception exception)
            when (exception is InvalidDataException or KeyNotFoundException or FormatException or ArgumentException or ArithmeticException)
        {
            throw new BadFileException(path, null, $"the voice model is damaged: {exception.Message}", exception);
        }
    }

    private static VoiceModel Assemble(SafetensorsFile file)
    {
        ModelFormat.RequireFinite(file);
        var metadata = file.Metadata;
        var range = file.Vector("f0.range", 4);
        double Real(string name) => StrictNumber.Real(metadata[name]) ?? throw new FormatException($"'{metadata[name]}' is no {name}");
        int Whole(string name) => StrictNumber.Whole(metadata[name]) ?? throw new FormatException($"'{metadata[name]}' is no {name}");
        var order = Whole("order");
        return new VoiceModel
        {
            SampleRate = Whole("sample_rate"),
            Features = new FeatureOptions
            {
                FramePeriod = TimeSpan.FromMilliseconds(Real("frame_period_ms")),
                Order = order,
                Alpha = Real("alpha"),
                F0Method = ModelFormat.ParseName<F0Method>(metadata["f0_method"]),
            },
            SourceRange = new F0Range(range[0], range[1]),
            TargetRange = new F0Range(range[2], range[3]),
            F0 = ReadF0(file),
            GlobalVariance = new GlobalVariance(file.Vector("global_variance.mean", order), file.Vector("global_variance.variance", order)),
            Spectrum = ReadMixture(file, "spectrum"),
            Aperiodicity = ReadMixture(file, "aperiodicity"),
            Detail = ReadDetail(file),
            Movement = ReadMovement(file, order),
            Levels = ReadLevels(file),
            Description = metadata
                .Where(item => item.Key.StartsWith(DescriptionPrefix, StringComparison.Ordinal))
                .ToDictionary(item => item.Key[DescriptionPrefix.Length..], item => item.Value),
        };
    }

    private static F0Statistics ReadF0(SafetensorsFile file)
    {
        var f0 = file.Vector("f0.statistics", 5);
        var statistics = new F0Statistics(f0[0], f0[1], f0[2], f0[3], f0[4]);
        return file.Tensors.ContainsKey(SlopeName) ? statistics with { Slope = file.Vector(SlopeName, 1)[0] } : statistics;
    }

    private static SpectralDetail? ReadDetail(SafetensorsFile file)
    {
        if (!file.Tensors.ContainsKey(DetailName))
            return null;
        var tensor = file.Tensor(DetailName, 2);
        if (tensor.Shape[0] != 4)
            throw new InvalidDataException($"{DetailName} has {tensor.Shape[0]} rows; 4 were expected");
        var values = tensor.Values;
        var count = tensor.Shape[1];
        foreach (var value in values)
        {
            if (!(Math.Abs(value) <= MaxDetail))
                throw new InvalidDataException("a statistic of the detail is larger than any voice's");
        }

        return new SpectralDetail(values[..count], values[count..(2 * count)], values[(2 * count)..(3 * count)], values[(3 * count)..]);
    }

    private static MovementFilter? ReadMovement(SafetensorsFile file, int order)
    {
        if (!file.Tensors.ContainsKey(MovementName))
            return null;
        var tensor = file.Tensor(MovementName, 2);
        return tensor.Shape[0] == order
            ? new MovementFilter(new Frames(tensor.Shape[0], tensor.Shape[1], tensor.Values))
            : throw new InvalidDataException($"{MovementName} has {tensor.Shape[0]} rows; {order} were expected");
    }

    private static LevelMapping? ReadLevels(SafetensorsFile file) =>
        file.Tensors.ContainsKey(LevelsName) ? new LevelMapping(file.Tensor(LevelsName, 1).Values) : null;

    private static JointDensityModel ReadMixture(SafetensorsFile file, string name)
    {
        try
        {
            return new JointDensityModel(MixtureTensors.Read(file, name));
        }
        catch (AggregateException exception)
        {
            throw exception.InnerExceptions[0];
        }
    }

    /// <summary>Parts that are sound alone must also fit each other: a conversion relies on it.</summary>
    private static void Check(VoiceModel model)
    {
        void Require(bool holds, string what)
        {
            if (!holds)
                throw new InvalidDataException(what);
        }

        var order = model.Features.Order!.Value;
        Require(model.SampleRate is >= 1000 and <= WaveFormat.MaxSampleRate, $"the sample rate is {model.SampleRate} Hz");
        Require(
            model.Features.FramePeriod.TotalMilliseconds is >= 0.5 and <= 100,
            $"the frame period is {model.Features.FramePeriod.TotalMilliseconds} ms"
        );
        Require(model.Features.Alpha!.Value is >= 0 and < 1, $"alpha is {model.Features.Alpha}");
        Require(
            order >= 1 && model.Spectrum.Joint.Dimension == 2 * DeltaWindow.Count * order,
            $"the order {order} and the spectra's dimension {model.Spectrum.Joint.Dimension} do not fit"
        );
        var bands = BandAperiodicity.BandCountFor(model.SampleRate);
        Require(
            model.Aperiodicity.Joint.Dimension == 2 * DeltaWindow.Count * bands,
            $"the aperiodicity's dimension {model.Aperiodicity.Joint.Dimension} does not fit {bands} bands"
        );
        Require(model.GlobalVariance.Variance.All(value => value > 0), "a global variance is not positive");
        Require(
            model.GlobalVariance.Mean.Concat(model.GlobalVariance.Variance).All(value => value <= MaxVariance),
            "a global variance is larger than any voice's"
        );
        Require(
            model.F0
                is
            {
                SourceMean: >= 0 and <= MaxLogF0,
                TargetMean: >= 0 and <= MaxLogF0,
                SourceDeviation: <= MaxLogF0,
                TargetDeviation: <= MaxLogF0,
                Ratio: <= MaxRatio
            },
            "the F0 statistics are no voice's"
        );
        Require(model.F0.Slope is >= 0 and <= MaxRatio, "the slope of F0 is no voice's");
        Require(
            model.Levels is null || model.Levels.Offsets.Count == model.Spectrum.Joint.MixtureCount,
            $"there are {model.Levels?.Offsets.Count} levels for {model.Spectrum.Joint.MixtureCount} mixtures"
        );
        Require(
            model.Detail is null
                || (model.Detail.Count >= 1 && order + model.Detail.Count <= FeatureOptions.DetailOrderFor(order, model.SampleRate)),
            $"there is detail of {model.Detail?.Count} coefficients above the order {order}"
        );
        Require(model.F0 is { SourceDeviation: >= 0, TargetDeviation: >= 0, Ratio: > 0 }, "the F0 statistics are not positive");
    }

    private static NamedTensor Vector(params double[] values) => new([values.Length], values);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A fingerprint of training data, so that a model tells what it was made from.</summary>
internal static class TrainingHash
{
    /// <summary>SHA-256 over the names and mel-cepstra of all pairs, the first 16 hexadecimal digits.</summary>
    internal static string Of(IEnumerable<UtterancePair> pairs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var pair in pairs)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(pair.Name));
            hash.AppendData(MemoryMarshal.AsBytes(pair.Source.MelCepstrum.Values));
            hash.AppendData(MemoryMarshal.AsBytes(pair.Target.MelCepstrum.Values));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
