using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Corpora;

namespace VoiceKit.Batches;

/// <summary>Brings recordings to one form: one WAV file an item, or NAME_0001 and so on where a long one is split.</summary>
/// <param name="options">The settings.</param>
/// <param name="encoding">The samples of the WAV files.</param>
public sealed class PrepareTask(PrepareOptions options, WaveEncoding encoding) : BatchTask
{
    private readonly RecordingPreparer preparer = new(options);

    /// <inheritdoc/>
    public override string Verb => "prepare";

    /// <inheritdoc/>
    public override string Extension => ".wav";

    /// <inheritdoc/>
    public override bool MakesPieces { get; } = options.MaxPiece is not null;

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Parameters { get; } = Describe(options, encoding);

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
        var prepared = preparer.Prepare(input.Stream.ReadAll());
        outputs.Warn(prepared.Warnings);
        outputs.Note(prepared.Notes);
        for (var i = 0; i < prepared.Pieces.Count; i++)
        {
            var number = prepared.Pieces.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"_{i + 1:0000}");
            outputs.Write(number + Extension, stream => WaveFile.Write(stream, prepared.Pieces[i].Waveform, encoding));
        }
    }

    private static Dictionary<string, string> Describe(PrepareOptions options, WaveEncoding encoding)
    {
        var parameters = new Dictionary<string, string>
        {
            ["sample_rate"] = options.SampleRate?.ToString(CultureInfo.InvariantCulture) ?? "kept",
            ["trim"] = options.Trim.ToString(),
            ["margin"] = options.Margin.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            ["loudness"] = options.LoudnessTarget?.ToString(CultureInfo.InvariantCulture) ?? "kept",
            ["longest_piece"] = options.MaxPiece?.TotalSeconds.ToString(CultureInfo.InvariantCulture) ?? "whole",
            ["encoding"] = encoding.ToString(),
        };

        // Corpora that were prepared before there was this option need not be prepared again.
        if (options.Denoise)
            parameters["denoise"] = "true";
        return parameters;
    }
}
