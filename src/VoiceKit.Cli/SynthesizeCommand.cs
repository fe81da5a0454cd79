using System.CommandLine;
using VoiceKit.Features;
using VoiceKit.Synthesis;

namespace VoiceKit.Cli;

/// <summary>voicekit synthesize.</summary>
internal static class SynthesizeCommand
{
    public static Command Create(CommandConsole console)
    {
        var input = new Argument<string>("IN") { Description = "The .npz file that voicekit analyze (or numpy) wrote." };
        var output = new Option<string>("--output", "-o") { Description = "The WAV file; - is standard output.", Required = true };
        var coded = new Option<bool>("--from-mel-cepstrum") { Description = "Synthesise from mel_cepstrum and band_aperiodicity instead of the whole spectra." };
        var bits = SharedOptions.Encoding();
        var command = new Command("synthesize", """
            Make sound of features: change the arrays in between and hear what they mean.

              voicekit synthesize speech.npz -o again.wav
            """) { input, output, coded, bits };
        command.SetAction(result =>
        {
            var analysis = FeatureFile.Read(result.GetRequiredValue(input));
            var waveform = result.GetValue(coded) ? Vocoder.Synthesize(analysis.Features) : Vocoder.Synthesize(analysis);
            AudioInput.Write(console, result.GetRequiredValue(output), waveform, waveform, SharedOptions.ParseEncoding(result.GetRequiredValue(bits)));
        });
        return command;
    }
}
