using System.Collections.Concurrent;
using System.Globalization;
using VoiceKit.Features;

namespace VoiceKit.Batches;

/// <summary>Extracts features: one .npz file an item, as <see cref="FeatureFile"/> describes.</summary>
/// <param name="options">The settings of the analysis.</param>
/// <param name="file">Which arrays are written; null for all.</param>
public sealed class AnalyzeTask(FeatureOptions options, FeatureFileOptions? file = null) : BatchTask
{
    private readonly ConcurrentDictionary<int, int> emptyFilters = [];

    /// <summary>The extractor of all recordings.</summary>
    internal FeatureExtractor Extractor { get; } = new(options);

    /// <summary>Which arrays are written.</summary>
    internal FeatureFileOptions Arrays { get; } = file ?? new FeatureFileOptions();

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
        WarnOfEmptyFilters(input, outputs);
        using var features = FeatureFile.Extract(input.Stream, Extractor, outputs.TemporaryFolder, Arrays, progress, cancellation);
        outputs.Write(Extension, features.Write);
    }

    /// <summary>Warns where the sample rate is so low, or the frames so short, that mel filters hold nothing of the sound.</summary>
    internal void WarnOfEmptyFilters(RecordingInput input, RecordingOutputs outputs)
    {
        if (!Arrays.Features.Any(name => name is "mel_spectrogram" or "mfcc"))
            return;
        var rate = input.Stream.SampleRate;
        var empty = emptyFilters.GetOrAdd(rate, hertz => FeatureFile.EmptyMelFilters(hertz, Extractor.Options.FramePeriod));
        if (empty > 0)
            outputs.Warn([
                $"{empty} of the 80 mel filters are narrower than the spectrum's bins at {rate} Hz: they hold nothing of the sound",
            ]);
    }
}
