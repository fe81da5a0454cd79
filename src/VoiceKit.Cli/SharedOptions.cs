using System.CommandLine;
using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.Features;
using VoiceKit.Pitch;

namespace VoiceKit.Cli;

/// <summary>Options that several verbs share.</summary>
internal static class SharedOptions
{
    /// <summary>-v.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Show the stack trace of an error.", Recursive = true };

    /// <summary>JSON for people to read too.</summary>
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON on standard output." };

    public static Option<F0Method> F0Method() => new("--f0-method")
    {
        Description = "The F0 estimator: harvest (robust) or dio (fastest).",
        DefaultValueFactory = _ => Features.F0Method.Harvest,
    };

    public static Option<string?> F0Range() => new("--f0-range")
    {
        Description = "Where to look for F0, as LOW-HIGH in Hz, such as 60-400; by default it is found from the recording.",
    };

    public static Option<double> FramePeriod() => new("--frame-period") { Description = "Milliseconds from one frame to the next.", DefaultValueFactory = _ => 5 };

    public static Option<int?> Order() => new Option<int?>("--order") { Description = "The order of the mel-cepstrum; by default 24 at 16 kHz, 34 up to 24 kHz, 44 above." }.AcceptFrom(1, 200);

    public static Option<string> Encoding() => new Option<string>("--bits")
    {
        Description = "The samples of the WAV files: 16, 24 (PCM) or float.",
        DefaultValueFactory = _ => "16",
    }.AcceptOnlyFromAmong("16", "24", "float");

    public static Option<int> Jobs() => new Option<int>("--jobs", "-j") { Description = "How many files to work on at a time.", DefaultValueFactory = _ => Environment.ProcessorCount }.AcceptFrom(1, 10_000);

    /// <summary>Accepts only integers from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<T> AcceptFrom<T>(this Option<T> option, int least, int most)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var value) && (value < least || value > most))
                result.AddError($"{option.Name} {value}: give a number from {least} to {most}");
        });
        return option;
    }

    public static WaveEncoding ParseEncoding(string bits) => bits switch { "24" => WaveEncoding.Pcm24, "float" => WaveEncoding.Float32, _ => WaveEncoding.Pcm16 };

    public static TimeSpan ParseFramePeriod(double milliseconds) =>
        milliseconds is >= 0.5 and <= 100 ? TimeSpan.FromMilliseconds(milliseconds) : throw new UsageException("--frame-period must be 0.5 .. 100 ms");

    public static F0Range? ParseRange(string? text)
    {
        if (text is null)
            return null;
        var parts = text.Split('-');
        var style = System.Globalization.NumberStyles.Float;
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        if (parts.Length == 2 && double.TryParse(parts[0], style, culture, out var low) && double.TryParse(parts[1], style, culture, out var high))
        {
            try
            {
                return new F0Range(low, high);
            }
            catch (ArgumentOutOfRangeException)
            {
            }
        }

        throw new UsageException($"--f0-range {text}: give it as LOW-HIGH in Hz within 20-4000, such as 60-400");
    }
}
