using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Pictures;

namespace VoiceKit.Cli;

/// <summary>voicekit music train.</summary>
internal static class MusicTrainCommand
{
    private const int MaxReports = 12;
    private const string CheckpointEnding = ".checkpoint.safetensors";

    /// <summary>The output paths and intervals of a training.</summary>
    private sealed record Places(string Model, int CheckpointEvery, int PreviewEvery, bool Resumes, bool Overwrites)
    {
        public string Checkpoint => Path.ChangeExtension(Model, null) + CheckpointEnding;

        /// <summary>The picture of a step, in a folder beside the model.</summary>
        public string Preview(int step) =>
            ContainedPath.Of(
                Path.GetDirectoryName(Path.GetFullPath(Model))!,
                string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(Model)}-previews/step-{step:D7}.png")
            );
    }

    public static Command Create(CommandConsole console, DeviceCatalog devices)
    {
        var midi = new Option<string>("--midi")
        {
            Description = "A folder of MIDI files, with all its subfolders, or a file of chorales (.json).",
            Required = true,
        };
        var output = new Option<string>("--output", "-o") { Description = "The model to write (.safetensors).", Required = true };
        var steps = new Option<int>("--steps")
        {
            Description = "The training steps.",
            DefaultValueFactory = _ => new MusicTrainingOptions().StepCount,
        }.AcceptFrom(1, 100_000_000);
        var bars = new Option<int>("--bars") { Description = "The bars of a snippet.", DefaultValueFactory = _ => 4 }.AcceptFrom(1, 64);
        var beats = new Option<int>("--beats")
        {
            Description = "The quarters of a bar; pieces in other metres are left out.",
            DefaultValueFactory = _ => 4,
        }.AcceptFrom(1, 16);
        var grid = new Option<int>("--grid")
        {
            Description = "The steps of a quarter: 4 for sixteenths, 2 for eighths.",
            DefaultValueFactory = _ => 4,
        }.AcceptFrom(1, 24);
        var voices = new Option<int>("--voices") { Description = "The voices.", DefaultValueFactory = _ => 4 }.AcceptFrom(1, 15);
        var channels = new Option<int>("--channels")
        {
            Description = "The generator's channels, a multiple of 4.",
            DefaultValueFactory = _ => new GeneratorOptions().Channels,
        }.AcceptFrom(4, 1024);
        var batch = new Option<int>("--batch")
        {
            Description = "The snippets of a step, a multiple of 8.",
            DefaultValueFactory = _ => new MusicTrainingOptions().BatchSize,
        }.AcceptFrom(8, 4096);
        var seed = new Option<ulong>("--seed") { Description = "The seed of all random numbers.", DefaultValueFactory = _ => 1UL };
        var checkpoint = new Option<int>("--checkpoint-every")
        {
            Description = "Write a checkpoint every so many steps.",
            DefaultValueFactory = _ => 1000,
        }.AcceptFrom(1, 100_000_000);
        var preview = new Option<int>("--preview-every")
        {
            Description = "Draw the same four snippets every so many steps; 0 draws none.",
            DefaultValueFactory = _ => 1000,
        }.AcceptFrom(0, 100_000_000);
        var threads = new Option<int>("--threads")
        {
            Description = "The threads; 0 takes every core. The result does not depend on it.",
            DefaultValueFactory = _ => 0,
        }.AcceptFrom(0, 1024);
        var (deviceOption, tensorFloat32) = (DeviceOption.Create(), DeviceOption.CreateTensorFloat32());
        var resume = new Option<bool>("--resume") { Description = "Go on from the checkpoint beside the model, with the same options." };
        var overwrite = new Option<bool>("--overwrite")
        {
            Description = "Start again where there is a checkpoint of an earlier training; it is replaced.",
        };
        var command = new Command(
            "train",
            """
            Learn to make music like that in a folder. Ctrl-C stops and keeps what was learned; the same line with --resume goes on.

              voicekit music train --midi corpora/classical -o classical.safetensors --steps 2000
              voicekit music train --midi my-midi-files/ -o my.safetensors
              voicekit music train --midi my-midi-files/ -o my.safetensors --resume
            """
        )
        {
            midi,
            output,
            steps,
            bars,
            beats,
            grid,
            voices,
            channels,
            batch,
            seed,
            checkpoint,
            preview,
            threads,
            deviceOption,
            tensorFloat32,
            resume,
            overwrite,
        };
        command.SetAction(result =>
        {
            if (result.GetValue(batch) % 8 != 0)
                throw new UsageException($"--batch {result.GetValue(batch)}: give a multiple of 8");
            if (result.GetValue(channels) % 4 != 0)
                throw new UsageException($"--channels {result.GetValue(channels)}: give a multiple of 4");
            var options = new MusicTrainingOptions
            {
                Layout = new SnippetLayout
                {
                    BarCount = result.GetValue(bars),
                    BeatsPerBar = result.GetValue(beats),
                    StepsPerBeat = result.GetValue(grid),
                    VoiceCount = result.GetValue(voices),
                },
                Generator = new GeneratorOptions { Channels = result.GetValue(channels) },
                BatchSize = result.GetValue(batch),
                StepCount = result.GetValue(steps),
                Seed = result.GetValue(seed),
            };
            var places = new Places(
                result.GetRequiredValue(output),
                result.GetValue(checkpoint),
                result.GetValue(preview),
                result.GetValue(resume),
                result.GetValue(overwrite)
            );
            if (places.Resumes && places.Overwrites)
                throw new UsageException("--resume goes on from a checkpoint and --overwrite replaces it: give one of them");
            _ = OutputName.RequireFile("-o", places.Model, ".safetensors");
            if (places.Model.EndsWith(CheckpointEnding, StringComparison.OrdinalIgnoreCase))
                throw new UsageException(
                    $"-o {places.Model}: this is the name of a checkpoint; the model needs another, and its checkpoint lies beside it"
                );
            RequireNoCheckpoint(places);
            using var device = devices.Take(
                console,
                result.GetValue(deviceOption),
                result.GetValue(threads),
                result.GetValue(tensorFloat32)
            );
            Run(console, device, result.GetRequiredValue(midi), options, places);
        });
        return command;
    }

    private static FileLock Hold(string path) =>
        FileLock.TryTakeFor(path)
        ?? throw new OutputBusyException(
            $"{path}: another training is at work on this file; run the same line again when it has ended, or give another -o"
        );

    private static void RequireNoCheckpoint(Places places)
    {
        if (!places.Resumes && !places.Overwrites && File.Exists(places.Checkpoint))
            throw new UsageException(
                $"{places.Checkpoint} is the checkpoint of an earlier training: --resume goes on from it, --overwrite starts again"
            );
    }

    private static void Run(CommandConsole console, ComputeDevice device, string midi, MusicTrainingOptions options, Places places)
    {
        AtomicFile.RequireWritable(places.Model);
        AtomicFile.RequireWritable(places.Checkpoint);
        if (places.PreviewEvery > 0)
            _ = places.Preview(0);
        using var heldModel = Hold(places.Model);
        using var heldCheckpoint = Hold(places.Checkpoint);
        RequireNoCheckpoint(places);
        var music = MusicFolder.Read(midi, options.Layout, console.ProgressOf("reading music"));
        Report(console, music);
        using var run = new MusicTrainingRun(device, options, music.Windows);
        if (places.Resumes)
            run.Resume(places.Checkpoint);
        console.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{music.Windows.Count} windows, generator {run.Trainer.GeneratorLength:N0} and critic "
                    + $"{run.Trainer.CriticLength:N0} parameters, "
                    + $"{device.Name}{(places.Resumes ? $"; going on at step {run.Trainer.StepsDone}" : "")}"
            )
        );
        var clock = Stopwatch.StartNew();
        try
        {
            Train(console, device, run, options.StepCount, places);
        }
        catch (OperationCanceledException) when (console.Cancellation.IsCancellationRequested)
        {
            // A signal between a step and its report: what is trained is kept below all the same.
        }

        run.Save(places.Checkpoint);
        MusicModelFile.Write(places.Model, run.Model());
        if (run.Trainer.StepsDone < options.StepCount)
        {
            console.Say(
                $"{places.Model}: written as it stands after {run.Trainer.StepsDone} of {options.StepCount} steps; --resume goes "
                    + $"on from {places.Checkpoint}"
            );
            throw new OperationCanceledException();
        }

        console.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{places.Model}: {options.StepCount} steps in {clock.Elapsed.TotalMinutes:F1} min; next: voicekit music generate "
                    + $"--model {places.Model}"
            )
        );
    }

    private static void Train(CommandConsole console, ComputeDevice device, MusicTrainingRun run, int stepCount, Places places)
    {
        var (clock, first) = (Stopwatch.StartNew(), run.Trainer.StepsDone);
        while (run.Trainer.StepsDone < stepCount && !console.Cancellation.IsCancellationRequested)
        {
            run.Trainer.Step();
            var done = run.Trainer.StepsDone;
            if (done % 10 == 0)
                console.Progress(
                    Describe(run.ReadFigures(places.Checkpoint), done, (done - first) / clock.Elapsed.TotalSeconds, stepCount),
                    done / (double)stepCount,
                    tellsTime: true
                );
            if (done % places.CheckpointEvery == 0 && done < stepCount)
                run.Save(places.Checkpoint);
            if (places.PreviewEvery > 0 && done % places.PreviewEvery == 0)
                Preview(device, run.Model(), places.Preview(done));
        }
    }

    private static string Describe(TrainingFigures figures, int done, double rate, int all)
    {
        var left = TimeSpan.FromSeconds((all - done) / Math.Max(rate, 1e-9));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"step {done}, {rate:F1} steps/s, critic distance {figures.CriticDistance:F2}, generator loss "
                + $"{figures.GeneratorLoss:F2}, {(left.TotalHours >= 1 ? $"{left.TotalHours:F1} h" : $"{left.TotalMinutes:F0} min")} "
                + $"left"
        );
    }

    private static void Report(CommandConsole console, TrainingMusic music)
    {
        var odd = music.Reports.Where(report => report.Problem is not null).ToArray();
        foreach (var report in odd.Take(MaxReports))
            console.Warn($"{report.Path}: {(report.WindowCount == 0 ? "left out: " : "")}{report.Problem}");
        if (odd.Length > MaxReports)
            console.Warn($"and {odd.Length - MaxReports} more files");
        console.Say($"{music.Reports.Count(report => report.WindowCount > 0)} of {music.Reports.Count} files are used");
    }

    /// <summary>The same four snippets, as they stand now.</summary>
    private static void Preview(ComputeDevice device, MusicModel model, string path)
    {
        using var composer = new MusicComposer(device, model);
        var roll = PianoRoll.Join([.. Enumerable.Range(1, 4).Select(seed => composer.Generate(composer.SampleLatent((ulong)seed)))]);
        AtomicFile.Write(
            path,
            stream =>
                PianoRollPicture.Write(
                    stream,
                    roll,
                    new PianoRollPictureOptions
                    {
                        Title = Path.GetFileNameWithoutExtension(path),
                        QuartersPerBar = model.Layout.BeatsPerBar,
                    }
                )
        );
    }
}
