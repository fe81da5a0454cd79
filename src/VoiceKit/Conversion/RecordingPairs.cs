using VoiceKit.Audio;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Pitch;

namespace VoiceKit.Conversion;

/// <summary>Recordings of the same sentences in two folders, paired by file name.</summary>
public sealed class RecordingPairs
{
    private RecordingPairs(IReadOnlyList<(string Name, string Source, string Target)> files, IReadOnlyList<string> warnings) =>
        (Files, Warnings) = (files, warnings);

    /// <summary>The pairs in the order of their names: the common name and the two paths.</summary>
    public IReadOnlyList<(string Name, string Source, string Target)> Files { get; }

    /// <summary>Sentences on recordings without a partner.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Pairs the audio files of two folders by their names without extension.</summary>
    /// <param name="sourceFolder">The source speaker's folder.</param>
    /// <param name="targetFolder">The target speaker's folder.</param>
    /// <param name="skip">How many pairs to leave out at the start, by name.</param>
    /// <param name="limit">How many pairs to take at most; null takes all.</param>
    /// <exception cref="DirectoryNotFoundException">A folder does not exist.</exception>
    /// <exception cref="BadFileException">No names are in common.</exception>
    public static RecordingPairs Find(string sourceFolder, string targetFolder, int skip = 0, int? limit = null)
    {
        var source = ListByName(sourceFolder);
        var target = ListByName(targetFolder);
        var names = source.Keys.Where(target.ContainsKey).ToArray();
        if (names.Length == 0)
            throw new BadFileException(sourceFolder, null, $"no recording here has a partner of the same name in {targetFolder}");
        List<string> warnings = [.. Alone(source, target, sourceFolder), .. Alone(target, source, targetFolder)];
        var files = names.Skip(skip).Take(limit ?? int.MaxValue).Select(name => (name, source[name], target[name])).ToArray();
        return files.Length > 0
            ? new RecordingPairs(files, warnings)
            : throw new BadFileException(sourceFolder, null, $"only {names.Length} pairs are here, and {skip} of them were to be left out");
    }

    /// <summary>Reads all recordings, resampled to one rate: the lowest of all, or a given one.</summary>
    /// <param name="sampleRate">The rate in Hz; null takes the lowest.</param>
    public (IReadOnlyList<Waveform> Source, IReadOnlyList<Waveform> Target) Read(int? sampleRate = null)
    {
        var waveforms = Files.SelectMany(file => new[] { file.Source, file.Target }).AsParallel().AsOrdered().Select(ReadUsable).ToArray();
        var rate = sampleRate ?? waveforms.Min(waveform => waveform.SampleRate);
        var resampled = waveforms.AsParallel().AsOrdered().Select(waveform => Resampler.Resample(waveform, rate)).ToArray();
        return ([.. resampled.Where((_, i) => i % 2 == 0)], [.. resampled.Where((_, i) => i % 2 == 1)]);
    }

    /// <summary>Extracts the features of both speakers.</summary>
    /// <param name="source">The source's waveforms.</param>
    /// <param name="target">The target's waveforms.</param>
    /// <param name="options">The settings of the analysis, without an F0 range.</param>
    /// <param name="sourceRange">The source's F0 range.</param>
    /// <param name="targetRange">The target's F0 range.</param>
    /// <param name="progress">Receives the number of recordings done.</param>
    public IReadOnlyList<UtterancePair> Extract(
        IReadOnlyList<Waveform> source,
        IReadOnlyList<Waveform> target,
        FeatureOptions options,
        F0Range sourceRange,
        F0Range targetRange,
        Action<int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var sourceExtractor = new FeatureExtractor(options with { F0Range = sourceRange });
        var targetExtractor = new FeatureExtractor(options with { F0Range = targetRange });
        var done = 0;
        var features = new SpeechFeatures[2 * Files.Count];
        Parallel.For(0, features.Length, i =>
        {
            features[i] = i % 2 == 0 ? sourceExtractor.Extract(source[i / 2]) : targetExtractor.Extract(target[i / 2]);
            progress?.Invoke(Interlocked.Increment(ref done));
        });
        return [.. Files.Select((file, i) => new UtterancePair(file.Name, features[2 * i], features[(2 * i) + 1]))];
    }

    private static SortedDictionary<string, string> ListByName(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{folder}: there is no such folder");
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in AudioFile.In(folder))
        {
            if (!result.TryAdd(Path.GetFileNameWithoutExtension(path), path))
                throw new BadFileException(path, null, $"{result[Path.GetFileNameWithoutExtension(path)]} has the same name: which of the two is meant?");
        }

        return result;
    }

    private static IEnumerable<string> Alone(SortedDictionary<string, string> files, SortedDictionary<string, string> partners, string folder)
    {
        var alone = files.Keys.Where(name => !partners.ContainsKey(name)).ToArray();
        if (alone.Length > 0)
            yield return $"{folder}: left out, without a partner: {string.Join(", ", alone.Take(5))}{(alone.Length > 5 ? $" and {alone.Length - 5} more" : "")}";
    }

    private static Waveform ReadUsable(string path)
    {
        var waveform = AudioFile.Read(path).Waveform;
        return waveform.Length > 0 ? waveform : throw new BadFileException(path, null, "the recording is empty");
    }
}
