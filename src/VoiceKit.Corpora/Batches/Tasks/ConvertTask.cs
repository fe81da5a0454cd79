using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>Converts recordings of a model's source speaker into the target's voice: one WAV file an item.</summary>
/// <param name="modelPath">The model's file.</param>
/// <param name="options">The settings.</param>
/// <param name="encoding">The samples of the WAV files.</param>
public sealed class ConvertTask(string modelPath, ConversionOptions options, WaveEncoding encoding) : BatchTask
{
    /// <summary>What converts.</summary>
    internal VoiceConverter Converter { get; } = new(VoiceModelFile.Read(modelPath), options);

    /// <inheritdoc/>
    public override string Verb => "convert";

    /// <inheritdoc/>
    public override string Extension => ".wav";

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Parameters { get; } =
        new Dictionary<string, string>
        {
            ["mapping"] = options.Mapping.ToString(),
            ["global_variance"] = options.GlobalVariance.ToString(),
            ["f0"] = options.F0.ToString(),
            ["map_aperiodicity"] = options.MapAperiodicity.ToString(),
            ["refinements"] = options.Refinements.ToString(),
            ["synthesis"] = options.Synthesis.ToString(),
            ["transpose"] = options.Transpose.ToString(CultureInfo.InvariantCulture),
            ["f0_range"] = options.F0Range is { } range
                ? string.Create(CultureInfo.InvariantCulture, $"{range.Floor}-{range.Ceiling}")
                : "found",
            ["encoding"] = encoding.ToString(),
        };

    /// <inheritdoc/>
    protected override string? ModelHash { get; } = ContentHash.OfFile(modelPath);

    /// <inheritdoc/>
    public override void Process(
        RecordingInput input,
        RecordingOutputs outputs,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(outputs);
        Converter.RequireFits(input.Path, input.Stream, encoding);
        using var converted = new SampleSpool(Converter.SampleRate, outputs.TemporaryFolder);
        outputs.Warn(Converter.Convert(input.Stream, converted.Append, progress, cancellation));
        outputs.Warn(OutputLevel.Protect(converted, input.Signal.IsSilent));
        outputs.Write(Extension, stream => WaveFile.Write(stream, converted, encoding));
    }
}
