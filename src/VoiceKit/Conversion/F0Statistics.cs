using VoiceKit.Files;
using VoiceKit.Pitch;

namespace VoiceKit.Conversion;

/// <summary>The ways to convert F0.</summary>
public enum F0ConversionKind
{
    /// <summary>
    /// The mean of log F0 is moved to the target's, its range as far as the training sentences support: log y = a (log x - mx) + my, with
    /// the slope a of <see cref="F0Statistics.Slope"/>.
    /// </summary>
    Fitted,

    /// <summary>Mean and standard deviation of log F0 are moved to the target's: log y = (log x - mx) sy / sx + my.</summary>
    LogGaussian,

    /// <summary>Regression through the origin over aligned voiced frames: y = a x.</summary>
    Proportional,

    /// <summary>F0 stays as it is.</summary>
    None,
}

/// <summary>The statistics of two speakers' F0.</summary>
/// <param name="SourceMean">The mean of the source's log F0 (ln Hz).</param>
/// <param name="SourceDeviation">Its standard deviation.</param>
/// <param name="TargetMean">The mean of the target's log F0 (ln Hz).</param>
/// <param name="TargetDeviation">Its standard deviation.</param>
/// <param name="Ratio">The slope a of y = a x over aligned voiced frames.</param>
public sealed record F0Statistics(double SourceMean, double SourceDeviation, double TargetMean, double TargetDeviation, double Ratio)
{
    private const double MinDeviation = 0.02;
    private const double MiddleDeviations = 1.645;

    // Values further than this from the median of log F0 (a factor of 1.65) are octave errors and creak, not intonation.
    private const double MaxDistance = 0.5;

    /// <summary>
    /// Gets or sets the slope of <see cref="F0ConversionKind.Fitted"/>: 1 + r (sy / sx - 1) with the correlation r of aligned log F0, where
    /// this brings sentences that were held out nearer to the target than the slope 1, else 1. A range that the pairs do not share would
    /// only exaggerate what the source does.
    /// </summary>
    public double Slope { get; init; } = TargetDeviation / Math.Max(SourceDeviation, MinDeviation);

    /// <summary>Measures the statistics.</summary>
    /// <param name="source">All contours of the source speaker.</param>
    /// <param name="target">All contours of the target speaker.</param>
    /// <param name="aligned">For each sentence, pairs of source and target F0 in Hz at aligned frames, both voiced.</param>
    /// <exception cref="UnusableDataException">A speaker has no voiced frame.</exception>
    public static F0Statistics Measure(
        IEnumerable<F0Contour> source,
        IEnumerable<F0Contour> target,
        IReadOnlyList<IReadOnlyList<(double Source, double Target)>> aligned
    )
    {
        var (sourceMean, sourceDeviation) = LogMoments(source, "source");
        var (targetMean, targetDeviation) = LogMoments(target, "target");
        ArgumentNullException.ThrowIfNull(aligned);
        double products = 0,
            squares = 0;
        foreach (var (x, y) in aligned.SelectMany(sentence => sentence))
            (products, squares) = (products + (x * y), squares + (x * x));
        var ratio = squares > 0 ? products / squares : Math.Exp(targetMean - sourceMean);
        return new F0Statistics(sourceMean, sourceDeviation, targetMean, targetDeviation, ratio)
        {
            Slope = F0Slope.Choose([
                .. aligned.Select(sentence =>
                    sentence
                        .Select(pair => (Math.Log(pair.Source) - sourceMean, Math.Log(pair.Target) - targetMean))
                        .Where(pair => Math.Abs(pair.Item1) <= MaxDistance && Math.Abs(pair.Item2) <= MaxDistance)
                        .ToArray()
                ),
            ]),
        };
    }

    /// <summary>Gets the middle 90 % of the source's F0 in training, in Hz: 1.645 deviations of log F0 around its mean.</summary>
    public (double Low, double High) SourceMiddle =>
        (Math.Exp(SourceMean - (MiddleDeviations * SourceDeviation)), Math.Exp(SourceMean + (MiddleDeviations * SourceDeviation)));

    /// <summary>Converts a contour; unvoiced frames stay unvoiced.</summary>
    /// <param name="contour">The source's contour. Values beyond those of training follow the same line.</param>
    /// <param name="kind">How.</param>
    /// <param name="semitones">How much the result is raised.</param>
    public F0Contour Convert(F0Contour contour, F0ConversionKind kind, double semitones = 0)
    {
        ArgumentNullException.ThrowIfNull(contour);
        var factor = Math.Pow(2, semitones / 12);
        if (kind == F0ConversionKind.Fitted)
            contour = F0Outliers.Repair(contour);
        Func<double, double> convert = kind switch
        {
            F0ConversionKind.Fitted => f0 => Math.Exp((Slope * (Math.Log(f0) - SourceMean)) + TargetMean),
            F0ConversionKind.LogGaussian => f0 =>
                Math.Exp(((Math.Log(f0) - SourceMean) * TargetDeviation / Math.Max(SourceDeviation, MinDeviation)) + TargetMean),
            F0ConversionKind.Proportional => f0 => f0 * Ratio,
            _ => f0 => f0,
        };
        return F0Contour.Wrap(Array.ConvertAll(contour.Values.ToArray(), f0 => f0 > 0 ? factor * convert(f0) : 0), contour.FramePeriod);
    }

    /// <summary>The ratio of the converted mean F0 to the source's.</summary>
    internal double MeanRatio(F0ConversionKind kind, double semitones) =>
        Math.Pow(2, semitones / 12)
        * kind switch
        {
            F0ConversionKind.Proportional => Ratio,
            F0ConversionKind.None => 1,
            _ => Math.Exp(TargetMean - SourceMean),
        };

    private static (double Mean, double Deviation) LogMoments(IEnumerable<F0Contour> contours, string speaker)
    {
        var logarithms = contours.SelectMany(contour => contour.Values.ToArray()).Where(f0 => f0 > 0).Select(f0 => Math.Log(f0)).ToArray();
        if (logarithms.Length == 0)
            throw new UnusableDataException($"The {speaker} speaker has no voiced frame: are these recordings of speech?");
        var median = logarithms.Order().ElementAt(logarithms.Length / 2);
        var (mean, variance) = GlobalVariance.Moments(Array.FindAll(logarithms, value => Math.Abs(value - median) <= MaxDistance));
        return (mean, Math.Sqrt(variance));
    }
}

/// <summary>Chooses the slope between two speakers' log F0.</summary>
internal static class F0Slope
{
    private const int Folds = 4;

    /// <summary>
    /// The ratio of deviations as far as the correlation supports it, where held-out sentences confirm it; else 1, which moves the mean
    /// alone.
    /// </summary>
    /// <param name="sentences">Log F0 of source and target at aligned frames, each less its speaker's mean.</param>
    public static double Choose(IReadOnlyList<(double X, double Y)[]> sentences)
    {
        double shifted = 0,
            fitted = 0;
        for (var fold = 0; fold < Folds; fold++)
        {
            var rest = Fit(sentences.Where((_, i) => i % Folds != fold));
            foreach (var (x, y) in sentences.Where((_, i) => i % Folds == fold).SelectMany(sentence => sentence))
            {
                shifted += (y - x) * (y - x);
                fitted += (y - (rest * x)) * (y - (rest * x));
            }
        }

        return sentences.Count >= Folds && fitted < shifted ? Fit(sentences) : 1;
    }

    private static double Fit(IEnumerable<(double X, double Y)[]> sentences)
    {
        double xx = 0,
            xy = 0,
            yy = 0;
        foreach (var (x, y) in sentences.SelectMany(sentence => sentence))
            (xx, xy, yy) = (xx + (x * x), xy + (x * y), yy + (y * y));
        return xx > 0 && yy > 0 ? 1 + (Math.Max(0, xy / Math.Sqrt(xx * yy)) * (Math.Sqrt(yy / xx) - 1)) : 1;
    }
}

/// <summary>Takes single errors out of a contour: octaves, and jumps where voicing begins or ends.</summary>
internal static class F0Outliers
{
    // A tenth of a second around a frame; intonation does not move by a third within it.
    private const int Radius = 10;
    private const double MaxDistance = 0.3;

    // The first and last frames of a voiced stretch are measured over a window that is voiced in part.
    private const int BorderFrames = 2;
    private const double MaxBorderJump = 0.1;
    private const int MinStretch = 8;

    /// <summary>Returns the contour without outliers; voicing stays. Stretches of less than 8 frames stay as they are.</summary>
    public static F0Contour Repair(F0Contour contour)
    {
        var result = contour.Values.ToArray();
        foreach (var (start, end) in contour.VoicedStretches().Where(stretch => stretch.End - stretch.Start >= MinStretch))
            RepairStretch(contour.Values[start..end], result.AsSpan(start, end - start));

        return F0Contour.Wrap(result, contour.FramePeriod);
    }

    private static void RepairStretch(ReadOnlySpan<double> original, Span<double> result)
    {
        for (var t = 0; t < result.Length; t++)
        {
            var around = original[Math.Max(0, t - Radius)..Math.Min(original.Length, t + Radius + 1)].ToArray();
            Array.Sort(around);
            var median = around[around.Length / 2];
            if (Math.Abs(Math.Log(original[t] / median)) > MaxDistance)
                result[t] = median;
        }

        for (var i = BorderFrames - 1; i >= 0; i--)
        {
            Limit(ref result[i], result[i + 1]);
            Limit(ref result[^(i + 1)], result[^(i + 2)]);
        }
    }

    private static void Limit(ref double f0, double neighbour)
    {
        if (Math.Abs(Math.Log(f0 / neighbour)) > MaxBorderJump)
            f0 = neighbour;
    }
}
