using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceKit.Music;

/// <summary>The figures of corpora side by side: as a table for people and as JSON.</summary>
internal static class MetricsTable
{
    private const int ColumnWidth = 28;

    /// <summary>
    /// A table with one column a corpus: mean and standard deviation of each figure and, with a reference, "o", the overlap with it; then
    /// the divergences of the histograms from the reference's, and the shares of note lengths.
    /// </summary>
    /// <param name="corpora">The corpora.</param>
    /// <param name="reference">What they are compared with, if anything.</param>
    public static string Text(IReadOnlyList<CorpusMetrics> corpora, CorpusMetrics? reference = null)
    {
        ArgumentNullException.ThrowIfNull(corpora);
        var text = new StringBuilder();
        CorpusComparison[]? comparisons = reference is null
            ? null
            : [.. corpora.Select(corpus => CorpusComparison.Between(corpus, reference))];
        Line(text, "metric", corpora.Select(corpus => corpus.Source[^Math.Min(corpus.Source.Length, ColumnWidth - 2)..]));
        Line(text, "snippets", corpora.Select(corpus => corpus.Windows.Count.ToString(CultureInfo.InvariantCulture)));
        foreach (var name in ScoreMetrics.Names.Where(name => corpora.Any(corpus => corpus.Names.Contains(name))))
            Line(text, name, corpora.Select((corpus, i) => Cell(corpus, comparisons?[i], name)));
        Line(text, "diversity_jaccard", corpora.Select(corpus => Format(corpus.Diversity, "F3")));
        if (comparisons is not null)
        {
            Line(text, "MEAN_OVERLAP(ref)", comparisons.Select(comparison => Format(comparison.MeanOverlap, "F3")));
            foreach (var (name, _) in reference!.Histograms.ByName)
                Line(text, "JSD_" + name, comparisons.Select(comparison => Format(comparison.Divergences[name], "F4")));
        }

        Line(text, "share of note lengths", corpora.Select(_ => ""));
        double[][] shares = [.. corpora.Select(corpus => ScoreHistograms.Ratios(corpus.Histograms.NoteLengths))];
        for (var bin = 0; bin < ScoreHistograms.LengthNames.Count; bin++)
            Line(text, $"  {ScoreHistograms.LengthNames[bin]} steps", shares.Select(share => Format(share[bin], "F3")));
        return text.ToString();
    }

    /// <summary>
    /// JSON: an array with, for each corpus, src, n, diversity, mean and sd (by figure) and hist (by histogram: shares, rounded to four
    /// digits). What is not known is null, and a figure that no window has is left out.
    /// </summary>
    public static string Json(IReadOnlyList<CorpusMetrics> corpora)
    {
        ArgumentNullException.ThrowIfNull(corpora);
        var root = new JsonArray([
            .. corpora.Select(corpus => new JsonObject
            {
                ["src"] = corpus.Source,
                ["n"] = corpus.Windows.Count,
                ["diversity"] = double.IsNaN(corpus.Diversity) ? null : corpus.Diversity,
                ["mean"] = new JsonObject(corpus.Names.Select(name => KeyValuePair.Create<string, JsonNode?>(name, corpus.Mean(name)))),
                ["sd"] = new JsonObject(corpus.Names.Select(name => KeyValuePair.Create<string, JsonNode?>(name, corpus.Deviation(name)))),
                ["hist"] = new JsonObject(
                    corpus.Histograms.ByName.Select(item => KeyValuePair.Create<string, JsonNode?>(item.Key, Ratios(item.Value)))
                ),
            }),
        ]);
        return root.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static JsonArray Ratios(IReadOnlyList<double> histogram) =>
        [.. ScoreHistograms.Ratios(histogram).Select(share => JsonValue.Create(Math.Round(share, 4)))];

    private static string Cell(CorpusMetrics corpus, CorpusComparison? comparison, string name)
    {
        if (double.IsNaN(corpus.Mean(name)))
            return "-";
        var cell = $"{Format(corpus.Mean(name), "F3")} sd {Format(corpus.Deviation(name), "F3")}";
        return comparison is not null && comparison.Overlaps.TryGetValue(name, out var overlap) ? $"{cell} o{Format(overlap, "F2")}" : cell;
    }

    private static string Format(double value, string format) =>
        double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string name, IEnumerable<string> cells)
    {
        var line = new StringBuilder(name.PadRight(22));
        foreach (var cell in cells)
            line.Append(cell.PadLeft(ColumnWidth));
        text.AppendLine(line.ToString().TrimEnd());
    }
}
