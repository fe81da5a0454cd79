using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Pitch;

namespace VoiceKit.Cli;

/// <summary>The options that decide how recordings are converted.</summary>
internal sealed class ConversionChoices
{
    private readonly Option<string> model = new("--model", "-m") { Description = "The model that voicekit train wrote.", Required = true };
    private readonly Option<string> mapping = new Option<string>("--mapping")
    {
        Description = "trajectory (whole sentences) or frame (one frame at a time).",
        DefaultValueFactory = _ => "trajectory",
    }.AcceptOnlyFromAmong("trajectory", "frame");
    private readonly Option<string> gv = new Option<string>("--gv")
    {
        Description = "The global variance: scaling, gradient or none (muffled).",
        DefaultValueFactory = _ => "scaling",
    }.AcceptOnlyFromAmong("scaling", "gradient", "none");
    private readonly Option<string?> f0 = new Option<string?>("--f0")
    {
        Description = "F0: fitted (the default), log-gaussian, proportional or none.",
    }.AcceptOnlyFromAmong("fitted", "log-gaussian", "proportional", "none");
    private readonly Option<string> refine = new("--refine")
    {
        Description = "What is done for natural sound: all, none, or some of detail, movement, levels, pauses with commas between them.",
        DefaultValueFactory = _ => "all",
    };
    private readonly Option<string> aperiodicity = new Option<string>("--aperiodicity")
    {
        Description = "map it, or keep the source's.",
        DefaultValueFactory = _ => "map",
    }.AcceptOnlyFromAmong("map", "keep");
    private readonly Option<string?> synthesis = new Option<string?>("--synthesis")
    {
        Description =
            "How the sound is made: vocoder, filter (changes F0 and spectrum in the source's own waveform) or auto (the default: filter "
            + "where the two voices lie within about a fourth).",
    }.AcceptOnlyFromAmong("auto", "vocoder", "filter");
    private readonly Option<bool> differential = new("--differential")
    {
        Description = "The same as --synthesis filter --f0 none: only the spectrum changes.",
    };
    private readonly Option<F0Range?> range = SharedOptions.F0Range(
        "--f0-range",
        "Where to look for the source's F0; by default the range of training joined with that of each recording"
    );
    private readonly Option<double> transpose = new("--transpose")
    {
        Description = "Raise the converted F0 by so many semitones, such as 12 or -3.5.",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<string> bits = SharedOptions.Encoding();

    public IReadOnlyList<Option> All => [model, mapping, gv, f0, transpose, range, aperiodicity, refine, synthesis, differential, bits];

    public string Model(ParseResult result) => result.GetRequiredValue(model);

    public WaveEncoding Encoding(ParseResult result) => SharedOptions.ParseEncoding(result.GetRequiredValue(bits));

    /// <summary>Whether the way to make the sound is left to the voices.</summary>
    public bool IsSynthesisAuto(ParseResult result) => (result.GetValue(synthesis) ?? "auto") == "auto" && !result.GetValue(differential);

    public ConversionOptions Parse(ParseResult result)
    {
        var wantsDifferential = result.GetValue(differential);
        var f0Kind = result.GetValue(f0) ?? (wantsDifferential ? "none" : "fitted");
        if (wantsDifferential && f0Kind != "none")
            throw new UsageException("--differential keeps the source's F0: use it with --f0 none, or leave it out");
        if (wantsDifferential && result.GetValue(synthesis) is not (null or "filter"))
            throw new UsageException("--differential filters the source's waveform: leave out --synthesis");
        var semitones = result.GetValue(transpose);
        if (!(Math.Abs(semitones) <= 48))
            throw new UsageException(
                $"--transpose {semitones.ToString(System.Globalization.CultureInfo.InvariantCulture)}: give a number of semitones "
                    + $"from -48 to 48"
            );
        if (wantsDifferential && semitones != 0)
            throw new UsageException("--differential keeps the source's F0: leave out --transpose");
        if (result.GetRequiredValue(gv) == "gradient" && result.GetRequiredValue(mapping) == "frame")
            throw new UsageException("--gv gradient needs whole trajectories: use --mapping trajectory, or --gv scaling");
        return new ConversionOptions
        {
            Mapping = Parse<SpectralMapping>(result.GetRequiredValue(mapping)),
            GlobalVariance = Parse<GlobalVarianceMethod>(result.GetRequiredValue(gv)),
            F0 = Parse<F0ConversionKind>(f0Kind),
            Refinements = ParseRefinements(result.GetRequiredValue(refine)),
            MapAperiodicity = result.GetValue(aperiodicity) == "map",
            Synthesis = wantsDifferential ? ConversionSynthesis.Filter : Parse<ConversionSynthesis>(result.GetValue(synthesis) ?? "auto"),
            Transpose = semitones,
            F0Range = result.GetValue(range),
        };
    }

    private static Refinements ParseRefinements(string list)
    {
        var result = Refinements.None;
        foreach (var name in list.Split(','))
        {
            result |= name switch
            {
                "all" => Refinements.All,
                "none" => Refinements.None,
                "detail" => Refinements.Detail,
                "movement" => Refinements.Movement,
                "levels" => Refinements.Levels,
                "pauses" => Refinements.Pauses,
                _ => throw new UsageException($"--refine {list}: '{name}' is none of all, none, detail, movement, levels, pauses"),
            };
        }

        return result;
    }

    private static T Parse<T>(string name)
        where T : struct, Enum => Enum.Parse<T>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
}
