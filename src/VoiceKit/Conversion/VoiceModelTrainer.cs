using System.Globalization;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Conversion;

/// <summary>A trained model, and facts about its training.</summary>
/// <param name="Model">The model.</param>
/// <param name="Warnings">Sentences on pairs that were left out and why.</param>
public sealed record TrainingResult(VoiceModel Model, IReadOnlyList<string> Warnings)
{
    /// <summary>Gets or sets how much speech of either speaker it was trained on, in seconds.</summary>
    public required double SpeechSeconds { get; init; }

    /// <summary>Gets or sets how near sentences came that were held out; null where the number of mixtures was given.</summary>
    public required HeldOutDistance? HeldOut { get; init; }
}

/// <summary>
/// Trains a voice model from parallel sentences: aligns, fits the joint density, aligns again with the source converted, and so on
/// (Toda, Black, Tokuda 2007, section IV).
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="progress">Receives each step on the training's own thread, or on those of its loops.</param>
/// <param name="expectation">
/// Gives the E-step over the joint spectra's frames of each fit, such as <see cref="Devices.ComputeDevice.BeginExpectation"/>.
/// </param>
public sealed class VoiceModelTrainer(
    TrainingOptions? options,
    IProgress<TrainingProgress>? progress,
    Func<Frames, IExpectationStep> expectation
)
{
    private const double MinSpeechSeconds = 5;
    private const double EnoughSpeechSeconds = 30;
    private const int EnoughSentences = 25;
    private const int MinHeldOutPairs = 2;

    // What the steps of the last pass take of its time, and the last pass of all, which chooses the number of mixtures.
    private const double ChoosingRatio = 0.75;
    private const double LastPassWeight = 6;

    // Two speakers are ten times further apart; the same recording saved anew is nearer: 0.6 dB of mel-cepstral distortion.
    private const double SameRecording = 0.1;
    private const double SpectrumRatio = 0.97;
    private const double VoicedAperiodicity = -1e-9;
    private readonly TrainingOptions options = options ?? new TrainingOptions();

    /// <summary>Prepares trainings on the CPU.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="progress">Receives each step on the training's own thread, or on those of its loops.</param>
    public VoiceModelTrainer(TrainingOptions? options = null, IProgress<TrainingProgress>? progress = null)
        : this(options, progress, frames => new CpuExpectationStep(frames)) { }

    /// <summary>Trains a model.</summary>
    /// <param name="pairs">The sentences, at least two, of equal sample rate and order.</param>
    /// <param name="sourceRange">The source's F0 range.</param>
    /// <param name="targetRange">The target's F0 range.</param>
    /// <param name="cancellation">Ends the training within an iteration.</param>
    /// <exception cref="UnusableDataException">There are too few pairs or too little speech, the pairs are not of the same sentences, or
    /// both speakers' recordings are the same.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TrainingResult Train(
        IReadOnlyList<UtterancePair> pairs,
        F0Range sourceRange,
        F0Range targetRange,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var warnings = new List<string>();
        var order = ModelOrder(pairs);
        var whole = pairs.ToDictionary(pair => new AlignedPair(
            new UtterancePair(pair.Name, pair.Source.WithOrder(order), pair.Target.WithOrder(order))
        ));
        var aligned = whole.Keys.ToList();
        PairScreening.RemoveSilent(aligned, warnings);
        if (aligned.Count < 2)
            throw new UnusableDataException($"Training needs at least two sentences by both speakers; {aligned.Count} can be used.");
        RequireSpeech(aligned);
        var (spectrum, choice) = TrainSpectrum(aligned, warnings, cancellation);
        var heldOut = options.MixtureCount is null ? choice?.HeldOut : null;
        var seconds = aligned.Sum(pair => pair.SpeechSeconds);
        if (seconds < EnoughSpeechSeconds || aligned.Count < EnoughSentences)
            warnings.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{aligned.Count} sentences with {seconds:0} s of speech are few: 25 sentences or more (90 s) make a voice "
                        + $"that others recognise"
                )
            );
        Report(new TrainingProgress("aperiodicity, F0, levels and movement", SpectrumRatio), cancellation);
        var movement = choice is null ? null : MovementFilter.Measure(choice.Sentences, aligned[0].Pair.Source.F0.FramePeriod);
        var speech = aligned.Select(pair =>
            pair.TargetStatics.Rows(FrameLevel.SpeechFrames(pair.Pair.Target.Levels(), FrameLevel.SpeechRange))
        );
        var model = new VoiceModel
        {
            SampleRate = aligned[0].Pair.Source.SampleRate,
            Features = options.Features with
            {
                F0Range = null,
                Order = aligned[0].SourceStatics.Dimension,
                Alpha = aligned[0].Pair.Source.Alpha,
            },
            SourceRange = sourceRange,
            TargetRange = targetRange,
            Spectrum = spectrum,
            Aperiodicity = TrainAperiodicity(aligned),
            GlobalVariance = GlobalVariance.Measure([.. speech]),
            F0 = F0Statistics.Measure(
                aligned.Select(pair => pair.Pair.Source.F0),
                aligned.Select(pair => pair.Pair.Target.F0),
                [.. aligned.Select(pair => VoicedPairs(pair).ToArray())]
            ),
            Detail = SpectralDetail.Measure([.. aligned.Select(pair => (whole[pair].Source, whole[pair].Target, pair))], order),
            Movement = movement?.Filter,
            Levels = LevelMapping.Measure(aligned, spectrum),
            Description = Describe(aligned, spectrum, seconds, heldOut, movement?.Strength),
        };
        Report(new TrainingProgress("done", 1), cancellation);
        return new TrainingResult(model, warnings) { SpeechSeconds = seconds, HeldOut = heldOut };
    }

    private void Report(TrainingProgress step, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        progress?.Report(step);
    }

    /// <summary>The order that is mapped: the options', or the usual one; what the features have above it is detail.</summary>
    private int ModelOrder(IReadOnlyList<UtterancePair> pairs) =>
        pairs.Count == 0
            ? 1
            : Math.Min(options.Features.Order ?? FeatureOptions.OrderFor(pairs[0].Source.SampleRate), pairs.Min(pair => pair.Order));

    private static void RequireSpeech(List<AlignedPair> pairs)
    {
        var seconds = pairs.Sum(pair => pair.SpeechSeconds);
        if (seconds < MinSpeechSeconds)
        {
            throw new UnusableDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the {pairs.Count} pairs hold {seconds:0.0} s of speech, which is too little to learn a voice from: at least "
                        + $"{MinSpeechSeconds:0} s are needed, and 90 s (25 sentences) are advised"
                )
            );
        }
    }

    private (JointDensityModel Model, MixtureSelection.Choice? Choice) TrainSpectrum(
        List<AlignedPair> pairs,
        List<string> warnings,
        CancellationToken cancellation
    )
    {
        JointDensityModel? model = null;
        MixtureSelection.Choice? choice = null;
        var mixtureOptions = new MixtureOptions
        {
            Structure = options.Structure,
            CovariancePriorCount = options.CovariancePriorCount,
            Seed = options.Seed,
            Tolerance = 0.02,
        };
        var passes = Math.Max(1, options.AlignmentPasses);
        for (var pass = 0; pass < passes; pass++)
        {
            // Early passes only need a mapping good enough to align by.
            var last = pass == passes - 1;
            var isChoosing = last && pairs.Count >= MinHeldOutPairs;
            var (start, weight) = (pass, last ? LastPassWeight : 1);
            double Fraction(double part) => SpectrumRatio * (start + (weight * part)) / (passes - 1 + LastPassWeight);
            Report(
                new TrainingProgress(
                    string.Create(CultureInfo.InvariantCulture, $"matching the sentences, {pass + 1} of {passes}"),
                    Fraction(0)
                ),
                cancellation
            );
            var mapper = model is null ? null : new TrajectoryMapper(model);
            Parallel.ForEach(pairs, ParallelLimit.Options(cancellation), pair => pair.Align(mapper));
            if (pass == 0)
            {
                RefuseSameRecordings(pairs);
                RefuseOtherSentences(pairs, warnings);
            }

            if (pass == 1)
                PairScreening.RemoveMismatches(pairs, warnings);
            if (pass <= 1)
                RequireSpeech(pairs);
            var count = last ? options.MixtureCount ?? MixtureSelection.ForAlignment : MixtureSelection.ForAlignment;
            if (isChoosing)
            {
                choice = MixtureSelection.Choose(
                    pairs,
                    Joint,
                    mixtureOptions,
                    expectation,
                    options.MixtureCount,
                    (candidate, done, distance) =>
                        Report(
                            new TrainingProgress(
                                "trying how detailed the model can be",
                                Fraction(ChoosingRatio * done),
                                distance is null
                                    ? ""
                                    : string.Create(
                                        CultureInfo.InvariantCulture,
                                        $"{candidate} mixtures leave held-out sentences at a mean distance of {distance:F3}"
                                    )
                            ),
                            cancellation
                        )
                );
                count = choice.Count;
            }

            var frames = Frames.Concatenate([.. pairs.Select(Joint)]);
            var fit = mixtureOptions with
            {
                MixtureCount = Math.Min(count, Math.Max(1, frames.Count / 20)),
                Iterations = last ? options.Iterations : 4,
            };
            model = new JointDensityModel(
                ExpectationMaximization.Fit(
                    frames,
                    fit,
                    expectation(frames),
                    new SynchronousProgress<FitProgress>(step =>
                        Report(
                            new TrainingProgress(
                                last ? "learning the voice" : "learning a first mapping",
                                Fraction(
                                    isChoosing
                                        ? ChoosingRatio + ((1 - ChoosingRatio) * step.Iteration / fit.Iterations)
                                        : (double)step.Iteration / fit.Iterations
                                ),
                                string.Create(
                                    CultureInfo.InvariantCulture,
                                    $"EM, {fit.MixtureCount} mixtures, iteration {step.Iteration}, log-likelihood {step.LogLikelihood:F3} "
                                        + $"a frame"
                                )
                            ),
                            cancellation
                        )
                    ),
                    cancellation
                )
            );
        }

        return (model!, choice);
    }

    /// <summary>
    /// Refuses pairs that are no closer than recordings paired at random, and leaves out single ones of which that is true.
    /// </summary>
    private static void RefuseOtherSentences(List<AlignedPair> pairs, List<string> warnings)
    {
        if (pairs.Count < PairingCheck.MinPairs)
            return;
        var check = PairingCheck.Measure(pairs);
        if (check.Ratio > PairingCheck.Unrelated || pairs.Count - check.Doubtful.Count < 2)
        {
            throw new UnusableDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the recordings of equal names are not the same sentences: the {pairs.Count} pairs are as far apart as "
                        + $"recordings paired at random (at {check.Ratio:0.00} of their distance; 0.8 is usual). Are the files of one "
                        + $"speaker named in another order?"
                )
            );
        }

        PairScreening.RemoveDoubtful(pairs, check, warnings);
    }

    private static void RefuseSameRecordings(List<AlignedPair> pairs)
    {
        var same = pairs.Where(pair => pair.Path.MeanCost < SameRecording).ToArray();
        if (2 * same.Length > pairs.Count)
            throw new UnusableDataException(
                $"The source and target recordings are the same in {same.Length} of {pairs.Count} pairs (such as "
                    + $"{same[0].Pair.Name}): two speakers are needed."
            );
    }

    private static Frames Joint(AlignedPair pair) => Join(pair.SourceFeatures, pair.TargetFeatures, [.. pair.Steps()]);

    /// <summary>Puts aligned frames side by side, [pairs, Dx + Dy].</summary>
    private static FrameBuffer Join(Frames source, Frames target, IReadOnlyList<(int Source, int Target)> steps)
    {
        var result = new FrameBuffer(steps.Count, source.Dimension + target.Dimension);
        for (var i = 0; i < steps.Count; i++)
        {
            source[steps[i].Source].CopyTo(result[i]);
            target[steps[i].Target].CopyTo(result[i][source.Dimension..]);
        }

        return result;
    }

    /// <summary>The joint density of band aperiodicity over frames that are voiced in both voices.</summary>
    private JointDensityModel TrainAperiodicity(List<AlignedPair> pairs)
    {
        var parts = pairs.Select(pair =>
        {
            var (source, target) = (pair.Pair.Source.Aperiodicity, pair.Pair.Target.Aperiodicity);
            var voiced = pair.Steps()
                .Where(step => source[step.Source][0] < VoicedAperiodicity && target[step.Target][0] < VoicedAperiodicity);
            return Join(DeltaWindow.Append(source), DeltaWindow.Append(target), [.. voiced]);
        });
        var frames = Frames.Concatenate([.. parts]);
        if (frames.Count < 2)
            throw new UnusableDataException("The two speakers have no voiced frames in common: are these recordings of speech?");
        var mixtures = new MixtureOptions
        {
            MixtureCount = Math.Clamp(frames.Count / 200, 1, 8),
            CovariancePriorCount = 100,
            Iterations = 10,
            Seed = options.Seed,
        };
        return new JointDensityModel(ExpectationMaximization.Fit(frames, mixtures));
    }

    private static IEnumerable<(double Source, double Target)> VoicedPairs(AlignedPair pair) =>
        from step in pair.Steps()
        let x = pair.Pair.Source.F0[step.Source]
        let y = pair.Pair.Target.F0[step.Target]
        where x > 0 && y > 0
        select (x, y);

    private Dictionary<string, string> Describe(
        List<AlignedPair> pairs,
        JointDensityModel spectrum,
        double seconds,
        HeldOutDistance? heldOut,
        double? movement
    )
    {
        string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
        var description = new Dictionary<string, string>
        {
            ["sentences"] = Text(pairs.Count),
            ["speech_s"] = Text(Math.Round(seconds, 1)),
            ["frames"] = Text(pairs.Sum(pair => pair.Steps().Count())),
            ["mixtures"] = Text(spectrum.Joint.MixtureCount),
            ["alignment_passes"] = Text(options.AlignmentPasses),
            ["pooled_frames"] = Text(options.CovariancePriorCount),
            ["seed"] = Text(options.Seed),
            ["data_hash"] = TrainingHash.Of(pairs.Select(pair => pair.Pair)),
        };
        if (movement is { } strength)
            description["movement_strength"] = Text(strength);
        if (heldOut is { } figure && double.IsFinite(figure.Converted))
        {
            description["held_out_distance_db"] = Text(Math.Round(figure.Converted, 2));
            description["held_out_unconverted_db"] = Text(Math.Round(figure.Unconverted, 2));
        }

        return description;
    }
}

/// <summary>The settings of <see cref="VoiceModelTrainer"/>.</summary>
public sealed record TrainingOptions
{
    /// <summary>Gets or sets the settings of the analysis; its F0 range is replaced by each speaker's own.</summary>
    public FeatureOptions Features { get; init; } = new();

    /// <summary>Gets or sets the number of mixtures; null (the default) chooses by cross-validation.</summary>
    public int? MixtureCount { get; init; }

    /// <summary>Gets or sets the structure of the joint covariances; full by default.</summary>
    public CovarianceStructure Structure { get; init; } = CovarianceStructure.Full;

    /// <summary>
    /// Gets or sets how often the pairs are aligned; 3 by default. From the second time on the source is converted before.
    /// </summary>
    public int AlignmentPasses { get; init; } = 3;

    /// <summary>Gets or sets the most EM iterations of the last pass; 6 by default.</summary>
    public int Iterations { get; init; } = 6;

    /// <summary>
    /// Gets or sets how many frames' worth of the common covariance each covariance is shrunk by; see
    /// <see cref="MixtureOptions.CovariancePriorCount"/>.
    /// </summary>
    public double CovariancePriorCount { get; init; } = 1000;

    /// <summary>Gets or sets the seed of all that is random.</summary>
    public int Seed { get; init; }
}

/// <summary>A step of training, for a progress display.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Fraction">How much of the whole is done, 0 .. 1.</param>
/// <param name="Detail">A figure worth showing, such as a log-likelihood; may be empty.</param>
public sealed record TrainingProgress(string Stage, double Fraction, string Detail = "");

/// <summary>The same sentence by both speakers.</summary>
/// <param name="Name">The common file name, without extension.</param>
/// <param name="Source">The source speaker's features.</param>
/// <param name="Target">The target speaker's features.</param>
public sealed record UtterancePair(string Name, SpeechFeatures Source, SpeechFeatures Target)
{
    /// <summary>The order of the mel-cepstra: the lower of the two.</summary>
    internal int Order => Math.Min(Source.Order, Target.Order);

    /// <summary>Makes a pair of a lower order.</summary>
    internal UtterancePair WithOrder(int order) => new(Name, Source.WithOrder(order), Target.WithOrder(order));
}
