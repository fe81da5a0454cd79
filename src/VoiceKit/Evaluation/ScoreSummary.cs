namespace VoiceKit.Evaluation;

/// <summary>The scores of a set of utterances under one method.</summary>
/// <param name="Method">What was compared with the target, such as "trajectory".</param>
/// <param name="Scores">One score an utterance.</param>
public sealed record ScoreSummary(string Method, IReadOnlyList<UtteranceScore> Scores)
{
    /// <summary>Mel-cepstral distortion in dB.</summary>
    public Interval MelCepstralDistortion => Interval.Of(Scores.Select(score => score.MelCepstralDistortion));

    /// <summary>The root mean square error of ln F0.</summary>
    public Interval LogF0Rmse => Interval.Of(Scores.Select(score => score.LogF0Rmse));

    /// <summary>The correlation of ln F0.</summary>
    public Interval LogF0Correlation => Interval.Of(Scores.Select(score => score.LogF0Correlation));

    /// <summary>The share of frames with the wrong voicing.</summary>
    public Interval VoicingError => Interval.Of(Scores.Select(score => score.VoicingError));

    /// <summary>The mean over coefficients of the mean variance of the utterances over that of the target's; 1 is right, below is muffled.</summary>
    public double GlobalVarianceRatio
    {
        get
        {
            var dimension = Scores[0].Variances.Count;
            return Enumerable.Range(0, dimension).Average(d =>
                Scores.Sum(score => score.Variances[d]) / Scores.Sum(score => score.TargetVariances[d]));
        }
    }
}
