using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceKit.Music;

/// <summary>The figures of many windows of music, such as those of all pieces of a corpus or of all snippets of a generator.</summary>
public sealed class CorpusMetrics
{
    // The number of windows that are compared with each other, evenly spaced over the corpus.
    private const int DiversitySample = 200;

    private CorpusMetrics(string source, IReadOnlyList<ScoreMetrics> windows, ScoreHistograms histograms, double diversity) =>
        (Source, Windows, Histograms, Diversity) = (source, windows, histograms, diversity);

    /// <summary>Gets what was measured, for a reader of the table.</summary>
    public string Source { get; }

    /// <summary>Gets the figures of each window.</summary>
    public IReadOnlyList<ScoreMetrics> Windows { get; }

    /// <summary>Gets the sums of the windows' histograms.</summary>
    public ScoreHistograms Histograms { get; }

    /// <summary>
    /// Gets how much windows differ: the mean Jaccard distance of their sounding pitches, 0 .. 1, over the pairs of at most 200 of them;
    /// NaN where there are fewer than two windows or their lengths differ.
    /// </summary>
    public double Diversity { get; }

    /// <summary>Gets the names of the figures that at least one window has, in the order of <see cref="ScoreMetrics.Names"/>.</summary>
    public IReadOnlyList<string> Names => [.. ScoreMetrics.Names.Where(name => Windows.Any(window => !double.IsNaN(window[name])))];

    /// <summary>Measures windows.</summary>
    /// <param name="source">What they are, for a reader of the table.</param>
    /// <param name="windows">The windows; none is allowed.</param>
    /// <param name="stepsPerBar">The steps of a bar.</param>
    /// <param name="beatsPerBar">The beats of a bar, 1 .. <paramref name="stepsPerBar"/>.</param>
    public static CorpusMetrics Measure(string source, IReadOnlyList<NoteGrid> windows, int stepsPerBar = 16, int beatsPerBar = 4)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerBar, 1);
        ScoreMetrics[] metrics = [.. windows.Select(window => ScoreMetrics.Measure(window, stepsPerBar, beatsPerBar))];
        var histograms = ScoreHistograms.Sum([.. metrics.Select(window => window.Histograms)], stepsPerBar);
        return new CorpusMetrics(source, metrics, histograms, MeanDistance(windows));
    }

    /// <summary>A figure of each window; NaN where the window has none.</summary>
    /// <param name="name">The figure's name.</param>
    public double[] Values(string name) => [.. Windows.Select(window => window[name])];

    /// <summary>The mean of a figure over the windows that have it; NaN where none has.</summary>
    /// <param name="name">The figure's name.</param>
    public double Mean(string name) => Moments(name).Mean;

    /// <summary>The standard deviation of a figure, divided by the number of windows that have it; NaN where none has.</summary>
    /// <param name="name">The figure's name.</param>
    public double Deviation(string name) => Moments(name).Deviation;

    private (double Mean, double Deviation) Moments(string name)
    {
        double[] values = [.. Values(name).Where(value => !double.IsNaN(value))];
        if (values.Length == 0)
            return (double.NaN, double.NaN);
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }

    private static double MeanDistance(IReadOnlyList<NoteGrid> windows)
    {
        if (windows.Count < 2 || windows.Any(window => window.StepCount != windows[0].StepCount))
            return double.NaN;
        var stride = Math.Max(1, windows.Count / DiversitySample);
        NoteGrid[] sample = [.. windows.Where((_, i) => i % stride == 0).Take(DiversitySample)];
        var sum = 0.0;
        for (var i = 0; i < sample.Length; i++)
        {
            for (var j = 0; j < i; j++)
                sum += 1 - Jaccard(sample[i].Sounding, sample[j].Sounding);
        }

        return sum / (sample.Length * (sample.Length - 1) / 2.0);
    }

    /// <summary>Pitches that sound in both, over those that sound in one of them; 0 where none does.</summary>
    private static double Jaccard(ReadOnlySpan<UInt128> x, ReadOnlySpan<UInt128> y)
    {
        var a = MemoryMarshal.Cast<UInt128, ulong>(x);
        var b = MemoryMarshal.Cast<UInt128, ulong>(y);
        var (both, either) = (0, 0);
        for (var i = 0; i < a.Length; i++)
        {
            both += BitOperations.PopCount(a[i] & b[i]);
            either += BitOperations.PopCount(a[i] | b[i]);
        }

        return both / (double)Math.Max(1, either);
    }
}

/// <summary>The distance of a corpus' figures from those of a reference.</summary>
/// <param name="Overlaps">For each figure that both have, the overlap of its histograms, 0 .. 1.</param>
/// <param name="Divergences">For each of the histograms len, poly, interval, mel and pos, the Jensen-Shannon divergence in bits, 0 ..
/// 1.</param>
internal sealed record CorpusComparison(IReadOnlyDictionary<string, double> Overlaps, IReadOnlyDictionary<string, double> Divergences)
{
    private const int BinCount = 20;

    /// <summary>Gets the mean of the overlaps: 1 where the corpus is as the reference; NaN where there is none.</summary>
    public double MeanOverlap => Overlaps.Count == 0 ? double.NaN : Overlaps.Values.Average();

    /// <summary>Compares a corpus with a reference.</summary>
    /// <exception cref="ArgumentException">They were measured with bars of different lengths.</exception>
    public static CorpusComparison Between(CorpusMetrics corpus, CorpusMetrics reference)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(reference);
        var overlaps = corpus
            .Names.Intersect(reference.Names)
            .ToDictionary(name => name, name => Overlap(corpus.Values(name), reference.Values(name)));
        var divergences = corpus
            .Histograms.ByName.Zip(reference.Histograms.ByName)
            .ToDictionary(pair => pair.First.Key, pair => Divergence(pair.First.Value, pair.Second.Value));
        return new CorpusComparison(overlaps, divergences);
    }

    /// <summary>
    /// The overlap of two sets of values (Yang and Lerch 2020, with histograms for densities): the sum over 20 bins, which span the values
    /// of both, of the smaller share. NaN where a set has no finite value, 1 where all values are equal.
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
        return Ratios(x, edges).Zip(Ratios(y, edges), Math.Min).Sum();
    }

    /// <summary>
    /// The Jensen-Shannon divergence of two histograms in bits: 0 where they have the same shape, 1 where they share no bin or one is
    /// empty.
    /// </summary>
    /// <exception cref="ArgumentException">Their numbers of bins differ.</exception>
    public static double Divergence(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
            throw new ArgumentException(
                $"The histograms have {first.Count} and {second.Count} bins: they must have as many.",
                nameof(second)
            );
        if (first.Sum() == 0 || second.Sum() == 0)
            return 1;
        var (p, q) = (ScoreHistograms.Ratios(first), ScoreHistograms.Ratios(second));
        static double Term(double share, double other) => share > 0 ? share * Math.Log2(share / ((share + other) / 2)) : 0;
        return (p.Zip(q, Term).Sum() + q.Zip(p, Term).Sum()) / 2;
    }

    /// <summary>The shares of values by bin. A value on an edge belongs to the bin above, the highest to the last.</summary>
    private static double[] Ratios(double[] values, double[] edges)
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

/// <summary>Five histograms of a score, which add up over scores.</summary>
public sealed class ScoreHistograms
{
    private static readonly int[] LengthLimits = [1, 2, 3, 4, 6, 8, 12, 16];

    private ScoreHistograms(double[] noteLengths, double[] polyphony, double[] intervals, double[] melody, double[] positions) =>
        (NoteLengths, Polyphony, Intervals, Melody, Positions) = (noteLengths, polyphony, intervals, melody, positions);

    /// <summary>Gets the bins of <see cref="NoteLengths"/>, in steps.</summary>
    public static IReadOnlyList<string> LengthNames { get; } = ["1", "2", "3", "4", "5-6", "7-8", "9-12", "13-16", ">16"];

    /// <summary>Notes by length: 1, 2, 3, 4, 5-6, 7-8, 9-12, 13-16 and more than 16 steps.</summary>
    public IReadOnlyList<double> NoteLengths { get; }

    /// <summary>Steps by the number of pitches that sound: 0 .. 11, 12 or more.</summary>
    public IReadOnlyList<double> Polyphony { get; }

    /// <summary>Pairs of pitches that sound together, by their interval modulo an octave: 0 .. 11 semitones.</summary>
    public IReadOnlyList<double> Intervals { get; }

    /// <summary>Moves of the highest pitch, by semitones: -12 or less .. +12 or more.</summary>
    public IReadOnlyList<double> Melody { get; }

    /// <summary>Starts of notes by the step of the bar.</summary>
    public IReadOnlyList<double> Positions { get; }

    /// <summary>Gets the histograms by their short names: len, poly, interval, mel, pos.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyList<double>>> ByName =>
        [
            KeyValuePair.Create("len", NoteLengths),
            KeyValuePair.Create("poly", Polyphony),
            KeyValuePair.Create("interval", Intervals),
            KeyValuePair.Create("mel", Melody),
            KeyValuePair.Create("pos", Positions),
        ];

    /// <summary>A histogram as shares of its sum; zeros where nothing was counted.</summary>
    /// <param name="histogram">The counts.</param>
    public static double[] Ratios(IReadOnlyList<double> histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var sum = Math.Max(1, histogram.Sum());
        return [.. histogram.Select(count => count / sum)];
    }

    /// <summary>The sums of the histograms of several scores.</summary>
    /// <param name="parts">The histograms, all with the same bar.</param>
    /// <param name="stepsPerBar">The steps of a bar.</param>
    internal static ScoreHistograms Sum(IReadOnlyCollection<ScoreHistograms> parts, int stepsPerBar)
    {
        double[] Add(int length, Func<ScoreHistograms, IReadOnlyList<double>> histogram)
        {
            var sum = new double[length];
            foreach (var counts in parts.Select(histogram))
            {
                for (var i = 0; i < length; i++)
                    sum[i] += counts[i];
            }

            return sum;
        }

        return new ScoreHistograms(
            Add(LengthNames.Count, part => part.NoteLengths),
            Add(13, part => part.Polyphony),
            Add(12, part => part.Intervals),
            Add(25, part => part.Melody),
            Add(stepsPerBar, part => part.Positions)
        );
    }

    /// <summary>Counts a score's figures.</summary>
    internal static ScoreHistograms Count(NoteTable notes, TextureTable texture, int stepsPerBar)
    {
        var histograms = Sum([], stepsPerBar);
        foreach (var note in notes.Notes)
        {
            Increment(histograms.NoteLengths, LengthLimits.Count(limit => note.Length > limit));
            Increment(histograms.Positions, note.Step % stepsPerBar);
        }

        foreach (var count in texture.PitchCounts)
            Increment(histograms.Polyphony, Math.Min(count, 12));
        foreach (var move in texture.TopMoves)
            Increment(histograms.Melody, Math.Clamp(move, -12, 12) + 12);
        for (var i = 0; i < 12; i++)
            Increment(histograms.Intervals, i, texture.Intervals[i]);
        return histograms;
    }

    // Only the method above, which makes the arrays, writes to them.
    private static void Increment(IReadOnlyList<double> histogram, int bin, double by = 1) => ((double[])histogram)[bin] += by;
}
