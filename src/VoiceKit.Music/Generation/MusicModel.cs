using System.Collections.Frozen;
using System.Globalization;
using VoiceKit.Files;

namespace VoiceKit.Music;

/// <summary>The pitches that a voice has.</summary>
/// <param name="Lowest">The lowest MIDI pitch.</param>
/// <param name="Highest">The highest MIDI pitch.</param>
public readonly record struct VoiceRange(int Lowest, int Highest);

/// <summary>A trained generator of snippets in C major and A minor.</summary>
/// <param name="Layout">The grid of its snippets.</param>
/// <param name="Generator">Its size.</param>
/// <param name="Parameters">Its parameters, by name.</param>
/// <param name="Description">Facts about its training, by name.</param>
public sealed record MusicModel(
    SnippetLayout Layout,
    GeneratorOptions Generator,
    IReadOnlyDictionary<string, NamedTensor> Parameters,
    IReadOnlyDictionary<string, string> Description
)
{
    /// <summary>Gets or sets the generator's arrays, by name.</summary>
    public IReadOnlyDictionary<string, NamedTensor> Parameters { get; init; } = Parameters.ToFrozenDictionary();

    /// <summary>Gets or sets how it was trained, for people: names and values.</summary>
    public IReadOnlyDictionary<string, string> Description { get; init; } = Description.ToFrozenDictionary();

    /// <summary>
    /// Gets or sets the pitches that each voice has in the music that was trained on, but for rare extremes: it never gets others. Empty
    /// where nothing is known.
    /// </summary>
    public IReadOnlyList<VoiceRange> VoiceRanges { get; init; } = [];

    /// <summary>Gets the numbers of noise that make one snippet.</summary>
    public int NoiseLength => SnippetGenerator.NoiseLength(Layout, Generator);
}

/// <summary>
/// Writes and reads music models: one safetensors file with a description of itself. A checkpoint is a model with the state of its
/// training.
/// </summary>
public static class MusicModelFile
{
    private const string VoiceRangesName = "voice_ranges";
    private const string DescriptionPrefix = "training.";
    private const string ShippedName = "VoiceKit.Music.chorales.safetensors";

    private static readonly ModelFormat Format = new("voicekit-music-model", 1, "music model");

    /// <summary>The model that is part of the library: four-part chorales in the style of Bach.</summary>
    public static MusicModel Shipped()
    {
        using var stream =
            typeof(MusicModelFile).Assembly.GetManifestResourceStream(ShippedName)
            ?? throw new InvalidOperationException($"The library was built without {ShippedName}.");
        return Model(ShippedName, SafetensorsFile.Read(stream, ShippedName));
    }

    /// <summary>Writes a model; the file appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="trainingState">The state of its training, for a checkpoint.</param>
    public static void Write(string path, MusicModel model, IReadOnlyDictionary<string, NamedTensor>? trainingState = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (layout, generator) = (model.Layout, model.Generator);
        var metadata = new Dictionary<string, string>(Format.Describe())
        {
            ["bars"] = Number(layout.BarCount),
            ["beats_per_bar"] = Number(layout.BeatsPerBar),
            ["steps_per_beat"] = Number(layout.StepsPerBeat),
            ["voices"] = Number(layout.VoiceCount),
            ["lowest_pitch"] = Number(layout.Range.Lowest),
            ["pitches"] = Number(layout.Range.Count),
            ["channels"] = Number(generator.Channels),
            ["snippet_noise"] = Number(generator.SnippetNoise),
            ["beat_noise"] = Number(generator.BeatNoise),
            ["heads"] = Number(generator.HeadCount),
        };
        if (model.VoiceRanges.Count > 0)
            metadata[VoiceRangesName] = string.Join(
                ' ',
                model.VoiceRanges.SelectMany(range => (string[])[Number(range.Lowest), Number(range.Highest)])
            );
        foreach (var (name, value) in model.Description)
            metadata[DescriptionPrefix + name] = value;
        var tensors = new Dictionary<string, NamedTensor>(model.Parameters);
        foreach (var (name, tensor) in trainingState ?? new Dictionary<string, NamedTensor>())
            tensors.Add(name, tensor);
        AtomicFile.Write(path, new SafetensorsFile(metadata, tensors).Write);
    }

    /// <summary>Reads a model, or a checkpoint as a model.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadFileException">The file is cut off, or is something else.</exception>
    /// <exception cref="ModelVersionException">The file was written by a newer version.</exception>
    public static MusicModel Read(string path) => Model(path, SafetensorsFile.Read(path));

    /// <summary>Reads a checkpoint: the model and all tensors, the training's state among them.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadFileException">The file is cut off, or is something else.</exception>
    /// <exception cref="ModelVersionException">The file was written by a newer version.</exception>
    public static (MusicModel Model, IReadOnlyDictionary<string, NamedTensor> Tensors) ReadCheckpoint(string path)
    {
        var file = SafetensorsFile.Read(path);
        return (Model(path, file), file.Tensors);
    }

    private static MusicModel Model(string path, SafetensorsFile file)
    {
        Format.Require(path, file);
        try
        {
            return Assemble(file);
        }
        catch (Exception exception)
            when (exception is InvalidDataException or KeyNotFoundException or FormatException or OverflowException or ArgumentException)
        {
            throw new BadFileException(path, null, $"the music model is damaged: {exception.Message}", exception);
        }
    }

    private static MusicModel Assemble(SafetensorsFile file)
    {
        int Value(string name, int most)
        {
            var value = int.Parse(file.Metadata[name], NumberStyles.None, CultureInfo.InvariantCulture);
            return value <= most ? value : throw new InvalidDataException($"{name} is {value}, more than {most}");
        }

        const int mostChannels = 4096;
        var layout = new SnippetLayout
        {
            BarCount = Value("bars", 64),
            BeatsPerBar = Value("beats_per_bar", 16),
            StepsPerBeat = Value("steps_per_beat", 24),
            VoiceCount = Value("voices", 15),
            Range = new PitchRange(Value("lowest_pitch", 127), Value("pitches", 128)),
        };
        layout.Validate();
        var generator = new GeneratorOptions
        {
            Channels = Value("channels", mostChannels),
            SnippetNoise = Value("snippet_noise", mostChannels),
            BeatNoise = Value("beat_noise", mostChannels),
            HeadCount = Value("heads", 64),
        };
        var model = new MusicModel(
            layout,
            generator,
            file.Tensors,
            file.Metadata.Where(item => item.Key.StartsWith(DescriptionPrefix, StringComparison.Ordinal))
                .ToDictionary(item => item.Key[DescriptionPrefix.Length..], item => item.Value)
        )
        {
            VoiceRanges = VoiceRanges(file.Metadata.GetValueOrDefault(VoiceRangesName), layout),
        };

        // The sizes that the description states must be those of the arrays that are there, before memory is taken for them.
        SnippetGenerator.RequireParameters(model);
        if (file.Tensors.FirstOrDefault(item => !item.Value.IsFiniteSingle).Key is { } name)
            throw new InvalidDataException($"the array '{name}' has a value that is not finite");
        return model;
    }

    private static VoiceRange[] VoiceRanges(string? text, SnippetLayout layout)
    {
        if (text is null)
            return [];
        var numbers = text.Split(' ').Select(number => int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
        VoiceRange[] ranges = [.. numbers.Chunk(2).Where(pair => pair.Length == 2).Select(pair => new VoiceRange(pair[0], pair[1]))];
        var areSound =
            numbers.Length == 2 * layout.VoiceCount
            && ranges.All(range =>
                range.Lowest >= layout.Range.Lowest && range.Highest <= layout.Range.Highest && range.Lowest <= range.Highest
            );
        return areSound ? ranges : throw new InvalidDataException($"the ranges of the voices, {text}, do not fit the layout");
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
