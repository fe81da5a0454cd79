using VoiceKit.Numerics;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>Looks at all recordings of a corpus, and at what can only be seen of all together.</summary>
public static class CorpusCheck
{
    /// <summary>Checks a corpus. In memory are the reports and the files that are being read.</summary>
    /// <param name="items">The recordings.</param>
    /// <param name="jobs">How many files are read at a time, at least 1.</param>
    /// <param name="progress">Called after each recording with the numbers of those done and of all, from several threads; an exception
    /// that it throws ends the check.</param>
    /// <param name="cancellation">Ends the check.</param>
    /// <exception cref="OperationCanceledException">The check was ended.</exception>
    public static CorpusReport Run(
        IEnumerable<CorpusItem> items,
        int jobs,
        Action<int, int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
        var all = items.ToArray();
        var reports = new RecordingReport[all.Length];
        var done = 0;
        Parallel.For(
            0,
            all.Length,
            new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation },
            i =>
            {
                using var limit = ParallelLimit.Enter(1);
                reports[i] = RecordingCheck.Inspect(all[i]);
                progress?.Invoke(Interlocked.Increment(ref done), all.Length);
            }
        );
        return Compare(reports);
    }

    private static CorpusReport Compare(RecordingReport[] reports)
    {
        var measures = reports.Select(report => report.Measures).OfType<RecordingMeasures>().ToArray();
        var rate = MostFrequent(measures.Select(item => item.SampleRate), rate => -rate);
        var channels = MostFrequent(measures.Select(item => item.ChannelCount), count => count);
        var groups = Enumerable
            .Range(0, reports.Length)
            .Where(i => reports[i].IsUsable)
            .GroupBy(i => reports[i].Measures!.ContentHash)
            .Where(group => group.Count() > 1)
            .Select(group => group.ToArray())
            .ToArray();
        var originals = groups
            .SelectMany(group => group.Skip(1).Select(i => (Copy: i, Original: group[0])))
            .ToDictionary(pair => pair.Copy, pair => pair.Original);
        RecordingReport[] remarked = [.. reports.Select((report, i) => report with { Warnings = [.. report.Warnings, .. Remarks(i)] })];
        return new CorpusReport(
            remarked,
            rate,
            channels,
            [.. groups.Select(group => Array.ConvertAll(group, i => remarked[i]))],
            PartnersMissing(reports)
        );

        IEnumerable<string> Remarks(int i)
        {
            if (reports[i].Measures is { } own && own.SampleRate != rate)
                yield return Invariant($"The sample rate is not the corpus' most frequent, {rate} Hz.");
            if (reports[i].Measures is { } item && item.ChannelCount != channels)
                yield return Invariant($"The number of channels is not the corpus' most frequent, {channels}.");
            if (originals.TryGetValue(i, out var original))
                yield return $"It has the same samples as {reports[original].Name}.";
        }
    }

    private static int? MostFrequent(IEnumerable<int> values, Func<int, int> rank) =>
        values
            .GroupBy(value => value)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => rank(group.Key))
            .Select(group => (int?)group.Key)
            .FirstOrDefault();

    /// <summary>
    /// Compares the folders directly below the corpus' that share a name with another one: only those are meant as partners.
    /// </summary>
    private static MissingPartner[] PartnersMissing(RecordingReport[] reports)
    {
        var names = reports
            .Select(report => report.Item.Id.Split('/', 2))
            .Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0], parts => parts[1])
            .ToDictionary(group => group.Key, group => group.ToHashSet(StringComparer.Ordinal));
        var shared = names
            .Values.SelectMany(set => set)
            .GroupBy(name => name)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)
            .ToHashSet(StringComparer.Ordinal);
        var partners = names.Where(pair => pair.Value.Overlaps(shared)).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        var all = partners.SelectMany(pair => pair.Value).Distinct().Order(StringComparer.Ordinal).ToArray();
        return
        [
            .. partners.SelectMany(pair =>
                all.Where(name => !pair.Value.Contains(name)).Select(name => new MissingPartner(pair.Key, name))
            ),
        ];
    }
}

/// <summary>The findings of <see cref="CorpusCheck"/> about a corpus.</summary>
/// <param name="Recordings">One report a recording, in the corpus' order.</param>
/// <param name="SampleRate">The most frequent sampling frequency in Hz, of equally frequent ones the highest; null where no file can be
/// decoded.</param>
/// <param name="ChannelCount">The most frequent number of channels, of equally frequent ones the lowest; null where no file can be
/// decoded.</param>
/// <param name="Duplicates">Recordings that have the same samples, each group in the corpus' order.</param>
/// <param name="MissingPartners">The names that others' folders have and a speaker's has not.</param>
public sealed record CorpusReport(
    IReadOnlyList<RecordingReport> Recordings,
    int? SampleRate,
    int? ChannelCount,
    IReadOnlyList<IReadOnlyList<RecordingReport>> Duplicates,
    IReadOnlyList<MissingPartner> MissingPartners
)
{
    /// <summary>Gets or sets what else lies in the corpus' folder and is not read.</summary>
    public IReadOnlyList<OtherFiles> OtherFiles { get; init; } = [];

    /// <summary>Gets the length of all that can be used.</summary>
    public TimeSpan Duration =>
        TimeSpan.FromSeconds(Recordings.Where(report => report.IsUsable).Sum(report => report.Measures!.Duration.TotalSeconds));

    /// <summary>Gets the speakers, in ordinal order.</summary>
    public IReadOnlyList<string> Speakers =>
        [.. Recordings.Select(report => report.Item.Speaker).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Gets how many recordings cannot be used.</summary>
    public int UnusableCount => Recordings.Count(report => !report.IsUsable);

    /// <summary>Gets how many recordings repeat one before them.</summary>
    public int DuplicateCount => Duplicates.Sum(group => group.Count - 1);
}

/// <summary>A name that a speaker lacks.</summary>
/// <param name="Speaker">The speaker's folder.</param>
/// <param name="Name">The name that another speaker's folder has.</param>
public sealed record MissingPartner(string Speaker, string Name);
