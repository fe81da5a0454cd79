using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Synthesis;

namespace VoiceKit.Cli;

/// <summary>voicekit synthesize.</summary>
internal static class SynthesizeCommand
{
    public static Command Create(CommandConsole console)
    {
        var input = new Argument<string>("IN")
        {
            Description = "The .npz file that voicekit analyze (or numpy) wrote; - is standard input.",
        };
        var output = new Option<string>("--output", "-o") { Description = "The WAV file; - is standard output.", Required = true };
        var coded = new Option<bool>("--from-mel-cepstrum")
        {
            Description =
                "Synthesise from mel_cepstrum and band_aperiodicity instead of the whole spectra; without the option, where the "
                + "file has no spectra.",
        };
        var method = new Option<string>("--method")
        {
            Description = "pulse-noise (the more natural) or world (as WORLD does it).",
            DefaultValueFactory = _ => "pulse-noise",
        }.AcceptOnlyFromAmong("pulse-noise", "world");
        var bits = SharedOptions.Encoding();
        var command = new Command(
            "synthesize",
            """
            Make sound of features: change the arrays in between and hear what they mean.

              voicekit synthesize speech.npz -o again.wav
              voicekit synthesize speech.npz -o as-world-does.wav --method world
            """
        )
        {
            input,
            output,
            coded,
            method,
            bits,
        };
        command.SetAction(result =>
        {
            var path = OutputName.RequireFileOrStandard("-o", result.GetRequiredValue(output), ".wav");
            var name = result.GetRequiredValue(input);
            var features = Read(name);
            var waveform = Synthesize(
                name,
                features,
                result.GetValue(coded),
                result.GetRequiredValue(method) == "world" ? SynthesisMethod.World : SynthesisMethod.PulseNoise
            );
            var encoding = SharedOptions.ParseEncoding(result.GetRequiredValue(bits));
            var outputs = new SingleOutput(console, new WorkItem(name, path));
            (waveform, var warnings) = OutputLevel.Protect(waveform, waveform);
            outputs.Warn(warnings);
            outputs.Write(".wav", stream => WaveFile.Write(stream, waveform, encoding));
            if (path != WorkItems.Standard)
                console.Say($"wrote {WorkRunner.Describe(path)}");
        });
        return command;
    }

    private static StoredFeatures Read(string path)
    {
        if (path != WorkItems.Standard)
            return StoredFeatures.Read(path);
        using var stream = StandardStreams.OpenInput();
        return StoredFeatures.Read(stream, "standard input");
    }

    private static Waveform Synthesize(string path, StoredFeatures features, bool isCoded, SynthesisMethod method)
    {
        try
        {
            return Synthesize(features, isCoded, method, path);
        }
        catch (ArgumentException exception)
        {
            throw new BadFileException(path, null, $"no sound can be made of these features: {exception.Message}", exception);
        }
    }

    private static Waveform Synthesize(StoredFeatures features, bool isCoded, SynthesisMethod method, string path) =>
        (features.Spectra, features.Coded) switch
        {
            (_, null) when isCoded => throw new BadFileException(path, null, "mel_cepstrum or band_aperiodicity is missing"),
            (var (envelope, aperiodicity), _) when !isCoded => Vocoder.Synthesize(
                features.SampleRate,
                features.F0,
                envelope,
                aperiodicity,
                method
            ),
            (_, var coded) => Vocoder.Synthesize(coded!, method),
        };
}
