using System.Globalization;
using VoiceKit.Cepstra;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Conversion;

/// <summary>A trained model, and what is worth saying of its training.</summary>
/// <param name="Model">The model.</param>
/// <param name="Warnings">Sentences on pairs that were left out and why.</param>
public sealed record TrainingResult(VoiceModel Model, IReadOnlyList<string> Warnings);

/// <summary>
/// Trains a voice model from parallel sentences: aligns, fits the joint density, aligns again with the source converted, and so on
/// (Toda, Black, Tokuda 2007, section IV).
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="progress">Receives each step; an exception from it ends the training.</param>
/// <param name="expectation">
/// Who collects the statistics of the joint spectra's frames in each fit, such as <c>StatisticsPool.Share</c>; this process by default.
/// </param>
public sealed class VoiceModelTrainer(
    TrainingOptions? options = null,
    Action<TrainingProgress>? progress = null,
    Func<Frames, IExpectationStep>? expectation = null)
{
    // A pair whose aligned distance after conversion is this much above the others' median is not the same sentence twice.
    private const double MismatchRatio = 1.3;
    private const int FewestPairsForMismatch = 5;

    // Two speakers are ten times further apart; the same recording saved anew is nearer: 0.6 dB of mel-cepstral distortion.
    private const double SameRecording = 0.1;
    private const double SpectrumShare = 0.97;
    private const double VoicedAperiodicity = -1e-9;
    private readonly TrainingOptions options = options ?? new TrainingOptions();

    /// <summary>Trains a model.</summary>
    /// <param name="pairs">The sentences, at least two, of equal sample rate and order.</param>
    /// <param name="sourceRange">The source's F0 range.</param>
    /// <param name="targetRange">The target's F0 range.</param>
    /// <exception cref="ArgumentException">There are too few pairs or frames, or both speakers' recordings are the same.</exception>
    public TrainingResult Train(IReadOnlyList<UtterancePair> pairs, F0Range sourceRange, F0Range targetRange)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var warnings = new List<string>();
        var aligned = pairs.Select(pair => new AlignedPair(pair)).ToList();
        foreach (var empty in aligned.Where(pair => !pair.HasSpeech))
            warnings.Add($"{empty.Pair.Name}: left out, one of the two recordings is silent");
        aligned.RemoveAll(pair => !pair.HasSpeech);
        if (aligned.Count < 2)
            throw new ArgumentException($"Training needs at least two sentences by both speakers; {aligned.Count} can be used.", nameof(pairs));

        var spectrum = TrainSpectrum(aligned, warnings);
        progress?.Invoke(new TrainingProgress("aperiodicity, F0 and global variance", SpectrumShare));
        var speech = aligned.Select(pair => pair.TargetStatics.Rows(FrameLevel.SpeechFrames(pair.Pair.Target.Levels(), FrameLevel.SpeechRange)));
        var model = new VoiceModel
        {
            SampleRate = aligned[0].Pair.Source.SampleRate,
            Features = options.Features with { F0Range = null, Order = aligned[0].SourceStatics.Dimension, Alpha = aligned[0].Pair.Source.Alpha },
            SourceRange = sourceRange,
            TargetRange = targetRange,
            Spectrum = spectrum,
            Aperiodicity = TrainAperiodicity(aligned),
            GlobalVariance = GlobalVariance.Measure([.. speech]),
            F0 = F0Statistics.Measure(aligned.Select(pair => pair.Pair.Source.F0), aligned.Select(pair => pair.Pair.Target.F0), VoicedPairs(aligned)),
            Description = Describe(aligned, spectrum),
        };
        progress?.Invoke(new TrainingProgress("done", 1));
        return new TrainingResult(model, warnings);
    }

    private JointDensityModel TrainSpectrum(List<AlignedPair> pairs, List<string> warnings)
    {
        JointDensityModel? model = null;
        var mixtureOptions = new MixtureOptions
        {
            Structure = options.Structure,
            PooledFrames = options.PooledFrames,
            Seed = options.Seed,
            Tolerance = 0.02,
        };
        var passes = Math.Max(1, options.AlignmentPasses);
        for (var pass = 0; pass < passes; pass++)
        {
            var stage = string.Create(CultureInfo.InvariantCulture, $"pass {pass + 1} of {passes}");
            double Share(double passesDone) => SpectrumShare * passesDone / passes;
            progress?.Invoke(new TrainingProgress(stage + ": aligning", Share(pass)));
            var mapper = model is null ? null : new TrajectoryMapper(model);
            Parallel.ForEach(pairs, pair => pair.Align(mapper));
            if (pass == 0)
                RefuseSameRecordings(pairs);
            if (pass == 1)
                RemoveMismatches(pairs, warnings);

            // Early passes only need a mapping good enough to align by.
            var last = pass == passes - 1;
            var count = last ? options.MixtureCount : MixtureSelection.ForAlignment;
            count ??= MixtureSelection.Choose(pairs, Joint, mixtureOptions, expectation, (candidate, distance) => progress?.Invoke(new TrainingProgress(
                stage + ": choosing the number of mixtures",
                Share(pass),
                distance is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{candidate} leave held-out sentences at a distance of {distance:F3}"))));
            var frames = Frames.Concatenate([.. pairs.Select(Joint)]);
            var fit = mixtureOptions with { MixtureCount = Math.Min(count.Value, Math.Max(1, frames.Count / 20)), Iterations = last ? options.Iterations : 4 };
            model = new JointDensityModel(ExpectationMaximization.Fit(frames, fit, (iteration, logLikelihood) => progress?.Invoke(new TrainingProgress(
                stage + ": EM",
                Share(pass + ((double)iteration / fit.Iterations)),
                string.Create(CultureInfo.InvariantCulture, $"{fit.MixtureCount} mixtures, iteration {iteration}, log-likelihood {logLikelihood:F3} a frame"))), expectation?.Invoke(frames)));
        }

        return model!;
    }

    private static void RefuseSameRecordings(List<AlignedPair> pairs)
    {
        var same = pairs.Where(pair => pair.Path.MeanCost < SameRecording).ToArray();
        if (2 * same.Length > pairs.Count)
            throw new ArgumentException($"The source and target recordings are the same in {same.Length} of {pairs.Count} pairs (such as {same[0].Pair.Name}): two speakers are needed.", nameof(pairs));
    }

    /// <summary>After one round of training the distances of all pairs are alike, unless the two recordings say different things.</summary>
    private static void RemoveMismatches(List<AlignedPair> pairs, List<string> warnings)
    {
        if (pairs.Count < FewestPairsForMismatch)
            return;
        var median = pairs.Select(pair => pair.Path.MeanCost).Order().ElementAt(pairs.Count / 2);
        foreach (var pair in pairs.Where(pair => pair.Path.MeanCost > MismatchRatio * median).ToArray())
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{pair.Pair.Name}: left out, the two recordings do not match (distance {pair.Path.MeanCost / median:F2} x the median): different sentences?"));
            if (pairs.Count > 2)
                pairs.Remove(pair);
        }
    }

    private static Frames Joint(AlignedPair pair) => Join(pair.SourceFeatures, pair.TargetFeatures, [.. pair.Steps()]);

    /// <summary>Puts aligned frames side by side, [pairs, Dx + Dy].</summary>
    private static Frames Join(Frames source, Frames target, IReadOnlyList<(int Source, int Target)> steps)
    {
        var result = new Frames(steps.Count, source.Dimension + target.Dimension);
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
            var voiced = pair.Steps().Where(step => source[step.Source][0] < VoicedAperiodicity && target[step.Target][0] < VoicedAperiodicity);
            return Join(DeltaWindow.Append(source), DeltaWindow.Append(target), [.. voiced]);
        });
        var frames = Frames.Concatenate([.. parts]);
        if (frames.Count < 2)
            throw new ArgumentException("The two speakers have no voiced frames in common: are these recordings of speech?", nameof(pairs));
        var mixtures = new MixtureOptions { MixtureCount = Math.Clamp(frames.Count / 200, 1, 8), PooledFrames = 100, Iterations = 10, Seed = options.Seed };
        return new JointDensityModel(ExpectationMaximization.Fit(frames, mixtures));
    }

    private static IEnumerable<(double Source, double Target)> VoicedPairs(List<AlignedPair> pairs) =>
        from pair in pairs
        from step in pair.Steps()
        let x = pair.Pair.Source.F0[step.Source]
        let y = pair.Pair.Target.F0[step.Target]
        where x > 0 && y > 0
        select (x, y);

    private Dictionary<string, string> Describe(List<AlignedPair> pairs, JointDensityModel spectrum)
    {
        string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>
        {
            ["sentences"] = Text(pairs.Count),
            ["frames"] = Text(pairs.Sum(pair => pair.Steps().Count())),
            ["mixtures"] = Text(spectrum.Joint.MixtureCount),
            ["alignment_passes"] = Text(options.AlignmentPasses),
            ["pooled_frames"] = Text(options.PooledFrames),
            ["seed"] = Text(options.Seed),
            ["data_hash"] = TrainingHash.Of(pairs.Select(pair => pair.Pair)),
        };
    }
}
