using System.Globalization;
using System.Security.Cryptography;
using VoiceKit.Devices;
using VoiceKit.Files;

namespace VoiceKit.Music;

/// <summary>A training that can stop and go on: the trainer, and what its checkpoints say.</summary>
internal sealed class MusicTrainingRun : IDisposable
{
    private readonly MusicTrainingOptions options;
    private readonly string musicHash;
    private readonly int windowCount;

    /// <summary>Prepares a training from its start.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="options">How.</param>
    /// <param name="windows">Real snippets of the layout's grid.</param>
    public MusicTrainingRun(ComputeDevice device, MusicTrainingOptions options, IReadOnlyList<PianoRoll> windows)
    {
        Trainer = new MusicTrainer(device, options, windows);
        (this.options, windowCount) = (options, windows.Count);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var window in windows)
            hash.AppendData(window.States);
        musicHash = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Gets the trainer.</summary>
    public MusicTrainer Trainer { get; }

    /// <summary>The losses of the last step. A device waits for nothing between two readings, so they are not for every step.</summary>
    /// <param name="checkpoint">Where the last checkpoint lies, for the error.</param>
    /// <exception cref="ArithmeticException">The losses are no numbers any more.</exception>
    public TrainingFigures ReadFigures(string checkpoint)
    {
        var figures = Trainer.ReadFigures();
        if (figures.AreFinite)
            return figures;
        throw Diverged("losses", checkpoint);
    }

    /// <summary>The model as it stands.</summary>
    public MusicModel Model() =>
        Trainer.Model(
            new Dictionary<string, string>
            {
                ["music"] = musicHash,
                ["windows"] = Text(windowCount),
                ["steps"] = Text(Trainer.StepsDone),
                ["settings"] = Settings,
            }
        );

    /// <summary>Writes a checkpoint; the one before is replaced only by a whole one.</summary>
    /// <exception cref="ArithmeticException">The parameters are no numbers any more: what the last update broke shows in no loss
    /// yet.</exception>
    public void Save(string path)
    {
        var (model, state) = (Model(), Trainer.SaveState());
        if (!model.Parameters.Concat(state).All(item => item.Value.IsFinite))
            throw Diverged("parameters", path);
        MusicModelFile.Write(path, model, state);
    }

    /// <summary>Goes on from a checkpoint as if the training had never stopped.</summary>
    /// <exception cref="BadFileException">It is no checkpoint, or of other music or settings.</exception>
    /// <exception cref="ModelVersionException">The file was written by a newer version.</exception>
    public void Resume(string path)
    {
        var (model, tensors) = MusicModelFile.ReadCheckpoint(path);
        if (model.Description.GetValueOrDefault("music") != musicHash)
            throw new BadFileException(
                path,
                null,
                "the checkpoint was made with other music: give the same folder, unchanged, or start without --resume"
            );
        if (model.Description.GetValueOrDefault("settings") != Settings)
            throw new BadFileException(
                path,
                null,
                $"the checkpoint was made with other settings ({model.Description.GetValueOrDefault("settings")}; now "
                    + $"{Settings}): give the same, or start without --resume"
            );
        try
        {
            Trainer.RestoreState(tensors);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new BadFileException(path, null, $"this is no whole checkpoint: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Trainer.Dispose();

    /// <summary>All that must be the same for a training to go on.</summary>
    private string Settings
    {
        get
        {
            var (layout, generator) = (options.Layout, options.Generator);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{layout.BarCount} bars of {layout.BeatsPerBar} x {layout.StepsPerBeat} steps, {layout.VoiceCount} voices, "
                    + $"pitches {layout.Range.Lowest}-{layout.Range.Highest}, generator "
                    + $"{generator.Channels}/{generator.SnippetNoise}/{generator.BeatNoise}/{generator.HeadCount}, critic "
                    + $"{options.CriticChannels}, batch {options.BatchSize}, {options.StepCount} steps, rate {options.LearningRate}, "
                    + $"penalty {options.PenaltyWeight}/{options.PenaltyInterval}, average {options.AverageDecay}, seed {options.Seed}"
            );
        }
    }

    private ArithmeticException Diverged(string what, string checkpoint)
    {
        var kept = File.Exists(checkpoint) ? $"the last good checkpoint is kept: {checkpoint}" : "there is no checkpoint yet";
        return new ArithmeticException(
            $"the training has diverged at step {Trainer.StepsDone}: its {what} are no numbers any more; {kept}; try another seed "
                + $"or a larger batch"
        );
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
