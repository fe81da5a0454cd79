using System.Text.Json;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class GoldenMetricsTests
{
    private const double Tolerance = 1e-9;

    // The reference keeps distances in single precision.
    private const double DiversityTolerance = 1e-6;

    private static readonly JsonElement Expected = JsonDocument
        .Parse(File.ReadAllBytes(Path.Combine(Golden.Folder, "score-metrics", "metrics.json")))
        .RootElement;

    private static readonly Dictionary<string, (string Score, int Bars, int Steps, int Beats)> Settings = new()
    {
        ["dense"] = ("dense", 4, 16, 4),
        ["dense whole"] = ("dense", 0, 16, 4),
        ["sparse"] = ("sparse", 2, 16, 4),
        ["short"] = ("short", 4, 16, 4),
        ["film"] = ("film", 2, 16, 4),
        ["single whole"] = ("single", 0, 16, 4),
        ["unison"] = ("unison", 2, 16, 4),
        ["waltz"] = ("dense", 2, 12, 3),
        ["triplets"] = ("sparse", 3, 24, 4),
        ["coarse"] = ("film", 2, 4, 4),
    };

    public static TheoryData<string> Cases => [.. Settings.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Windows_EachCase_HaveTheReferencesFigures(string name)
    {
        var corpus = Measure(name);
        var expected = Expected.GetProperty("cases").GetProperty(name).GetProperty("windows").EnumerateArray().ToArray();
        Assert.Equal(expected.Length, corpus.Windows.Count);
        foreach (var (window, values) in corpus.Windows.Zip(expected))
        {
            AssertFigures(values.GetProperty("figures"), window.Figures);
            foreach (var (histogram, counts) in window.Histograms.ByName)
                Assert.Equal(values.GetProperty("hist").GetProperty(histogram).EnumerateArray().Select(count => count.GetDouble()), counts);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Corpus_EachCase_HasTheReferencesMoments(string name)
    {
        var corpus = Measure(name);
        var expected = Expected.GetProperty("cases").GetProperty(name);
        AssertFigures(expected.GetProperty("mean"), corpus.Names.ToDictionary(figure => figure, corpus.Mean));
        AssertFigures(expected.GetProperty("sd"), corpus.Names.ToDictionary(figure => figure, corpus.Deviation));
        if (expected.GetProperty("diversity").ValueKind == JsonValueKind.Null)
            Assert.True(double.IsNaN(corpus.Diversity));
        else
            Assert.Equal(expected.GetProperty("diversity").GetDouble(), corpus.Diversity, DiversityTolerance);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Json_EachCase_HasTheReferencesForm(string name)
    {
        using var json = JsonDocument.Parse(MetricsTable.Json([Measure(name)]));
        var (actual, expected) = (json.RootElement[0], Expected.GetProperty("cases").GetProperty(name));
        Assert.Equal(["src", "n", "diversity", "mean", "sd", "hist"], actual.EnumerateObject().Select(item => item.Name));
        Assert.Equal(expected.GetProperty("n").GetInt32(), actual.GetProperty("n").GetInt32());
        var means = actual.GetProperty("mean").EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetDouble());
        AssertFigures(expected.GetProperty("mean"), means);
        foreach (var histogram in expected.GetProperty("hist").EnumerateObject())
        {
            Assert.Equal(
                histogram.Value.EnumerateArray().Select(share => share.GetDouble()),
                actual.GetProperty("hist").GetProperty(histogram.Name).EnumerateArray().Select(share => share.GetDouble())
            );
        }
    }

    [Fact]
    public void Comparison_EachPair_IsTheReferences()
    {
        Assert.All(
            Expected.GetProperty("comparisons").EnumerateArray(),
            expected =>
            {
                var (corpus, reference) = (expected.GetProperty("corpus").GetString()!, expected.GetProperty("reference").GetString()!);
                var comparison = CorpusComparison.Between(Measure(corpus), Measure(reference));
                AssertFigures(expected.GetProperty("overlaps"), comparison.Overlaps);
                AssertFigures(expected.GetProperty("divergences"), comparison.Divergences);
                Assert.Equal(expected.GetProperty("mean").GetDouble(), comparison.MeanOverlap, Tolerance);
            }
        );
    }

    private static CorpusMetrics Measure(string name)
    {
        var (score, bars, steps, beats) = Settings[name];
        return CorpusMetrics.Measure(
            name,
            NoteGrid.FromScore(CongruentialScores.Named(score), steps / beats).Windows(bars, steps),
            steps,
            beats
        );
    }

    private static void AssertFigures(JsonElement expected, IReadOnlyDictionary<string, double> actual)
    {
        Assert.Equal(expected.EnumerateObject().Select(item => item.Name).Order(), actual.Keys.Order());
        Assert.All(expected.EnumerateObject(), item => Assert.Equal(item.Value.GetDouble(), actual[item.Name], Tolerance));
    }
}
