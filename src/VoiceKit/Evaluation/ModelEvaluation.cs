using VoiceKit.Conversion;
using VoiceKit.Features;

namespace VoiceKit.Evaluation;

/// <summary>Scores every mapping of a model on sentences by both speakers, before synthesis.</summary>
public static class ModelEvaluation
{
    private static readonly (string Method, ConversionOptions Options)[] Methods =
    [
        ("frame", new ConversionOptions { Mapping = SpectralMapping.Frame, GlobalVariance = GlobalVarianceMethod.None }),
        ("trajectory", new ConversionOptions { GlobalVariance = GlobalVarianceMethod.None }),
        ("frameGv", new ConversionOptions { Mapping = SpectralMapping.Frame, GlobalVariance = GlobalVarianceMethod.Scaling }),
        ("trajectoryGv", new ConversionOptions { GlobalVariance = GlobalVarianceMethod.Scaling }),
        ("trajectoryGvGradient", new ConversionOptions { GlobalVariance = GlobalVarianceMethod.Gradient }),
    ];

    /// <summary>Returns a summary for the unconverted source and for every mapping.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pairs">Sentences that the model was not trained on.</param>
    public static IReadOnlyList<ScoreSummary> Evaluate(VoiceModel model, IReadOnlyList<UtterancePair> pairs)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pairs);
        return [Unchanged("unconverted", pairs), .. Methods.Select(method => new ScoreSummary(method.Method, Score(pairs, new VoiceConverter(model, method.Options).Convert)))];
    }

    /// <summary>Scores the first of each pair as it is.</summary>
    /// <param name="method">The name of the summary.</param>
    /// <param name="pairs">What to score, each with its target.</param>
    public static ScoreSummary Unchanged(string method, IReadOnlyList<UtterancePair> pairs) => new(method, Score(pairs, source => source));

    private static UtteranceScore[] Score(IReadOnlyList<UtterancePair> pairs, Func<SpeechFeatures, SpeechFeatures> convert) =>
        [.. pairs.AsParallel().AsOrdered().Select(pair =>
        {
            var converted = convert(pair.Source);
            return UtteranceScore.Measure(pair.Name, converted.Statics(), converted.F0, pair.Source.Levels(), pair.Target);
        })];
}
