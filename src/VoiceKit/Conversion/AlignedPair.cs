using VoiceKit.Cepstra;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>
/// A pair of utterances prepared for training: static features without c0, their dynamic features, and the frames that are speech.
/// </summary>
internal sealed class AlignedPair
{
    /// <summary>Frames this far below the mean power still train: quiet consonants matter, silence does not.</summary>
    private const double TrainingRange = 35;

    private readonly int[] sourceSpeech;
    private readonly int[] targetSpeech;

    internal AlignedPair(UtterancePair pair)
    {
        Pair = pair;
        SourceStatics = pair.Source.Statics();
        TargetStatics = pair.Target.Statics();
        SourceFeatures = DeltaWindow.Append(SourceStatics);
        TargetFeatures = DeltaWindow.Append(TargetStatics);
        sourceSpeech = Speech(pair.Source.Levels());
        targetSpeech = Speech(pair.Target.Levels());
    }

    internal UtterancePair Pair { get; }

    /// <summary>Mel-cepstra without c0, [T, m].</summary>
    internal Frames SourceStatics { get; }

    internal Frames TargetStatics { get; }

    /// <summary>Static, delta and deltaDelta, [T, 3 m].</summary>
    internal Frames SourceFeatures { get; }

    internal Frames TargetFeatures { get; }

    /// <summary>The aligned frames; set by <see cref="Align"/>.</summary>
    internal WarpingPath Path { get; private set; } = new([], [], 0);

    /// <summary>Whether both utterances hold speech at all.</summary>
    internal bool HasSpeech => sourceSpeech.Length > 0 && targetSpeech.Length > 0;

    /// <summary>The seconds of speech in either recording: the lesser of the two.</summary>
    internal double SpeechSeconds => Math.Min(sourceSpeech.Length, targetSpeech.Length) * Pair.Source.F0.FramePeriod.TotalSeconds;

    /// <summary>
    /// The mel-cepstra, c0 included, of every second frame of the speech of one side, without their mean: what is said counts, not who says
    /// it, nor how loud.
    /// </summary>
    internal Frames CentredSpeech(bool isSource) =>
        Centred(
            (isSource ? Pair.Source : Pair.Target).MelCepstrum.Rows([
                .. (isSource ? sourceSpeech : targetSpeech).Where((_, i) => i % 2 == 0),
            ])
        );

    /// <summary>The mean distance of the source as it is from the target.</summary>
    internal double UnconvertedDistance() =>
        DynamicTimeWarping.Align(SourceStatics.Rows(sourceSpeech), TargetStatics.Rows(targetSpeech)).MeanCost;

    /// <summary>The mean distance of the converted source, [T, m], from the target, aligned anew.</summary>
    internal double Distance(Frames converted) =>
        DynamicTimeWarping.Align(converted.Rows(sourceSpeech), TargetStatics.Rows(targetSpeech)).MeanCost;

    /// <summary>
    /// Aligns the speech frames of the target with those of the source, converted by <paramref name="mapper"/> where there is one.
    /// </summary>
    internal void Align(ISpectralMapper? mapper)
    {
        var source = (mapper?.Map(SourceStatics) ?? SourceStatics).Rows(sourceSpeech);
        var target = TargetStatics.Rows(targetSpeech);
        if (mapper is null)
        {
            // Before there is a mapping, at least the speakers' mean spectra must not decide the alignment.
            (source, target) = (Centred(source), Centred(target));
        }

        var path = DynamicTimeWarping.Align(source, target);
        Path = new WarpingPath([.. path.Source.Select(t => sourceSpeech[t])], [.. path.Target.Select(t => targetSpeech[t])], path.MeanCost);
    }

    /// <summary>The aligned pairs in which both speakers move on: frames that a path repeats would count twice.</summary>
    internal IEnumerable<(int Source, int Target)> Steps()
    {
        for (var i = 0; i < Path.Count; i++)
        {
            if (i == 0 || (Path.Source[i] != Path.Source[i - 1] && Path.Target[i] != Path.Target[i - 1]))
                yield return (Path.Source[i], Path.Target[i]);
        }
    }

    private static int[] Speech(double[] levels) => FrameLevel.HasSpeech(levels) ? FrameLevel.SpeechFrames(levels, TrainingRange) : [];

    private static FrameBuffer Centred(Frames frames)
    {
        var result = new FrameBuffer(frames.Count, frames.Dimension);
        for (var d = 0; d < frames.Dimension; d++)
        {
            var mean = GlobalVariance.Moments(frames.Column(d)).Mean;
            for (var t = 0; t < frames.Count; t++)
                result[t][d] = frames[t][d] - mean;
        }

        return result;
    }
}

/// <summary>
/// Chooses the number of mixtures by how near held-out sentences come to the target: too many mixtures learn the sentences by heart. The
/// held-out sentences also tell what the mapping takes away from speech that it has not heard.
/// </summary>
internal static class MixtureSelection
{
    /// <summary>The number of mixtures of the passes that only serve alignment.</summary>
    internal const int ForAlignment = 8;

    private const int Folds = 4;
    private const int FramesPerMixture = 100;

    // More mixtures that do as well within this share are taken: the fit to all sentences has a third more frames than the trial.
    private const double Tie = 0.005;
    private static readonly int[] Candidates = [8, 16, 32, 64];

    /// <summary>The choice.</summary>
    /// <param name="Count">The number of mixtures.</param>
    /// <param name="HeldOut">How near it brought sentences that were held out.</param>
    /// <param name="Sentences">Those sentences, converted by it.</param>
    internal sealed record Choice(int Count, HeldOutDistance HeldOut, IReadOnlyList<HeldOutSentence> Sentences);

    /// <summary>Returns the best candidate; every fourth sentence is held out, converted, and aligned anew with the target.</summary>
    /// <param name="pairs">Aligned pairs, at least two.</param>
    /// <param name="join">Makes joint frames of a pair.</param>
    /// <param name="options">The settings of the fit.</param>
    /// <param name="expectation">Gives the E-step over the frames of a fit.</param>
    /// <param name="count">The number of mixtures where it is given; null tries all.</param>
    /// <param name="progress">Receives each candidate and the share that is done while it is tried, and once more with the mean distance of
    /// the held-out sentences.</param>
    internal static Choice Choose(
        IReadOnlyList<AlignedPair> pairs,
        Func<AlignedPair, Frames> join,
        MixtureOptions options,
        Func<Frames, IExpectationStep> expectation,
        int? count,
        Action<int, double, double?> progress
    )
    {
        var heldOut = pairs.Where((_, i) => i % Folds == Folds - 1 || (pairs.Count < Folds && i == pairs.Count - 1)).ToArray();
        var training = Frames.Concatenate([.. pairs.Except(heldOut).Select(join)]);
        var step = expectation(training);
        int[] choices = count is { } given ? [given] : Candidates;
        var (best, smallest) = (choices[0], double.PositiveInfinity);
        HeldOutSentence[] sentences = [];
        var nearest = double.NaN;
        var candidates = choices.Where(candidate => count is not null || training.Count >= FramesPerMixture * candidate).ToArray();
        var (done, all) = (0.0, candidates.Sum());
        foreach (var candidate in candidates)
        {
            // A fit takes as long as it has mixtures; its two iterations are most of it.
            var start = done / all;
            double Fraction(double part) => start + (part * candidate / all);
            progress(candidate, Fraction(0), null);
            var mapper = new TrajectoryMapper(
                new JointDensityModel(
                    ExpectationMaximization.Fit(
                        training,
                        options with
                        {
                            MixtureCount = candidate,
                            Iterations = 2,
                        },
                        step,
                        new SynchronousProgress<FitProgress>(fit => progress(candidate, Fraction(fit.Iteration / 3.0), null))
                    )
                )
            );
            var converted = heldOut.InParallel().Select(pair => new HeldOutSentence(pair, mapper.Map(pair.SourceStatics))).ToArray();
            var distance = converted.InParallel().Select(sentence => sentence.Pair.Distance(sentence.Converted)).Average();
            done += candidate;
            progress(candidate, done / all, distance);
            if (distance < smallest * (1 + Tie))
                (best, nearest, sentences) = (candidate, distance, converted);
            smallest = Math.Min(smallest, distance);
        }

        var unconverted = heldOut.Average(pair => pair.UnconvertedDistance());
        return new Choice(
            best,
            new HeldOutDistance(heldOut.Length, nearest * MelCepstrum.DecibelsOfDistance, unconverted * MelCepstrum.DecibelsOfDistance),
            sentences
        );
    }
}

/// <summary>The distance to which a model brought sentences that it had not heard to the target's, before synthesis.</summary>
/// <param name="Sentences">How many sentences were held out.</param>
/// <param name="Converted">Their mean mel-cepstral distance from the target's in dB, converted; NaN where there was too little sound to
/// try.</param>
/// <param name="Unconverted">The same for the source as it is.</param>
public sealed record HeldOutDistance(int Sentences, double Converted, double Unconverted);
