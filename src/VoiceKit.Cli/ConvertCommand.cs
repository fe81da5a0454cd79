using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit convert.</summary>
internal static class ConvertCommand
{
    public static Command Create(CommandConsole console)
    {
        var inputs = new Argument<string[]>("IN") { Description = "Recordings of the source speaker: files, folders, or - for standard input.", Arity = ArgumentArity.OneOrMore };
        var model = new Option<string>("--model", "-m") { Description = "The model that voicekit train wrote.", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "The WAV file, a folder for several inputs, or - for standard output.", Required = true };
        var mapping = new Option<string>("--mapping") { Description = "trajectory (whole sentences) or frame (one frame at a time).", DefaultValueFactory = _ => "trajectory" }
            .AcceptOnlyFromAmong("trajectory", "frame");
        var gv = new Option<string>("--gv") { Description = "The global variance: scaling, gradient or none (muffled).", DefaultValueFactory = _ => "scaling" }
            .AcceptOnlyFromAmong("scaling", "gradient", "none");
        var f0 = new Option<string?>("--f0") { Description = "F0: log-gaussian (the default), proportional or none." }.AcceptOnlyFromAmong("log-gaussian", "proportional", "none");
        var aperiodicity = new Option<string>("--aperiodicity") { Description = "map it, or keep the source's.", DefaultValueFactory = _ => "map" }.AcceptOnlyFromAmong("map", "keep");
        var differential = new Option<bool>("--differential") { Description = "Filter the source's own waveform by the difference of the spectra, without a vocoder; F0 stays." };
        var (bits, jobs) = (SharedOptions.Encoding(), SharedOptions.Jobs());
        var command = new Command("convert", """
            Convert recordings of a model's source speaker into the target's voice.

              voicekit convert -m ben.safetensors new.wav -o new-as-ben.wav
              voicekit convert -m ben.safetensors anna/ -o as-ben/
              sox in.flac -t wav - | voicekit convert -m ben.safetensors - -o - | aplay
            """) { inputs, model, output, mapping, gv, f0, aperiodicity, differential, bits, jobs };
        command.SetAction(result =>
        {
            var wantsDifferential = result.GetValue(differential);
            var f0Kind = result.GetValue(f0) ?? (wantsDifferential ? "none" : "log-gaussian");
            if (wantsDifferential && f0Kind != "none")
                throw new UsageException("--differential keeps the source's F0: use it with --f0 none, or leave it out");
            if (result.GetRequiredValue(gv) == "gradient" && result.GetRequiredValue(mapping) == "frame")
                throw new UsageException("--gv gradient needs whole trajectories: use --mapping trajectory, or --gv scaling");
            var options = new ConversionOptions
            {
                Mapping = Parse<SpectralMapping>(result.GetRequiredValue(mapping)),
                GlobalVariance = Parse<GlobalVarianceMethod>(result.GetRequiredValue(gv)),
                F0 = Parse<F0ConversionKind>(f0Kind),
                MapAperiodicity = result.GetValue(aperiodicity) == "map",
                Differential = wantsDifferential,
            };
            var items = WorkItems.List(result.GetRequiredValue(inputs), result.GetRequiredValue(output), ".wav");
            var converter = new VoiceConverter(VoiceModelFile.Read(result.GetRequiredValue(model)), options);
            var encoding = SharedOptions.ParseEncoding(result.GetRequiredValue(bits));
            return WorkRunner.Run(console, items, result.GetValue(jobs), item => Convert(console, converter, item, encoding));
        });
        return command;
    }

    /// <summary>Converts one file.</summary>
    internal static void Convert(CommandConsole console, VoiceConverter converter, WorkItem item, WaveEncoding encoding)
    {
        var source = AudioInput.Read(console, item.Input);
        if (source.Length == 0)
            throw new BadFileException(item.Input, null, "the recording is empty");
        AudioInput.Write(console, item.Output, converter.Convert(source), source, encoding);
    }

    private static T Parse<T>(string name)
        where T : struct, Enum => Enum.Parse<T>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
}
