using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>The options that decide how recordings are prepared.</summary>
internal sealed class PreparationOptions
{
    private readonly Option<int?> rate = new Option<int?>("--rate")
    {
        Description = "The sample rate in Hz; by default it stays.",
    }.AcceptFrom(1000, WaveFormat.MaxSampleRate);
    private readonly Option<string> loudness = new("--loudness")
    {
        Description = "The integrated loudness in LUFS (ITU-R BS.1770-4), or keep.",
        DefaultValueFactory = _ => "-23",
    };
    private readonly Option<bool> denoise = new("--denoise")
    {
        Description = "Reduce steady noise, by 12 dB at most; the pauses say what the noise is.",
    };
    private readonly Option<bool> noTrim = new("--no-trim") { Description = "Keep the silence at both ends." };
    private readonly Option<double> margin = new("--margin")
    {
        Description = "Milliseconds of silence to leave before and after speech.",
        DefaultValueFactory = _ => 100,
    };
    private readonly Option<double?> split = new("--split")
    {
        Description = "Split recordings at silences into pieces of at most so many seconds, NAME_0001 and so on.",
    };
    private readonly Option<string> bits = SharedOptions.Encoding();

    public IReadOnlyList<Option> All => [rate, loudness, denoise, noTrim, margin, split, bits];

    public WaveEncoding Encoding(ParseResult result) => SharedOptions.ParseEncoding(result.GetRequiredValue(bits));

    public PrepareOptions Parse(ParseResult result) =>
        new()
        {
            SampleRate = result.GetValue(rate),
            Denoise = result.GetValue(denoise),
            Trim = !result.GetValue(noTrim),
            Margin = result.GetValue(margin) is >= 0 and <= 10_000 and var milliseconds
                ? TimeSpan.FromMilliseconds(milliseconds)
                : throw new UsageException("--margin must be 0 .. 10000 ms"),
            LoudnessTarget = Loudness(result.GetRequiredValue(loudness)),
            MaxPiece = result.GetValue(split) is { } seconds
                ? seconds is >= 1 and <= 86_400
                    ? TimeSpan.FromSeconds(seconds)
                    : throw new UsageException("--split must be 1 .. 86400 s")
                : null,
        };

    private static double? Loudness(string text) =>
        text == "keep" ? null
        : StrictNumber.Real(text) is >= -70 and <= 0 and var value ? value
        : throw new UsageException($"--loudness {text}: give LUFS from -70 to 0 such as -23.5, or keep");
}
