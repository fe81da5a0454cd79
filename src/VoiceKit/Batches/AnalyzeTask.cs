using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Features;

namespace VoiceKit.Batches;

/// <summary>Extracts features: one .npz file an item, as <see cref="FeatureFile"/> describes.</summary>
/// <param name="options">The settings.</param>
public sealed class AnalyzeTask(FeatureOptions options) : BatchTask
{
    private readonly FeatureExtractor extractor = new(options);

    /// <inheritdoc/>
    public override string Verb => "analyze";

    /// <inheritdoc/>
    public override string Extension => ".npz";

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Parameters { get; } = new Dictionary<string, string>
    {
        ["frame_period_ms"] = options.FramePeriod.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        ["f0_method"] = options.F0Method.ToString(),
        ["f0_range"] = options.F0Range is { } range ? string.Create(CultureInfo.InvariantCulture, $"{range.Floor}-{range.Ceiling}") : "found",
        ["order"] = options.Order?.ToString(CultureInfo.InvariantCulture) ?? "by rate",
        ["alpha"] = options.Alpha?.ToString(CultureInfo.InvariantCulture) ?? "by rate",
    };

    /// <inheritdoc/>
    public override void Process(CorpusItem item, Waveform waveform, BatchOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(outputs);
        var analysis = extractor.Analyze(waveform);
        outputs.Write(item.Id + Extension, stream => FeatureFile.Write(stream, analysis, waveform));
    }
}
