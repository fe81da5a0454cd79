using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Features;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit analyze.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(CommandConsole console)
    {
        var inputs = new Argument<string[]>("IN") { Description = "Audio files or folders; - is standard input.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = "The .npz file, or a folder for several inputs.", Required = true };
        var plot = new Option<string?>("--plot") { Description = "A picture (.png) of waveform, spectrogram with F0 and envelope; a folder for several inputs." };
        var (analysis, jobs) = (new AnalysisOptions(), SharedOptions.Jobs());
        var command = new Command("analyze", """
            Extract F0, spectral envelope, mel-cepstrum, aperiodicity, mel spectrogram and MFCC as named arrays.

              voicekit analyze speech.wav -o speech.npz --plot speech.png
              python3 -c "import numpy; print(numpy.load('speech.npz')['f0'])"
            """) { inputs, output, plot, jobs };
        foreach (var option in analysis.All)
            command.Options.Add(option);
        command.SetAction(result =>
        {
            var extractor = new FeatureExtractor(analysis.Parse(result));
            var items = WorkItems.List(result.GetRequiredValue(inputs), result.GetRequiredValue(output), ".npz");
            var picture = result.GetValue(plot);
            return WorkRunner.Run(console, items, result.GetValue(jobs), item =>
            {
                var waveform = AudioInput.Read(console, item.Input);
                if (waveform.Length == 0)
                    throw new BadFileException(item.Input, null, "the recording is empty");
                var features = extractor.Analyze(waveform);
                console.Cancellation.ThrowIfCancellationRequested();
                Write(item.Output, features, waveform);
                if (picture is not null)
                    AtomicFile.Write(PictureName(picture, item, items.Count), Figures.Analysis(Path.GetFileName(item.Input), waveform, features).Write);
            });
        });
        return command;
    }

    private static void Write(string path, SpeechAnalysis analysis, Waveform waveform)
    {
        if (path != WorkItems.Standard)
        {
            AtomicFile.Write(path, stream => FeatureFile.Write(stream, analysis, waveform));
            return;
        }

        using var output = Console.OpenStandardOutput();
        FeatureFile.Write(output, analysis, waveform);
    }

    private static string PictureName(string picture, WorkItem item, int count) =>
        count > 1 || Directory.Exists(picture) ? Path.Combine(picture, Path.GetFileNameWithoutExtension(item.Input) + ".png") : picture;
}
