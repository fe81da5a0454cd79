using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Conversion;

/// <summary>Recordings of the same sentences in two folders, paired by file name.</summary>
public sealed class RecordingPairs
{
    private const double ComparableRatio = 0.9;

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
            throw new BadFileException(
                sourceFolder,
                null,
                $"no recording here has a partner of the same name in "
                    + $"{targetFolder}{Hint(sourceFolder, source.Count)}{Hint(targetFolder, target.Count)}"
            );
        List<string> warnings = [.. Alone(source, target, sourceFolder), .. Alone(target, source, targetFolder)];
        var files = names.Skip(skip).Take(limit ?? int.MaxValue).Select(name => (name, source[name], target[name])).ToArray();
        return files.Length > 0
            ? new RecordingPairs(files, warnings)
            : throw new BadFileException(sourceFolder, null, $"only {names.Length} pairs are here, and {skip} of them were to be left out");
    }

    /// <summary>Gets the sampling frequencies of the recordings that were read last, in Hz, the lowest first.</summary>
    public IReadOnlyList<int> SampleRates { get; private set; } = [];

    /// <summary>Reads all recordings, resampled to one rate: the lowest of all, or a given one.</summary>
    /// <param name="sampleRate">The rate in Hz; null takes the lowest.</param>
    /// <param name="comparable">
    /// Whether spectra will be compared and nothing else: recordings of several rates are then resampled to nine tenths of the lowest. A
    /// resampler leaves nothing just below half the lower rate where a recording of that rate has sound: to a cepstrum a difference of 1.4
    /// dB.
    /// </param>
    public (IReadOnlyList<Waveform> Source, IReadOnlyList<Waveform> Target) Read(int? sampleRate = null, bool comparable = false)
    {
        var waveforms = Files.SelectMany(file => new[] { file.Source, file.Target }).InParallel().Select(ReadUsable).ToArray();
        SampleRates = [.. waveforms.Select(waveform => waveform.SampleRate).Distinct().Order()];
        var rate = sampleRate ?? (comparable && SampleRates.Count > 1 ? (int)(ComparableRatio * SampleRates[0]) : SampleRates[0]);
        var resampled = waveforms.InParallel().Select(waveform => Resampler.Resample(waveform, rate)).ToArray();
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
    /// <param name="cancellation">Ends the work between recordings.</param>
    public IReadOnlyList<UtterancePair> Extract(
        IReadOnlyList<Waveform> source,
        IReadOnlyList<Waveform> target,
        FeatureOptions options,
        F0Range sourceRange,
        F0Range targetRange,
        IProgress<int>? progress = null,
        Func<Waveform, F0Range>? sourceRangeOf = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var sourceExtractor = new FeatureExtractor(options with { F0Range = sourceRange });
        var targetExtractor = new FeatureExtractor(options with { F0Range = targetRange });
        var done = 0;
        var features = new SpeechFeatures[2 * Files.Count];
        Parallel.For(
            0,
            features.Length,
            ParallelLimit.Options(cancellation),
            i =>
            {
                features[i] =
                    i % 2 == 0
                        ? sourceExtractor.Begin(source[i / 2], sourceRangeOf?.Invoke(source[i / 2])).Features
                        : targetExtractor.Extract(target[i / 2]);
                progress?.Report(Interlocked.Increment(ref done));
            }
        );
        return [.. Files.Select((file, i) => new UtterancePair(file.Name, features[2 * i], features[(2 * i) + 1]))];
    }

    private static SortedDictionary<string, string> ListByName(string folder)
    {
        if (!Directory.Exists(folder))
            throw File.Exists(folder)
                ? new BadFileException(folder, null, "this is a file; a folder of recordings was expected")
                : new DirectoryNotFoundException($"{folder}: there is no such folder");
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in AudioFile.In(folder))
        {
            if (!result.TryAdd(Path.GetFileNameWithoutExtension(path), path))
                throw new BadFileException(
                    path,
                    null,
                    $"{result[Path.GetFileNameWithoutExtension(path)]} has the same name: which of the two is meant?"
                );
        }

        return result;
    }

    /// <summary>A likely reason for finding no recordings in a folder.</summary>
    private static string Hint(string folder, int count)
    {
        if (count > 0)
            return "";
        var deeper = Directory
            .EnumerateDirectories(folder)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault(inner => AudioFile.In(inner).Count > 0);
        return deeper is null
            ? $"; there is no recording in {folder}"
            : $"; the recordings of {folder} lie one folder deeper: did you mean {deeper}?";
    }

    private static IEnumerable<string> Alone(
        SortedDictionary<string, string> files,
        SortedDictionary<string, string> partners,
        string folder
    )
    {
        var alone = files.Keys.Where(name => !partners.ContainsKey(name)).ToArray();
        if (alone.Length > 0)
            yield return $"{folder}: left out, without a partner: "
                + $"{string.Join(", ", alone.Take(5))}{(alone.Length > 5 ? $" and {alone.Length - 5} more" : "")}";
    }

    private static Waveform ReadUsable(string path)
    {
        var waveform = AudioFile.Read(path).Waveform;
        return waveform.Length > 0 ? waveform : throw new BadFileException(path, null, "the recording is empty");
    }
}

/// <summary>
/// Leaves out pairs that say nothing of the two voices: silence, and recordings of different sentences. Training and evaluation leave out
/// the same.
/// </summary>
internal static class PairScreening
{
    // A pair whose aligned distance after conversion is this much above the others' median is not the same sentence twice.
    private const double MismatchRatio = 1.3;
    private const int MinPairsForMismatch = 5;

    /// <summary>Removes pairs of which one recording is silent.</summary>
    public static void RemoveSilent(List<AlignedPair> pairs, List<string> warnings)
    {
        foreach (var empty in pairs.Where(pair => !pair.HasSpeech))
            warnings.Add($"{empty.Pair.Name}: left out, one of the two recordings is silent");
        pairs.RemoveAll(pair => !pair.HasSpeech);
    }

    /// <summary>Removes single pairs that are no closer than wrong pairings.</summary>
    public static void RemoveDoubtful(List<AlignedPair> pairs, PairingCheck check, List<string> warnings)
    {
        foreach (var pair in check.Doubtful)
            warnings.Add(
                $"{pair.Pair.Name}: left out, the two recordings do not match (they are no nearer than recordings paired at "
                    + $"random): different sentences?"
            );
        pairs.RemoveAll(check.Doubtful.Contains);
    }

    /// <summary>
    /// Removes pairs whose distance is far from the others': after a mapping all distances are alike, unless the two recordings say
    /// different things.
    /// </summary>
    public static void RemoveMismatches(List<AlignedPair> pairs, List<string> warnings)
    {
        foreach (var (pair, ratio) in Distant(pairs).Take(Math.Max(0, pairs.Count - 2)))
        {
            warnings.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pair.Pair.Name}: left out, the two recordings do not match (distance {ratio:F2} x the median): different sentences?"
                )
            );
            pairs.Remove(pair);
        }
    }

    /// <summary>The pairs whose distance is far from the others', and how many times the median it is.</summary>
    public static IReadOnlyList<(AlignedPair Pair, double Ratio)> Distant(IReadOnlyList<AlignedPair> pairs)
    {
        if (pairs.Count < MinPairsForMismatch)
            return [];
        var median = pairs.Select(pair => pair.Path.MeanCost).Order().ElementAt(pairs.Count / 2);
        return [.. pairs.Where(pair => pair.Path.MeanCost > MismatchRatio * median).Select(pair => (pair, pair.Path.MeanCost / median))];
    }
}

/// <summary>
/// Compares how well pairs align with how well the same recordings align in wrong pairings: where there is no difference, the pairs are no
/// pairs.
/// </summary>
/// <param name="Ratio">The cost of the pairs over that of wrong pairings: about 0.8 for the same sentences by two people, 1 for different
/// ones.</param>
/// <param name="Doubtful">The pairs that are no closer than wrong ones; none where too little is there to tell.</param>
internal sealed record PairingCheck(double Ratio, IReadOnlyList<AlignedPair> Doubtful)
{
    /// <summary>
    /// Above this ratio pairs are no closer than chance. Seen where all are right: at most .81 with 25 pairs, .86 with 3; where none are:
    /// at least .97 and .88.
    /// </summary>
    public const double Unrelated = 0.93;

    /// <summary>Fewer pairs tell nothing.</summary>
    public const int MinPairs = 3;

    /// <summary>With fewer pairs, or less speech in each, single ones cannot be judged.</summary>
    public const int MinPairsForDoubt = 5;

    /// <summary>The mean speech of a pair in seconds below which single pairs cannot be judged.</summary>
    public const double MinSpeechForDoubt = 1.5;

    private const int MaxPairings = 3;

    // Above it were 97 % of wrong pairs and none of 12,000 right ones.
    private const double DoubtfulScore = 0.85;

    /// <summary>Measures pairs, at least two, of which both recordings hold speech.</summary>
    public static PairingCheck Measure(IReadOnlyList<AlignedPair> pairs)
    {
        var count = pairs.Count;
        var pairings = Math.Min(MaxPairings, count - 1);
        var spectra = pairs
            .Select(pair => (Source: pair.CentredSpeech(isSource: true), Target: pair.CentredSpeech(isSource: false)))
            .ToArray();

        // costs[i, k]: source i with target i + k; k = 0 are the pairs. Mean: a step's. Relative: the whole path's over the frames of both,
        // which long detours raise.
        var costs = new (double Mean, double Relative)[count, pairings + 1];
        Parallel.For(
            0,
            count * (pairings + 1),
            ParallelLimit.Options(),
            n =>
            {
                var (i, k) = (n / (pairings + 1), n % (pairings + 1));
                var (source, target) = (spectra[i].Source, spectra[(i + k) % count].Target);
                var path = DynamicTimeWarping.Align(source, target);
                costs[i, k] = (path.MeanCost, path.MeanCost * path.Count / (source.Count + target.Count));
            }
        );

        var (right, wrong) = (0.0, 0.0);
        var doubtful = new List<AlignedPair>();
        var isTelling = count >= MinPairsForDoubt && pairs.Average(pair => pair.SpeechSeconds) >= MinSpeechForDoubt;
        for (var i = 0; i < count; i++)
        {
            var (row, column) = (0.0, 0.0);
            for (var k = 1; k <= pairings; k++)
            {
                wrong += costs[i, k].Mean / pairings;
                row += costs[i, k].Relative / pairings;
                column += costs[(i - k + count) % count, k].Relative / pairings;
            }

            right += costs[i, 0].Mean;
            if (isTelling && costs[i, 0].Relative > DoubtfulScore * Math.Sqrt(row * column))
                doubtful.Add(pairs[i]);
        }

        return new PairingCheck(wrong > 0 ? right / wrong : 0, doubtful);
    }
}
