using System.Globalization;
using VoiceKit.Features;

namespace VoiceKit.Batches;

/// <summary>Extracts features: one .npz file an item, as <see cref="FeatureFile"/> describes.</summary>
/// <param name="options">The settings of the analysis.</param>
/// <param name="file">Which arrays are written; null for all.</param>
public sealed class AnalyzeTask(FeatureOptions options, FeatureFileOptions? file = null) : BatchTask
{
    private readonly FeatureExtractor extractor = new(options);
    private readonly FeatureFileOptions fileOptions = file ?? new FeatureFileOptions();

    /// <inheritdoc/>
    public override string Verb => "analyze";

    /// <inheritdoc/>
    public override string Extension => ".npz";

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Parameters { get; } =
        new Dictionary<string, string>
        {
            ["frame_period_ms"] = options.FramePeriod.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
            ["f0_method"] = options.F0Method.ToString(),
            ["f0_range"] = options.F0Range is { } range
                ? string.Create(CultureInfo.InvariantCulture, $"{range.Floor}-{range.Ceiling}")
                : "found",
            ["order"] = options.Order?.ToString(CultureInfo.InvariantCulture) ?? "by rate",
            ["alpha"] = options.Alpha?.ToString(CultureInfo.InvariantCulture) ?? "by rate",
            ["features"] = string.Join(',', (file ?? new FeatureFileOptions()).Features.Order(StringComparer.Ordinal)),
            ["spectra"] = file?.IsDoublePrecision == true ? "float64" : "float32",
        };

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
        WarnOfEmptyFilters(input, outputs, extractor.Options, fileOptions);
        using var features = FeatureFile.Extract(input.Stream, extractor, outputs.TemporaryFolder, fileOptions, progress, cancellation);
        outputs.Write(Extension, features.Write);
    }

    /// <summary>Warns where the sample rate is so low, or the frames so short, that mel filters hold nothing of the sound.</summary>
    /// <param name="input">The recording.</param>
    /// <param name="outputs">Receives the warning.</param>
    /// <param name="options">The settings of the analysis.</param>
    /// <param name="file">Which arrays are written.</param>
    public static void WarnOfEmptyFilters(RecordingInput input, RecordingOutputs outputs, FeatureOptions options, FeatureFileOptions file)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(file);
        var rate = input.Stream.SampleRate;
        if (
            file.Features.Any(name => name is "mel_spectrogram" or "mfcc")
            && FeatureFile.EmptyMelFilters(rate, options.FramePeriod) is > 0 and var empty
        )
            outputs.Warn([
                $"{empty} of the 80 mel filters are narrower than the spectrum's bins at {rate} Hz: they hold nothing of the sound",
            ]);
    }
}
