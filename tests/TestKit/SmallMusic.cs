using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Music;

namespace VoiceKit.Tests.TestKit;

/// <summary>Music of two voices and two chords, and networks small enough to learn it within seconds.</summary>
internal static class SmallMusic
{
    private const int StepsPerBar = 8;

    private static readonly int[][] Chords =
    [
        [60, 48],
        [67, 55],
    ];

    private static readonly Lazy<MusicModel> Trained = new(Train);

    /// <summary>Two bars of eighths in two voices.</summary>
    public static SnippetLayout Layout { get; } =
        new()
        {
            BarCount = 2,
            StepsPerBeat = 2,
            VoiceCount = 2,
            Range = new PitchRange(48, 24),
        };

    public static MusicTrainingOptions Options { get; } =
        new()
        {
            Layout = Layout,
            Generator = new GeneratorOptions
            {
                Channels = 16,
                SnippetNoise = 4,
                BeatNoise = 2,
                HeadCount = 2,
            },
            CriticChannels = 32,
            BatchSize = 8,
            StepCount = 600,
            LearningRate = 3e-3,
            AverageDecay = 0.97,
        };

    /// <summary>Every order of the two chords in two bars.</summary>
    public static IReadOnlyList<PianoRoll> Windows { get; } = [Bars(0, 0), Bars(0, 1), Bars(1, 0), Bars(1, 1)];

    /// <summary>A model that has learnt the two chords.</summary>
    public static MusicModel Model => Trained.Value;

    /// <summary>A chord for each bar, held to its end.</summary>
    public static PianoRoll Bars(params int[] chords) =>
        new(
            Layout.Range,
            2,
            2,
            [
                .. chords.SelectMany(chord =>
                    Enumerable
                        .Range(0, StepsPerBar)
                        .SelectMany(step => Chords[chord].Select(pitch => (byte)(step == 0 ? Layout.Range.StateOf(pitch) : PianoRoll.Hold)))
                ),
            ]
        );

    /// <summary>Writes a roll as a MIDI file.</summary>
    public static string WriteMidi(this PianoRoll roll, string path, int beatsPerBar = 4)
    {
        MidiFile.Write(path, roll.ToScore(100, beatsPerBar: beatsPerBar));
        return path;
    }

    /// <summary>The model's file with some of its description and arrays changed.</summary>
    public static string WriteChanged(
        this MusicModel model,
        string path,
        Action<Dictionary<string, string>>? describe = null,
        Action<Dictionary<string, NamedTensor>>? change = null
    )
    {
        MusicModelFile.Write(path, model);
        var file = SafetensorsFile.Read(path);
        var (metadata, tensors) = (new Dictionary<string, string>(file.Metadata), new Dictionary<string, NamedTensor>(file.Tensors));
        describe?.Invoke(metadata);
        change?.Invoke(tensors);
        AtomicFile.Write(path, new SafetensorsFile(metadata, tensors).Write);
        return path;
    }

    /// <summary>Asserts that arrays have the same names, shapes and bits.</summary>
    public static void SameBits(IReadOnlyDictionary<string, NamedTensor> expected, IReadOnlyDictionary<string, NamedTensor> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in expected)
        {
            Assert.Equal(tensor.Shape, actual[name].Shape);
            Assert.True(
                tensor
                    .Values.ToArray()
                    .Select(BitConverter.DoubleToInt64Bits)
                    .SequenceEqual(actual[name].Values.ToArray().Select(BitConverter.DoubleToInt64Bits)),
                name
            );
        }
    }

    private static MusicModel Train()
    {
        using var device = new CpuDevice(1);
        using var run = new MusicTrainingRun(device, Options, Windows);
        while (run.Trainer.StepsDone < Options.StepCount)
            run.Trainer.Step();
        return run.Model();
    }
}
