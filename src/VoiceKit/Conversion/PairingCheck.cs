using VoiceKit.Alignment;

namespace VoiceKit.Conversion;

/// <summary>Compares how well pairs align with how well the same recordings align in wrong pairings: where there is no difference, the pairs are no pairs.</summary>
/// <param name="Ratio">The cost of the pairs over that of wrong pairings: about 0.8 for the same sentences by two people, 1 for different ones.</param>
/// <param name="Doubtful">The pairs that are no closer than wrong ones; none where too little is there to tell.</param>
internal sealed record PairingCheck(double Ratio, IReadOnlyList<AlignedPair> Doubtful)
{
    /// <summary>Above this ratio pairs are no closer than chance. Seen where all are right: at most .81 with 25 pairs, .86 with 3; where none are: at least .97 and .88.</summary>
    public const double Unrelated = 0.93;

    /// <summary>Fewer pairs tell nothing.</summary>
    public const int FewestPairs = 3;

    /// <summary>With fewer pairs, or less speech in each, single ones cannot be judged.</summary>
    public const int FewestPairsForDoubt = 5;

    /// <summary>The mean speech of a pair in seconds below which single pairs cannot be judged.</summary>
    public const double LeastSpeechForDoubt = 1.5;

    private const int MostPairings = 3;
    // Above it were 97 % of wrong pairs and none of 12,000 right ones.
    private const double DoubtfulScore = 0.85;

    /// <summary>Measures pairs, at least two, of which both recordings hold speech.</summary>
    public static PairingCheck Measure(IReadOnlyList<AlignedPair> pairs)
    {
        var count = pairs.Count;
        var pairings = Math.Min(MostPairings, count - 1);
        var spectra = pairs.Select(pair => (Source: pair.CentredSpeech(isSource: true), Target: pair.CentredSpeech(isSource: false))).ToArray();

        // costs[i, k]: source i with target i + k; k = 0 are the pairs. Mean: a step's. Relative: the whole path's over the frames of both, which long detours raise.
        var costs = new (double Mean, double Relative)[count, pairings + 1];
        Parallel.For(0, count * (pairings + 1), n =>
        {
            var (i, k) = (n / (pairings + 1), n % (pairings + 1));
            var (source, target) = (spectra[i].Source, spectra[(i + k) % count].Target);
            var path = DynamicTimeWarping.Align(source, target);
            costs[i, k] = (path.MeanCost, path.MeanCost * path.Count / (source.Count + target.Count));
        });

        var (right, wrong) = (0.0, 0.0);
        var doubtful = new List<AlignedPair>();
        var isTelling = count >= FewestPairsForDoubt && pairs.Average(pair => pair.SpeechSeconds) >= LeastSpeechForDoubt;
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
