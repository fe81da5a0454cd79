using System.Text;
using System.Text.Json;
using MathNet.Numerics.Distributions;
using VoiceKit.Evaluation;
using VoiceKit.Features;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Evaluation;

public class EvaluationTests
{
    [Fact]
    public void MelCepstralDistortion_ConstantOffset_IsTheFormula()
    {
        // A ramp far steeper than the offset: the diagonal is the best path, and every pair differs by (0.1, -0.2).
        var x = new FrameBuffer(50, 2);
        for (var t = 0; t < 50; t++)
            (x[t][0], x[t][1]) = (10 * t, -7 * t);
        var y = x.ToBuffer();
        for (var t = 0; t < 50; t++)
            (y[t][0], y[t][1]) = (y[t][0] + 0.1, y[t][1] - 0.2);
        var (decibels, path) = MelCepstralDistortion.Measure(x, y);
        Assert.Equal(10 / Math.Log(10) * Math.Sqrt(2 * (0.01 + 0.04)), decibels, 12);
        Assert.Equal(50, path.Count);
        Assert.Equal(0, MelCepstralDistortion.Measure(x, x).Decibels);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(101)]
    [InlineData(1000)]
    public void Interval_NormalValues_HasStudentsHalfWidth(int count)
    {
        var values = SmallModels.Normal(count, 1, 60).Values.ToArray();
        var interval = Interval.Of(values);
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (count - 1));
        var expected = StudentT.InvCDF(0, 1, count - 1, 0.975) * deviation / Math.Sqrt(count);
        Assert.Equal(mean, interval.Mean, 12);
        Assert.InRange(interval.HalfWidth / expected, 0.9995, 1.0005);
    }

    [Fact]
    public void Interval_FewOrNoValues_IsNaNWhereNothingIsKnown()
    {
        Assert.Equal(new Interval(2, double.NaN), Interval.Of([2]));
        Assert.Equal(new Interval(double.NaN, double.NaN), Interval.Of([]));
        Assert.Equal(Interval.Of([1, 2, 3]), Interval.Of([1, double.NaN, 2, 3]));
    }

    [Fact]
    public void UtteranceScore_ConstructedContours_HasTheirErrors()
    {
        // Voiced in both at three frames: ratios 2, 1 and 1/2; voiced in one only at one frame of five.
        double[] source = [200, 100, 100, 0, 150];
        double[] target = [100, 100, 200, 0, 0];
        var score = Score(source, target);
        Assert.Equal(0, score.MelCepstralDistortion);
        Assert.Equal(Math.Log(2) * Math.Sqrt(2 / 3.0), score.LogF0Rmse, 12);
        Assert.Equal(-0.5, score.LogF0Correlation, 12);
        Assert.Equal(0.2, score.VoicingError, 12);
    }

    [Fact]
    public void UtteranceScore_SameMelodyAnOctaveUp_CorrelatesWholly()
    {
        var score = Score([200, 220, 240, 260, 0], [100, 110, 120, 130, 0]);
        Assert.Equal(1, score.LogF0Correlation, 12);
        Assert.Equal(Math.Log(2), score.LogF0Rmse, 12);
        Assert.Equal(0, score.VoicingError);
    }

    [Fact]
    public void UtteranceScore_NothingVoicedInBoth_IsNaN()
    {
        var score = Score([200, 200, 200, 0, 0], [0, 0, 0, 100, 100]);
        Assert.True(double.IsNaN(score.LogF0Rmse) && double.IsNaN(score.LogF0Correlation));
        Assert.Equal(1, score.VoicingError);
    }

    [Fact]
    public void UtteranceScore_QuietFrames_DoNotCount()
    {
        // The last frame lies 30 dB below the others: neither its spectrum nor its voicing counts.
        var features = Features([100, 100, 100, 100, 100], quietFrom: 4);
        var converted = features.MelCepstrum.ToBuffer();
        converted[4][1..].Fill(1000);
        var score = UtteranceScore.Measure(
            "a",
            features.WithMelCepstrum(converted).WithF0(new F0Contour([100, 100, 100, 100, 0], features.F0.FramePeriod)),
            features.Levels(),
            features
        );
        Assert.Equal((0.0, 0.0), (score.MelCepstralDistortion, score.VoicingError));
    }

    [Fact]
    public void UtteranceScore_MovementTwiceAsLarge_IsSixDecibelsOff()
    {
        var melCepstrum = new FrameBuffer(200, 3);
        for (var t = 0; t < 200; t++)
            (melCepstrum[t][1], melCepstrum[t][2]) = (0.1 * Math.Sin(0.3 * t) + (0.02 * Math.Sin(t * t)), 0.1 * Math.Cos(0.2 * t * t));
        var contour = new F0Contour(new double[200], TimeSpan.FromMilliseconds(5));
        var target = new SpeechFeatures(16000, contour, melCepstrum, 0.42, new FrameBuffer(200, 1));
        for (var t = 0; t < 200; t++)
            (melCepstrum[t][1], melCepstrum[t][2]) = (2 * melCepstrum[t][1], 2 * melCepstrum[t][2]);
        var converted = new SpeechFeatures(16000, contour, melCepstrum, 0.42, new FrameBuffer(200, 1));
        Assert.Equal(20 * Math.Log10(2), UtteranceScore.Measure("a", converted, target.Levels(), target).ModulationDistance, 6);
        Assert.Equal(0, UtteranceScore.Measure("a", target, target.Levels(), target).ModulationDistance);
    }

    [Fact]
    public void UtteranceScore_TiltedSpectrum_HasTheBandsErrors()
    {
        // ln |H| = c1 cos w~: the lowest band gains against the highest, and a change of level alone counts nothing.
        SpeechFeatures Tilted(double tilt, double level)
        {
            var melCepstrum = new FrameBuffer(100, 2);
            for (var t = 0; t < 100; t++)
                (melCepstrum[t][0], melCepstrum[t][1]) = (level, tilt);
            return new SpeechFeatures(
                16000,
                new F0Contour(new double[100], TimeSpan.FromMilliseconds(5)),
                melCepstrum,
                0.42,
                new FrameBuffer(100, 1)
            );
        }

        var target = Tilted(0, 0);
        double Error(SpeechFeatures converted) => UtteranceScore.Measure("a", converted, target.Levels(), target).BandLevelError;
        Assert.Equal(0, Error(Tilted(0, 3)), 9);
        Assert.InRange(Error(Tilted(1, 0)), 4, 9);
        Assert.Equal(2, Error(Tilted(1, 0)) / Error(Tilted(0.5, 0)), 0.4);
    }

    [Fact]
    public void Json_AllMethods_IsParseableWithMeanAndInterval()
    {
        var scores = ModelEvaluation.Evaluate(TrainedVoice.Shared.Model, [.. TrainedVoice.Shared.HeldOut.Take(2)]);
        using var json = JsonDocument.Parse(ScoreReport.Json(scores));
        foreach (var method in new[] { "unconverted", "frame", "trajectory", "trajectory_gv" })
        {
            var mcd = json.RootElement.GetProperty("mcd_db").GetProperty(method);
            Assert.True(mcd.GetProperty("mean").GetDouble() > 0);
            Assert.True(mcd.GetProperty("ci95").GetDouble() > 0);
            Assert.Equal(2, json.RootElement.GetProperty("utterances").GetProperty(method).GetArrayLength());
        }
    }

    [Fact]
    public void Json_NaN_IsNull()
    {
        using var json = JsonDocument.Parse(ScoreReport.Json([Summary("a", double.NaN)]));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("log_f0_rmse").GetProperty("m").GetProperty("mean").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("mcd_db").GetProperty("m").GetProperty("ci95").ValueKind);
        Assert.Equal(5, json.RootElement.GetProperty("mcd_db").GetProperty("m").GetProperty("mean").GetDouble());
    }

    [Fact]
    public void Csv_AwkwardNames_AreQuoted()
    {
        using var stream = new MemoryStream();
        ScoreReport.WriteCsv(stream, [Summary("plain", 0.25), Summary("a,\"b\"\nc", 0.25)]);
        Assert.Equal(
            "method,utterance,mcd_db,log_f0_rmse,log_f0_correlation,voicing_error,modulation_distance_db,band_level_error_db\n"
                + "m,plain,5,0.25,0.5,0.125,1.5,2\nm,\"a,\"\"b\"\"\nc\",5,0.25,0.5,0.125,1.5,2\n",
            Encoding.UTF8.GetString(stream.ToArray())
        );
    }

    [Fact]
    public void GlobalVarianceRatio_KnownVariances_IsTheMeanRatio()
    {
        UtteranceScore Score(double[] variances, double[] target) => new("a", 1, 1, 1, 0, variances, target);
        var summary = new ScoreSummary("m", [Score([1, 2], [2, 2]), Score([3, 2], [2, 6])]);
        Assert.Equal(((4 / 4.0) + (4 / 8.0)) / 2, summary.GlobalVarianceRatio, 12);
    }

    private static ScoreSummary Summary(string name, double rmse) =>
        new("m", [new UtteranceScore(name, 5, rmse, 0.5, 0.125, [1], [1]) { ModulationDistance = 1.5, BandLevelError = 2 }]);

    private static UtteranceScore Score(double[] source, double[] target)
    {
        var features = Features(target);
        return UtteranceScore.Measure("a", features.WithF0(new F0Contour(source, features.F0.FramePeriod)), features.Levels(), features);
    }

    /// <summary>Spectra that all differ, so that equal frames align with each other alone.</summary>
    private static SpeechFeatures Features(double[] f0, int quietFrom = int.MaxValue)
    {
        var melCepstrum = new FrameBuffer(f0.Length, 3);
        for (var t = 0; t < f0.Length; t++)
            (melCepstrum[t][0], melCepstrum[t][1], melCepstrum[t][2]) = (t >= quietFrom ? -3.5 : 0, 0.1 * t, -0.05 * t);
        return new SpeechFeatures(16000, new F0Contour(f0, TimeSpan.FromMilliseconds(5)), melCepstrum, 0.42, new FrameBuffer(f0.Length, 1));
    }
}
