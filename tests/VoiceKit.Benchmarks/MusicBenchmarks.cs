using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;
using VoiceKit.Devices;
using VoiceKit.Music;
using VoiceKit.Pictures;

namespace VoiceKit.Benchmarks;

/// <summary>
/// What a person waits for: one snippet, its sound, its picture, and one step of training at the sizes of the model that ships.
/// </summary>
[MemoryDiagnoser]
public class MusicBenchmarks : IDisposable
{
    private readonly CpuDevice device = new();
    private readonly MusicComposer composer;
    private readonly MusicTrainer trainer;
    private readonly float[] noise;
    private readonly PianoRoll roll;

    /// <summary>Loads the model that ships; the training's windows are its own snippets.</summary>
    public MusicBenchmarks()
    {
        composer = new MusicComposer(device, MusicModelFile.Shipped());
        noise = composer.SampleLatent(1);
        roll = composer.Generate(noise);
        trainer = new MusicTrainer(
            device,
            new MusicTrainingOptions(),
            [.. Enumerable.Range(1, 64).Select(seed => composer.Generate(composer.SampleLatent((ulong)seed)))]
        );
    }

    /// <summary>Noise to piano-roll.</summary>
    [Benchmark]
    public PianoRoll Snippet() => composer.Generate(noise);

    /// <summary>Piano-roll to sound.</summary>
    [Benchmark]
    public Waveform Sound() => ScoreRenderer.Render(roll.ToScore(84, 19));

    /// <summary>Piano-roll to pixels.</summary>
    [Benchmark]
    public object Picture() => PianoRollPicture.Draw(roll);

    /// <summary>One step of critic and generator.</summary>
    [Benchmark]
    public TrainingFigures TrainingStep()
    {
        trainer.Step();
        return trainer.ReadFigures();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        composer.Dispose();
        trainer.Dispose();
        device.Dispose();
        GC.SuppressFinalize(this);
    }
}
