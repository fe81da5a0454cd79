using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceKit.Music;

/// <summary>The figures of many windows of music, such as those of all pieces of a corpus or of all snippets of a generator.</summary>
public sealed class CorpusMetrics
{
    // So many windows are compared with each other, evenly spaced over the corpus.
    private const int DiversitySample = 200;

    private CorpusMetrics(string source, IReadOnlyList<ScoreMetrics> windows, ScoreHistograms histograms, double diversity) =>
        (Source, Windows, Histograms, Diversity) = (source, windows, histograms, diversity);

    /// <summary>What was measured, for a reader of the table.</summary>
    public string Source { get; }

    /// <summary>The figures of each window.</summary>
    public IReadOnlyList<ScoreMetrics> Windows { get; }

    /// <summary>The sums of the windows' histograms.</summary>
    public ScoreHistograms Histograms { get; }

    /// <summary>
    /// How much windows differ: the mean Jaccard distance of their sounding pitches, 0 .. 1, over the pairs of at most 200 of them; NaN where
    /// there are fewer than two windows or their lengths differ.
    /// </summary>
    public double Diversity { get; }

    /// <summary>The names of the figures that at least one window has, in the order of <see cref="ScoreMetrics.Names"/>.</summary>
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
    public double[] Values(string name) => [.. Windows.Select(window => window[name])];

    /// <summary>The mean of a figure over the windows that have it; NaN where none has.</summary>
    public double Mean(string name) => Moments(name).Mean;

    /// <summary>The standard deviation of a figure, divided by the number of windows that have it; NaN where none has.</summary>
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
