using System.CommandLine;
using VoiceKit.Features;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit analyze.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(CommandConsole console)
    {
        var inputs = new Argument<string[]>("IN")
        {
            Description = "Audio files or folders; - is standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The .npz file, or a folder for several inputs.",
            Required = true,
        };
        var plot = new Option<string?>("--plot")
        {
            Description = "A picture (.png) of waveform, spectrogram with F0 and envelope; a folder for several inputs.",
        };
        var (analysis, arrays, jobs) = (new AnalysisOptions(), new FeatureChoices(), SharedOptions.Jobs());
        var command = new Command(
            "analyze",
            """
            Extract F0, spectral envelope, mel-cepstrum, aperiodicity, mel spectrogram and MFCC as named arrays.

              voicekit analyze speech.wav -o speech.npz --plot speech.png
              voicekit analyze anna/ -o features/ --features f0,mel_cepstrum,band_aperiodicity
              python3 -c "import numpy; print(numpy.load('speech.npz')['f0'])"
            """
        )
        {
            inputs,
            output,
            plot,
            jobs,
        };
        foreach (var option in analysis.All.Concat(arrays.All))
            command.Options.Add(option);
        command.SetAction(result =>
        {
            var (extractor, file) = (new FeatureExtractor(analysis.Parse(result)), arrays.Parse(result));
            var items = WorkItems.List(result.GetRequiredValue(inputs), result.GetRequiredValue(output), ".npz");
            var picture = result.GetValue(plot);
            if (picture is not null)
                _ =
                    items.Count > 1 || Directory.Exists(picture)
                        ? OutputName.RequireFolder("--plot", picture)
                        : OutputName.RequireFile("--plot", picture, ".png");
            return WorkRunner.Run(
                console,
                items,
                result.GetValue(jobs),
                item => Analyze(console, item, extractor, file, picture is null ? null : PictureName(picture, item, items.Count))
            );
        });
        return command;
    }

    private static string Analyze(
        CommandConsole console,
        WorkItem item,
        FeatureExtractor extractor,
        FeatureFileOptions file,
        string? picture
    )
    {
        using var input = AudioInput.Open(console, item.Input);
        if (picture is not null && !Audio.RecordingPieces.IsWhole(input.Stream))
            throw new BadFileException(
                item.Input,
                null,
                $"the recording is longer than the {Audio.RecordingPieces.MaxWhole.TotalMinutes:0} minutes that a picture can "
                    + $"show: leave out --plot"
            );
        if (
            file.Features.Any(name => name is "mel_spectrogram" or "mfcc")
            && FeatureFile.EmptyMelFilters(input.Stream.SampleRate, extractor.Options.FramePeriod) is > 0 and var empty
        )
            console.Warn(
                $"{item.Input}: {empty} of the 80 mel filters are narrower than the spectrum's bins at {input.Stream.SampleRate} "
                    + $"Hz: they hold nothing of the sound"
            );
        if (picture is null)
        {
            using var features = FeatureFile.Extract(
                input.Stream,
                extractor,
                AudioInput.TemporaryFolder(item.Output),
                file,
                AudioInput.ProgressOf(console, input.Stream, $"analysing {Path.GetFileName(item.Input)}"),
                console.Cancellation
            );
            Write(console, item.Output, features.Write);
        }
        else
        {
            var waveform = input.Stream.ReadAll();
            var analysis = extractor.Analyze(waveform);
            Write(console, item.Output, stream => FeatureFile.Write(stream, analysis, waveform, file));
            AtomicFile.Write(picture, Figures.Analysis(Path.GetFileName(item.Input), waveform, analysis).Write);
        }

        return item.Output == WorkItems.Standard
            ? "the features"
            : WorkRunner.Describe(item.Output) + (picture is null ? "" : $" and {picture}");
    }

    private static void Write(CommandConsole console, string path, Action<Stream> write)
    {
        console.Cancellation.ThrowIfCancellationRequested();
        if (path != WorkItems.Standard)
        {
            AtomicFile.Write(path, write);
            return;
        }

        using var output = StandardStreams.OpenOutput();
        write(output);
    }

    private static string PictureName(string picture, WorkItem item, int count) =>
        count > 1 || Directory.Exists(picture) ? Path.Combine(picture, Path.GetFileNameWithoutExtension(item.Input) + ".png") : picture;
}
