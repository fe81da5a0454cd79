namespace VoiceKit.Music;

/// <summary>How near the figures of a corpus are to those of a reference.</summary>
/// <param name="Overlaps">For each figure that both have, the overlap of its histograms, 0 .. 1.</param>
/// <param name="Divergences">For each of the histograms len, poly, interval, mel and pos, the Jensen-Shannon divergence in bits, 0 .. 1.</param>
public sealed record CorpusComparison(IReadOnlyDictionary<string, double> Overlaps, IReadOnlyDictionary<string, double> Divergences)
{
    private const int BinCount = 20;

    /// <summary>The mean of the overlaps: 1 where the corpus is as the reference; NaN where there is none.</summary>
    public double MeanOverlap => Overlaps.Count == 0 ? double.NaN : Overlaps.Values.Average();

    /// <summary>Compares a corpus with a reference.</summary>
    /// <exception cref="ArgumentException">They were measured with bars of different lengths.</exception>
    public static CorpusComparison Between(CorpusMetrics corpus, CorpusMetrics reference)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(reference);
        var overlaps = corpus.Names.Intersect(reference.Names).ToDictionary(name => name, name => Overlap(corpus.Values(name), reference.Values(name)));
        var divergences = corpus.Histograms.ByName.Zip(reference.Histograms.ByName)
            .ToDictionary(pair => pair.First.Key, pair => Divergence(pair.First.Value, pair.Second.Value));
        return new CorpusComparison(overlaps, divergences);
    }

    /// <summary>
    /// The overlap of two sets of values (Yang and Lerch 2020, with histograms for densities): the sum over 20 bins, which span the values of
    /// both, of the smaller share. NaN where a set has no finite value, 1 where all values are equal.
    /// </summary>
    public static double Overlap(IEnumerable<double> first, IEnumerable<double> second)
    {
        double[] x = [.. first.Where(double.IsFinite)];
        double[] y = [.. second.Where(double.IsFinite)];
        if (x.Length == 0 || y.Length == 0)
            return double.NaN;
        var (low, high) = (Math.Min(x.Min(), y.Min()), Math.Max(x.Max(), y.Max()));
        if (low == high)
            return 1;
        double[] edges = [.. Enumerable.Range(0, BinCount).Select(i => (i * ((high - low) / BinCount)) + low), high];
        return Shares(x, edges).Zip(Shares(y, edges), Math.Min).Sum();
    }

    /// <summary>The Jensen-Shannon divergence of two histograms in bits: 0 where they have the same shape, 1 where they share no bin or one is empty.</summary>
    /// <exception cref="ArgumentException">Their numbers of bins differ.</exception>
    public static double Divergence(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
            throw new ArgumentException($"The histograms have {first.Count} and {second.Count} bins: they must have as many.", nameof(second));
        if (first.Sum() == 0 || second.Sum() == 0)
            return 1;
        var (p, q) = (ScoreHistograms.Shares(first), ScoreHistograms.Shares(second));
        static double Term(double share, double other) => share > 0 ? share * Math.Log2(share / ((share + other) / 2)) : 0;
        return (p.Zip(q, Term).Sum() + q.Zip(p, Term).Sum()) / 2;
    }

    /// <summary>The shares of values by bin. A value on an edge belongs to the bin above, the highest to the last.</summary>
    private static double[] Shares(double[] values, double[] edges)
    {
        var shares = new double[BinCount];
        foreach (var value in values)
        {
            var bin = 0;
            while (bin < BinCount - 1 && value >= edges[bin + 1])
                bin++;
            shares[bin] += 1.0 / values.Length;
        }

        return shares;
    }
}
