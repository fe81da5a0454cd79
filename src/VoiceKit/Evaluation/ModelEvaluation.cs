using VoiceKit.Cepstra;
using VoiceKit.Conversion;
using VoiceKit.Features;
using VoiceKit.Numerics;

namespace VoiceKit.Evaluation;

/// <summary>Scores every mapping of a model on sentences by both speakers, before synthesis.</summary>
public static class ModelEvaluation
{
    // The mappings alone, then what convert does by default.
    private static readonly (string Method, ConversionOptions Options)[] Methods =
    [
        (
            "frame",
            new ConversionOptions
            {
                Refinements = Refinements.None,
                Mapping = SpectralMapping.Frame,
                GlobalVariance = GlobalVarianceMethod.None,
            }
        ),
        ("trajectory", new ConversionOptions { Refinements = Refinements.None, GlobalVariance = GlobalVarianceMethod.None }),
        (
            "frame_gv",
            new ConversionOptions
            {
                Refinements = Refinements.None,
                Mapping = SpectralMapping.Frame,
                GlobalVariance = GlobalVarianceMethod.Scaling,
            }
        ),
        ("trajectory_gv", new ConversionOptions { Refinements = Refinements.None, GlobalVariance = GlobalVarianceMethod.Scaling }),
        (
            "trajectory_gv_gradient",
            new ConversionOptions { Refinements = Refinements.None, GlobalVariance = GlobalVarianceMethod.Gradient }
        ),
        ("refined", new ConversionOptions()),
    ];

    /// <summary>
    /// The pairs that a model can be scored with: training leaves out the same ones, silent recordings and different sentences.
    /// </summary>
    /// <param name="pairs">Sentences by both speakers.</param>
    /// <param name="model">The model.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The pairs, and sentences on those that were left out.</returns>
    public static (IReadOnlyList<UtterancePair> Pairs, IReadOnlyList<string> LeftOut) Screen(
        IReadOnlyList<UtterancePair> pairs,
        VoiceModel model,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        var (aligned, leftOut) = WithSpeech(OfOrder(pairs, model));
        if (aligned.Count >= PairingCheck.MinPairs)
            PairScreening.RemoveDoubtful(aligned, PairingCheck.Measure(aligned), leftOut);
        var mapper = new TrajectoryMapper(model.Spectrum);
        Parallel.ForEach(aligned, ParallelLimit.Options(cancellation), pair => pair.Align(mapper));
        PairScreening.RemoveMismatches(aligned, leftOut);
        return ([.. aligned.Select(pair => pair.Pair)], leftOut);
    }

    /// <summary>
    /// The pairs of converted recordings and targets that can be scored: silence alone is left out. One that is far from its target may
    /// have been converted badly, so it counts.
    /// </summary>
    /// <param name="pairs">The converted sentences, each with its target.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The pairs, sentences on those that were left out, and sentences on those that look like different sentences.</returns>
    public static (IReadOnlyList<UtterancePair> Pairs, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Warnings) ScreenConverted(
        IReadOnlyList<UtterancePair> pairs,
        CancellationToken cancellation = default
    )
    {
        var (aligned, leftOut) = WithSpeech(pairs);
        Parallel.ForEach(aligned, ParallelLimit.Options(cancellation), pair => pair.Align(null));
        var warnings = PairScreening
            .Distant(aligned)
            .Select(far =>
                FormattableString.Invariant(
                    $"{far.Pair.Pair.Name}: {far.Ratio:F2} x as far from its target as the median; it counts. Converted badly, or "
                ) + "different sentences?"
            );
        return ([.. aligned.Select(pair => pair.Pair)], leftOut, [.. warnings]);
    }

    private static (List<AlignedPair> Pairs, List<string> LeftOut) WithSpeech(IReadOnlyList<UtterancePair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var leftOut = new List<string>();
        var aligned = pairs.Select(pair => new AlignedPair(pair)).ToList();
        PairScreening.RemoveSilent(aligned, leftOut);
        return (aligned, leftOut);
    }

    /// <summary>Returns a summary for the unconverted source and for every mapping.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pairs">Sentences that the model was not trained on; see <see cref="Screen"/>.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static IReadOnlyList<ScoreSummary> Evaluate(
        VoiceModel model,
        IReadOnlyList<UtterancePair> pairs,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pairs);
        pairs = OfOrder(pairs, model);
        return
        [
            Unchanged("unconverted", pairs, cancellation),
            .. Methods
                .Select(method => (method.Method, Converter: new VoiceConverter(model, method.Options)))
                .Select(item => new ScoreSummary(
                    item.Method,
                    Score(pairs, features => item.Converter.Convert(features, cancellation), cancellation)
                )),
        ];
    }

    /// <summary>Distortion is of the coefficients that a model maps, whatever detail the features have above.</summary>
    private static IReadOnlyList<UtterancePair> OfOrder(IReadOnlyList<UtterancePair> pairs, VoiceModel model)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return [.. pairs.Select(pair => pair.WithOrder(Math.Min(pair.Order, model.Spectrum.SourceDimension / DeltaWindow.Count)))];
    }

    /// <summary>Scores the first of each pair as it is.</summary>
    /// <param name="method">The name of the summary.</param>
    /// <param name="pairs">What to score, each with its target.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static ScoreSummary Unchanged(string method, IReadOnlyList<UtterancePair> pairs, CancellationToken cancellation = default) =>
        new(method, Score(pairs, source => source, cancellation));

    private static UtteranceScore[] Score(
        IReadOnlyList<UtterancePair> pairs,
        Func<SpeechFeatures, SpeechFeatures> convert,
        CancellationToken cancellation
    ) =>
        [
            .. pairs
                .InParallel()
                .WithCancellation(cancellation)
                .Select(pair =>
                {
                    var converted = convert(pair.Source);
                    return UtteranceScore.Measure(pair.Name, converted, pair.Source.Levels(), pair.Target);
                }),
        ];
}
