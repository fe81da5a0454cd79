using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Batches;
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
            using var task = new AnalyzeTask(analysis.Parse(result), arrays.Parse(result));
            var items = WorkItems.List(result.GetRequiredValue(inputs), result.GetRequiredValue(output), task.Extension);
            if (result.GetValue(plot) is not { } picture)
                return WorkRunner.Run(console, items, result.GetValue(jobs), task.Process);
            var isFolder = items.Count > 1 || Directory.Exists(picture);
            _ = isFolder ? OutputName.RequireFolder("--plot", picture) : OutputName.RequireFile("--plot", picture, ".png");
            var plotter = new AnalysisPlotter(task, picture, isFolder);
            var code = WorkRunner.Run(console, items, result.GetValue(jobs), plotter.Process);
            if (code == ExitCode.Done)
                console.Say($"wrote {WorkRunner.Describe(picture)}");
            return code;
        });
        return command;
    }
}

/// <summary>Writes features and their picture; for both, the recording's spectra are in memory whole.</summary>
/// <param name="task">The analysis.</param>
/// <param name="picture">The picture's file, or the folder for pictures.</param>
/// <param name="isFolder">Whether it is a folder.</param>
internal sealed class AnalysisPlotter(AnalyzeTask task, string picture, bool isFolder)
{
    /// <summary>Works on one recording.</summary>
    public void Process(RecordingInput input, RecordingOutputs outputs, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (!RecordingPieces.IsWhole(input.Stream))
            throw new BadFileException(
                input.Path,
                null,
                $"the recording is longer than the {RecordingPieces.MaxWhole.TotalMinutes:0} minutes that a picture can show: "
                    + "leave out --plot"
            );
        task.WarnOfEmptyFilters(input, outputs);
        var waveform = input.Stream.ReadAll();
        var analysis = task.Extractor.Analyze(waveform);
        outputs.Write(".npz", stream => FeatureFile.Write(stream, analysis, waveform, task.Arrays));
        var name = Path.GetFileName(input.Path);
        var path = isFolder ? ContainedPath.Of(picture, Path.GetFileNameWithoutExtension(name) + ".png") : picture;
        AtomicFile.Write(path, Figures.Analysis(name, waveform, analysis).Write);
    }
}
