using System.Globalization;
using VoiceKit.Corpora;
using VoiceKit.Features;

namespace VoiceKit.Batches;

/// <summary>Extracts features: one .npz file an item, as <see cref="FeatureFile"/> describes.</summary>
/// <param name="options">The settings of the analysis.</param>
/// <param name="file">Which arrays are written; null for all.</param>
public sealed class AnalyzeTask(FeatureOptions options, FeatureFileOptions? file = null) : BatchTask
{
    private readonly FeatureExtractor extractor = new(options);

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
    public override void Process(CorpusItem item, BatchInput input, BatchOutputs outputs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(outputs);
        using var features = FeatureFile.Extract(input.Stream, extractor, outputs.TemporaryFolder, file, cancellation: cancellation);
        outputs.Write(item.Id + Extension, features.Write);
    }
}
