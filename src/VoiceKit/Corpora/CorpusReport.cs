namespace VoiceKit.Corpora;

/// <summary>What <see cref="CorpusCheck"/> found out about a corpus.</summary>
/// <param name="Recordings">One report a recording, in the corpus' order.</param>
/// <param name="SampleRate">The most frequent sampling frequency in Hz, of equally frequent ones the highest; null where no file can be decoded.</param>
/// <param name="ChannelCount">The most frequent number of channels, of equally frequent ones the lowest; null where no file can be decoded.</param>
/// <param name="Duplicates">Recordings that have the same samples, each group in the corpus' order.</param>
/// <param name="MissingPartners">The names that others' folders have and a speaker's has not.</param>
public sealed record CorpusReport(
    IReadOnlyList<RecordingReport> Recordings,
    int? SampleRate,
    int? ChannelCount,
    IReadOnlyList<IReadOnlyList<RecordingReport>> Duplicates,
    IReadOnlyList<MissingPartner> MissingPartners)
{
    /// <summary>What else lies in the corpus' folder and is not read.</summary>
    public IReadOnlyList<OtherFiles> OtherFiles { get; init; } = [];

    /// <summary>The length of all that can be used.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(Recordings.Where(report => report.IsUsable).Sum(report => report.Measures!.Duration.TotalSeconds));

    /// <summary>Who speaks, in ordinal order.</summary>
    public IReadOnlyList<string> Speakers => [.. Recordings.Select(report => report.Item.Speaker).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>How many recordings cannot be used.</summary>
    public int UnusableCount => Recordings.Count(report => !report.IsUsable);

    /// <summary>How many recordings repeat one before them.</summary>
    public int DuplicateCount => Duplicates.Sum(group => group.Count - 1);
}

/// <summary>A name that a speaker lacks.</summary>
/// <param name="Speaker">The speaker's folder.</param>
/// <param name="Name">The name that another speaker's folder has.</param>
public sealed record MissingPartner(string Speaker, string Name);
