using VoiceKit.Audio;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Pitch;

namespace VoiceKit.Conversion;

/// <summary>Recordings of the same sentences in two folders, paired by file name.</summary>
public sealed class RecordingPairs
{
    private const double ComparableShare = 0.9;

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
            throw new BadFileException(sourceFolder, null, $"no recording here has a partner of the same name in {targetFolder}{Hint(sourceFolder, source.Count)}{Hint(targetFolder, target.Count)}");
        List<string> warnings = [.. Alone(source, target, sourceFolder), .. Alone(target, source, targetFolder)];
        var files = names.Skip(skip).Take(limit ?? int.MaxValue).Select(name => (name, source[name], target[name])).ToArray();
        return files.Length > 0
            ? new RecordingPairs(files, warnings)
            : throw new BadFileException(sourceFolder, null, $"only {names.Length} pairs are here, and {skip} of them were to be left out");
    }

    /// <summary>The sampling frequencies of the recordings that were read last, in Hz, the lowest first.</summary>
    public IReadOnlyList<int> SampleRates { get; private set; } = [];

    /// <summary>Reads all recordings, resampled to one rate: the lowest of all, or a given one.</summary>
    /// <param name="sampleRate">The rate in Hz; null takes the lowest.</param>
    /// <param name="comparable">
    /// Whether spectra will be compared and nothing else: recordings of several rates are then resampled to nine tenths of the lowest. A resampler leaves nothing just below half
    /// the lower rate where a recording of that rate has sound: to a cepstrum a difference of 1.4 dB.
    /// </param>
    public (IReadOnlyList<Waveform> Source, IReadOnlyList<Waveform> Target) Read(int? sampleRate = null, bool comparable = false)
    {
        var waveforms = Files.SelectMany(file => new[] { file.Source, file.Target }).AsParallel().AsOrdered().Select(ReadUsable).ToArray();
        SampleRates = [.. waveforms.Select(waveform => waveform.SampleRate).Distinct().Order()];
        var rate = sampleRate ?? (comparable && SampleRates.Count > 1 ? (int)(ComparableShare * SampleRates[0]) : SampleRates[0]);
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
    /// <param name="sourceRangeOf">The F0 range of a source recording; null for <paramref name="sourceRange"/> for all.</param>
    public IReadOnlyList<UtterancePair> Extract(
        IReadOnlyList<Waveform> source,
        IReadOnlyList<Waveform> target,
        FeatureOptions options,
        F0Range sourceRange,
        F0Range targetRange,
        Action<int>? progress = null,
        Func<Waveform, F0Range>? sourceRangeOf = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var sourceExtractor = new FeatureExtractor(options with { F0Range = sourceRange });
        var targetExtractor = new FeatureExtractor(options with { F0Range = targetRange });
        var done = 0;
        var features = new SpeechFeatures[2 * Files.Count];
        Parallel.For(0, features.Length, i =>
        {
            features[i] = i % 2 == 0 ? sourceExtractor.Begin(source[i / 2], sourceRangeOf?.Invoke(source[i / 2])).Features : targetExtractor.Extract(target[i / 2]);
            progress?.Invoke(Interlocked.Increment(ref done));
        });
        return [.. Files.Select((file, i) => new UtterancePair(file.Name, features[2 * i], features[(2 * i) + 1]))];
    }

    private static SortedDictionary<string, string> ListByName(string folder)
    {
        if (!Directory.Exists(folder))
            throw File.Exists(folder) ? new BadFileException(folder, null, "this is a file; a folder of recordings was expected") : new DirectoryNotFoundException($"{folder}: there is no such folder");
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in AudioFile.In(folder))
        {
            if (!result.TryAdd(Path.GetFileNameWithoutExtension(path), path))
                throw new BadFileException(path, null, $"{result[Path.GetFileNameWithoutExtension(path)]} has the same name: which of the two is meant?");
        }

        return result;
    }

    /// <summary>What is the matter with a folder without recordings, as far as one can see.</summary>
    private static string Hint(string folder, int count)
    {
        if (count > 0)
            return "";
        var deeper = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).FirstOrDefault(inner => AudioFile.In(inner).Count > 0);
        return deeper is null ? $"; there is no recording in {folder}" : $"; the recordings of {folder} lie one folder deeper: did you mean {deeper}?";
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
