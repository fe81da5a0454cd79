using VoiceKit.Files;
using VoiceKit.Pitch;

namespace VoiceKit.Conversion;

/// <summary>The ways to convert F0.</summary>
public enum F0ConversionKind
{
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

    /// <summary>Measures the statistics.</summary>
    /// <param name="source">All contours of the source speaker.</param>
    /// <param name="target">All contours of the target speaker.</param>
    /// <param name="aligned">Pairs of source and target F0 in Hz at aligned frames, both voiced.</param>
    /// <exception cref="ArgumentException">A speaker has no voiced frame.</exception>
    public static F0Statistics Measure(
        IEnumerable<F0Contour> source,
        IEnumerable<F0Contour> target,
        IEnumerable<(double Source, double Target)> aligned
    )
    {
        var (sourceMean, sourceDeviation) = LogMoments(source, "source");
        var (targetMean, targetDeviation) = LogMoments(target, "target");
        double products = 0,
            squares = 0;
        foreach (var (x, y) in aligned)
            (products, squares) = (products + (x * y), squares + (x * x));
        var ratio = squares > 0 ? products / squares : Math.Exp(targetMean - sourceMean);
        return new F0Statistics(sourceMean, sourceDeviation, targetMean, targetDeviation, ratio);
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
        Func<double, double> convert = kind switch
        {
            F0ConversionKind.LogGaussian => f0 =>
                Math.Exp(((Math.Log(f0) - SourceMean) * TargetDeviation / Math.Max(SourceDeviation, MinDeviation)) + TargetMean),
            F0ConversionKind.Proportional => f0 => f0 * Ratio,
            _ => f0 => f0,
        };
        return F0Contour.Wrap(Array.ConvertAll(contour.Values.ToArray(), f0 => f0 > 0 ? factor * convert(f0) : 0), contour.FramePeriod);
    }

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
