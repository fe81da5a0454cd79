using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class ScoreMetricsTests
{
    private static readonly string[] Transposable =
    [
        "notes",
        "density",
        "mean_len",
        "pitch_range",
        "n_pc",
        "PCE",
        "scale_consistency",
        "onset_on_beat",
        "polyphony",
        "poly_sd",
        "groove_consistency",
        "consonance",
        "mel_step_rate<=2",
        "mel_mean_leap",
        "beat_TD",
    ];

    [Fact]
    public void Measure_ScaleInQuarters_IsKnown()
    {
        var metrics = ScoreMetrics.Measure(NoteGrid.FromRoll(Rolls.Quarters([60, 62, 64, 65, 67, 69, 71, 72])));
        Assert.Equal(
            (8, 4, 1, 1, 12, Math.Log2(8)),
            (
                metrics["notes"],
                metrics["mean_len"],
                metrics["scale_consistency"],
                metrics["onset_on_beat"],
                metrics["pitch_range"],
                metrics["pitch_entropy"]
            )
        );
        Assert.Equal((1, 1, 12 / 7.0), (metrics["mel_step_rate<=2"], metrics["groove_consistency"], metrics["mel_mean_leap"]));
        Assert.True(double.IsNaN(metrics["consonance"]));
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(3)]
    public void Measure_Transposed_KeepsIntervals(int semitones)
    {
        var roll = Rolls.Quarters([65, 67, 69, 71, 72, 65, 66, 60], [60, 60, 64, 62, -1, 60, 58, 57]);
        var (metrics, moved) = (Measure(roll), Measure(roll.Transpose(semitones)));
        Assert.All(Transposable, name => Assert.Equal(metrics[name], moved[name], 1e-12));
    }

    [Fact]
    public void Measure_VoicesInAnyOrder_AreTheSame()
    {
        int[] upper = [65, 67, 69, -1],
            lower = [60, 60, 64, 62];
        Assert.Equal(Measure(Rolls.Quarters(upper, lower)).Figures, Measure(Rolls.Quarters(lower, upper)).Figures);
    }

    [Fact]
    public void Measure_NothingOrSilence_HasOnlyWhatIsKnown()
    {
        var nothing = ScoreMetrics.Measure(NoteGrid.FromScore(CongruentialScores.OfNotes(TickDivision.Quarter(480), []), 4));
        Assert.Equal(["notes"], nothing.Figures.Keys);
        var silence = Measure(Rolls.Quarters([-1, -1, -1, -1]));
        Assert.Equal((1, 0, 1), (silence["EB_empty_bar"], silence["density"], silence["silent_steps"]));
        Assert.DoesNotContain("mean_len", silence.Figures.Keys);
    }

    [Fact]
    public void Measure_UnknownNameOrBar_IsRefused()
    {
        var grid = NoteGrid.FromRoll(Rolls.Quarters([60]));
        Assert.Throws<ArgumentException>(() => ScoreMetrics.Measure(grid)["swing"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => ScoreMetrics.Measure(grid, 3, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScoreMetrics.Measure(grid, 16, 0));
    }

    [Fact]
    public void Corpus_NoWindow_HasNoFigures()
    {
        var corpus = CorpusMetrics.Measure("none", []);
        Assert.Empty(corpus.Names);
        Assert.True(double.IsNaN(corpus.Mean("notes")) && double.IsNaN(corpus.Diversity));
        Assert.True(double.IsNaN(CorpusComparison.Between(corpus, corpus).MeanOverlap));
        Assert.Contains("snippets", MetricsTable.Text([corpus], corpus), StringComparison.Ordinal);
        Assert.Contains("\"n\": 0", MetricsTable.Json([corpus]), StringComparison.Ordinal);
    }

    [Fact]
    public void Comparison_WithItself_IsOneAndZero()
    {
        var corpus = CorpusMetrics.Measure("choir", NoteGrid.FromRoll(Rolls.Choir(1, 512)).Windows(2, 16));
        var comparison = CorpusComparison.Between(corpus, corpus);
        Assert.Equal(1, comparison.MeanOverlap, 12);
        Assert.All(comparison.Divergences.Values, divergence => Assert.Equal(0, divergence, 12));
        Assert.Equal(1, CorpusComparison.Divergence([1, 0], [0, 3]));
        Assert.Throws<ArgumentException>(() => CorpusComparison.Divergence([1], [1, 2]));
    }

    [Fact]
    public void Table_TwoCorpora_HasAColumnEach()
    {
        var first = CorpusMetrics.Measure("first", NoteGrid.FromRoll(Rolls.Choir(1, 256)).Windows(2, 16));
        var second = CorpusMetrics.Measure("second", NoteGrid.FromRoll(Rolls.Quarters([60, 62, 64, 65, 67, 69, 71, 72])).Windows(2, 16));
        var lines = MetricsTable.Text([first, second], first).Split(Environment.NewLine);
        Assert.Equal(["metric", "first", "second"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["snippets", "8", "1"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(
            lines,
            line => line.StartsWith("mean_len ", StringComparison.Ordinal) && line.Contains(" o1.00 ", StringComparison.Ordinal)
        );
        Assert.Contains(
            lines,
            line => line.StartsWith("MEAN_OVERLAP(ref) ", StringComparison.Ordinal) && line.Contains(" 1.000 ", StringComparison.Ordinal)
        );
        Assert.Contains(lines, line => line.StartsWith("consonance ", StringComparison.Ordinal) && line.EndsWith('-'));
    }

    private static ScoreMetrics Measure(PianoRoll roll) => ScoreMetrics.Measure(NoteGrid.FromRoll(roll));
}
