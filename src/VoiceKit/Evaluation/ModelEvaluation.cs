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
        ("frame_gv", new ConversionOptions { Mapping = SpectralMapping.Frame, GlobalVariance = GlobalVarianceMethod.Scaling }),
        ("trajectory_gv", new ConversionOptions { GlobalVariance = GlobalVarianceMethod.Scaling }),
        ("trajectory_gv_gradient", new ConversionOptions { GlobalVariance = GlobalVarianceMethod.Gradient }),
    ];

    /// <summary>The pairs that can be scored: training leaves out the same ones, silent recordings and different sentences.</summary>
    /// <param name="pairs">What is to be scored, each with its target.</param>
    /// <param name="model">The model that maps the source before it is compared; null to compare as it is.</param>
    /// <returns>The pairs, and sentences on those that were left out.</returns>
    public static (IReadOnlyList<UtterancePair> Pairs, IReadOnlyList<string> Warnings) Screen(IReadOnlyList<UtterancePair> pairs, VoiceModel? model = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var warnings = new List<string>();
        var aligned = pairs.Select(pair => new AlignedPair(pair)).ToList();
        PairScreening.RemoveSilent(aligned, warnings);
        var mapper = model is null ? null : new TrajectoryMapper(model.Spectrum);
        Parallel.ForEach(aligned, pair => pair.Align(mapper));
        PairScreening.RemoveMismatches(aligned, warnings);
        return ([.. aligned.Select(pair => pair.Pair)], warnings);
    }

    /// <summary>Returns a summary for the unconverted source and for every mapping.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pairs">Sentences that the model was not trained on; see <see cref="Screen"/>.</param>
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
