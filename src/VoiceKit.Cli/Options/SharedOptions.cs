using System.CommandLine;
using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Pitch;

namespace VoiceKit.Cli;

/// <summary>Options that several verbs share.</summary>
internal static class SharedOptions
{
    /// <summary>-v.</summary>
    public static Option<bool> Verbose { get; } =
        new("--verbose", "-v") { Description = "Show figures for specialists, and the stack trace of an error.", Recursive = true };

    /// <summary>JSON for people to read too.</summary>
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON on standard output." };

    public static Option<string> F0Method() =>
        new Option<string>("--f0-method")
        {
            Description = "The F0 estimator: harvest (robust) or dio (fastest).",
            DefaultValueFactory = _ => "harvest",
        }.AcceptOnlyFromAmong("harvest", "dio");

    public static F0Method ParseMethod(string name) => name == "dio" ? Features.F0Method.Dio : Features.F0Method.Harvest;

    /// <summary>A range of F0; what is typed as two words, LOW HIGH, reaches it as one: see <see cref="JoinRanges"/>.</summary>
    public static Option<F0Range?> F0Range(string name, string description) =>
        new(name)
        {
            Description = $"{description}: LOW HIGH in Hz, such as 60 400.",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (
                    text.Split('-') is [var first, var second]
                    && StrictNumber.Real(first) is { } low
                    && StrictNumber.Real(second) is { } high
                    && low >= 20
                    && high > low
                    && high <= 4000
                )
                    return new F0Range(low, high);
                result.AddError($"{name} {text}: give LOW HIGH in Hz within 20 - 4000, such as 60 400");
                return null;
            },
        };

    /// <summary>
    /// Joins the two numbers of a range into one word, LOW-HIGH: an option of one or two words would take a file's name for the second.
    /// </summary>
    public static string[] JoinRanges(string[] args)
    {
        var joined = new List<string>(args.Length);
        for (var i = 0; i < args.Length; i++)
        {
            joined.Add(args[i]);
            if (args[i] == "--")
                return [.. joined, .. args[(i + 1)..]];
            if (
                !args[i].EndsWith("f0-range", StringComparison.Ordinal)
                || i + 2 >= args.Length
                || StrictNumber.Real(args[i + 1]) is null
                || StrictNumber.Real(args[i + 2]) is null
            )
                continue;
            joined.Add($"{args[i + 1]}-{args[i + 2]}");
            i += 2;
        }

        return [.. joined];
    }

    public static Option<double> FramePeriod() =>
        new("--frame-period") { Description = "Milliseconds from one frame to the next.", DefaultValueFactory = _ => 5 };

    public static Option<int?> Order() =>
        new Option<int?>("--order")
        {
            Description = "The order of the mel-cepstrum; by default 24 at 16 kHz, 34 up to 24 kHz, 44 above.",
        }.AcceptFrom(1, 200);

    public static Option<string> Encoding() =>
        new Option<string>("--bits")
        {
            Description = "The samples of the WAV files: 16, 24 (PCM) or float.",
            DefaultValueFactory = _ => "16",
        }.AcceptOnlyFromAmong("16", "24", "float");

    public static Option<int> Jobs() =>
        new Option<int>("--jobs", "-j")
        {
            Description = "How many files to work on at a time.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        }.AcceptFrom(1, 10_000);

    /// <summary>Accepts only integers from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<T> AcceptFrom<T>(this Option<T> option, int least, int most)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && StrictNumber.Whole(result.Tokens[0].Value) is { } value && (value < least || value > most))
                result.AddError($"{option.Name} {value}: give a number from {least} to {most}");
        });
        return option;
    }

    public static WaveEncoding ParseEncoding(string bits) =>
        bits switch
        {
            "24" => WaveEncoding.Pcm24,
            "float" => WaveEncoding.Float32,
            _ => WaveEncoding.Pcm16,
        };

    public static TimeSpan ParseFramePeriod(double milliseconds) =>
        milliseconds is >= 0.5 and <= 100
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new UsageException("--frame-period must be 0.5 .. 100 ms");
}

/// <summary>--speaker-from.</summary>
internal sealed class SpeakerOption
{
    public Option<string?> Option { get; } =
        new("--speaker-from")
        {
            Description =
                "Who speaks in a folder's recordings: the number of the folder's level, 1 (the default) for the first below "
                + "CORPUS; or a regular expression sought in the path below it, such as '^[a-z]+'.",
        };

    /// <summary>The rule that was given, or the first folder.</summary>
    public SpeakerNames Parse(ParseResult result)
    {
        try
        {
            return result.GetValue(Option) is { } text ? SpeakerNames.Parse(text) : SpeakerNames.FirstFolder;
        }
        catch (FormatException exception)
        {
            throw new UsageException($"{Option.Name}: {exception.Message}");
        }
    }
}
