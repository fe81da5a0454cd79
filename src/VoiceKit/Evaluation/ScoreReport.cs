using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MathNet.Numerics.Distributions;

namespace VoiceKit.Evaluation;

/// <summary>Scores as a table for people, as JSON and as CSV.</summary>
public static class ScoreReport
{
    /// <summary>A table with one line a method; intervals are of 95 %.</summary>
    /// <param name="summaries">The scores, one summary a method.</param>
    public static string Table(IReadOnlyList<ScoreSummary> summaries)
    {
        ArgumentNullException.ThrowIfNull(summaries);
        var text = new StringBuilder();
        Line(text, "", "MCD (dB)", "log F0 RMSE", "F0 corr.", "V/UV error", "GV ratio", "MS (dB)", "bands (dB)");
        foreach (var summary in summaries)
        {
            Line(
                text,
                summary.Method,
                Format(summary.MelCepstralDistortion, "F2"),
                Format(summary.LogF0Rmse, "F3"),
                summary.LogF0Correlation.Mean.ToString("F2", CultureInfo.InvariantCulture),
                summary.VoicingError.Mean.ToString("P1", CultureInfo.InvariantCulture),
                summary.GlobalVarianceRatio.ToString("F2", CultureInfo.InvariantCulture),
                summary.ModulationDistance.Mean.ToString("F1", CultureInfo.InvariantCulture),
                summary.BandLevelError.Mean.ToString("F1", CultureInfo.InvariantCulture)
            );
        }

        text.Append(
                CultureInfo.InvariantCulture,
                $"{summaries[0].Scores.Count} utterances; speech frames within 20 dB of the mean power; mel-cepstra without c0, "
                    + $"aligned by DTW"
            )
            .AppendLine();
        text.Append(
            """
            MCD           mel-cepstral distortion: how far the spectrum is from the target's; lower is nearer,
                          about 6 is usual for real voices, 10 unconverted
            log F0 RMSE   how far the pitch is from the target's: 0.06 is a semitone
            F0 corr.      whether the melody rises and falls as the target's does: 1 is the same
            V/UV error    frames that are voiced in one and not in the other
            GV ratio      the movement of the spectrum over the target's: 1 is right, below it sounds muffled; raising it raises the MCD
            MS            modulation spectra against the target's: how naturally the spectrum moves; two natural
                          utterances of a sentence are about 3 apart
            bands         the levels of eight bands against the target's: brightness

            """
        );
        return text.ToString();
    }

    /// <summary>
    /// JSON: mcd_db, log_f0_rmse, log_f0_correlation, voicing_error, modulation_distance_db and band_level_error_db each hold {mean, ci95}
    /// by method, global_variance_ratio a number by method; utterances holds the figures one by one, left_out sentences on what was not
    /// scored.
    /// </summary>
    /// <param name="summaries">The scores.</param>
    /// <param name="leftOut">What was not scored, and why.</param>
    public static string Json(IReadOnlyList<ScoreSummary> summaries, IReadOnlyList<string>? leftOut = null)
    {
        ArgumentNullException.ThrowIfNull(summaries);
        JsonObject ByMethod(Func<ScoreSummary, JsonNode?> value) =>
            new(summaries.Select(summary => KeyValuePair.Create(summary.Method, value(summary))));
        var root = new JsonObject
        {
            ["schema"] = 1,
            ["mcd_db"] = ByMethod(summary => Node(summary.MelCepstralDistortion)),
            ["log_f0_rmse"] = ByMethod(summary => Node(summary.LogF0Rmse)),
            ["log_f0_correlation"] = ByMethod(summary => Node(summary.LogF0Correlation)),
            ["voicing_error"] = ByMethod(summary => Node(summary.VoicingError)),
            ["global_variance_ratio"] = ByMethod(summary => Number(summary.GlobalVarianceRatio)),
            ["modulation_distance_db"] = ByMethod(summary => Node(summary.ModulationDistance)),
            ["band_level_error_db"] = ByMethod(summary => Node(summary.BandLevelError)),
            ["left_out"] = new JsonArray([.. (leftOut ?? []).Select(text => (JsonNode)text)]),
            ["utterances"] = ByMethod(summary => new JsonArray([
                .. summary.Scores.Select(score => new JsonObject
                {
                    ["name"] = score.Name,
                    ["mcd_db"] = Number(score.MelCepstralDistortion),
                    ["log_f0_rmse"] = Number(score.LogF0Rmse),
                    ["log_f0_correlation"] = Number(score.LogF0Correlation),
                    ["voicing_error"] = Number(score.VoicingError),
                    ["modulation_distance_db"] = Number(score.ModulationDistance),
                    ["band_level_error_db"] = Number(score.BandLevelError),
                }),
            ])),
        };
        return root.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>CSV with a header and one line an utterance and method.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="summaries">The scores, one summary a method.</param>
    public static void WriteCsv(Stream stream, IReadOnlyList<ScoreSummary> summaries)
    {
        ArgumentNullException.ThrowIfNull(summaries);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("method,utterance,mcd_db,log_f0_rmse,log_f0_correlation,voicing_error,modulation_distance_db,band_level_error_db");
        foreach (var (summary, score) in summaries.SelectMany(summary => summary.Scores.Select(score => (summary, score))))
        {
            var name = score.Name.AsSpan().ContainsAny(",\"\n\r")
                ? $"\"{score.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
                : score.Name;
            writer.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{summary.Method},{name},{score.MelCepstralDistortion:R},{score.LogF0Rmse:R},"
                        + $"{score.LogF0Correlation:R},{score.VoicingError:R},{score.ModulationDistance:R},{score.BandLevelError:R}"
                )
            );
        }
    }

    private static void Line(StringBuilder text, params ReadOnlySpan<string> cells)
    {
        text.Append(cells[0].PadRight(22));
        foreach (var cell in cells[1..])
            text.Append(cell.PadLeft(17));
        text.AppendLine();
    }

    private static string Format(Interval interval, string format) =>
        double.IsNaN(interval.HalfWidth)
            ? interval.Mean.ToString(format, CultureInfo.InvariantCulture)
            : $"{interval.Mean.ToString(format, CultureInfo.InvariantCulture)} +- "
                + $"{interval.HalfWidth.ToString(format, CultureInfo.InvariantCulture)}";

    private static JsonObject Node(Interval interval) => new() { ["mean"] = Number(interval.Mean), ["ci95"] = Number(interval.HalfWidth) };

    /// <summary>JSON has no NaN: what could not be measured is null.</summary>
    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}

/// <summary>The scores of a set of utterances under one method.</summary>
/// <param name="Method">What was compared with the target, such as "trajectory".</param>
/// <param name="Scores">One score an utterance.</param>
public sealed record ScoreSummary(string Method, IReadOnlyList<UtteranceScore> Scores)
{
    /// <summary>Mel-cepstral distortion in dB.</summary>
    public Interval MelCepstralDistortion => Interval.Of(Scores.Select(score => score.MelCepstralDistortion));

    /// <summary>Gets the root mean square error of ln F0.</summary>
    public Interval LogF0Rmse => Interval.Of(Scores.Select(score => score.LogF0Rmse));

    /// <summary>Gets the correlation of ln F0.</summary>
    public Interval LogF0Correlation => Interval.Of(Scores.Select(score => score.LogF0Correlation));

    /// <summary>Gets the share of frames with the wrong voicing.</summary>
    public Interval VoicingError => Interval.Of(Scores.Select(score => score.VoicingError));

    /// <summary>Gets the difference of modulation spectra in dB.</summary>
    public Interval ModulationDistance => Interval.Of(Scores.Select(score => score.ModulationDistance));

    /// <summary>Gets the difference of the levels of bands in dB.</summary>
    public Interval BandLevelError => Interval.Of(Scores.Select(score => score.BandLevelError));

    /// <summary>
    /// Gets the mean over coefficients of the mean variance of the utterances over that of the target's; 1 is right, below is muffled.
    /// </summary>
    public double GlobalVarianceRatio
    {
        get
        {
            var dimension = Scores[0].Variances.Count;
            return Enumerable
                .Range(0, dimension)
                .Average(d => Scores.Sum(score => score.Variances[d]) / Scores.Sum(score => score.TargetVariances[d]));
        }
    }
}

/// <summary>A mean with the half-width of its 95 % confidence interval by Student's t.</summary>
/// <param name="Mean">The mean; NaN when there is no value.</param>
/// <param name="HalfWidth">Half the width of the interval; NaN when there is one value or none.</param>
public sealed record Interval(double Mean, double HalfWidth)
{
    /// <summary>The interval of values; those that are NaN do not count.</summary>
    /// <param name="values">The values.</param>
    public static Interval Of(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        if (finite.Length == 0)
            return new Interval(double.NaN, double.NaN);
        var mean = finite.Average();
        if (finite.Length == 1)
            return new Interval(mean, double.NaN);
        var freedom = finite.Length - 1;
        var quantile = StudentT.InvCDF(0, 1, freedom, 0.975);
        var deviation = Math.Sqrt(finite.Sum(value => (value - mean) * (value - mean)) / freedom);
        return new Interval(mean, quantile * deviation / Math.Sqrt(finite.Length));
    }
}
