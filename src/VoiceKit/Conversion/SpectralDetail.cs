using VoiceKit.Features;

namespace VoiceKit.Conversion;

/// <summary>
/// The fine structure of the envelope: the mel-cepstral coefficients above a model's order. They are too many, and too little alike in two
/// speakers, to be mapped from 25 sentences; but speech without them sounds flat. The source's own are kept, with each coefficient's mean
/// and deviation moved to the target's.
/// </summary>
/// <remarks>A value: checked where it is made, and nothing that it gives can be written to.</remarks>
public sealed class SpectralDetail
{
    // The estimates are of thousands of frames; beyond this a coefficient is noise in one of the speakers.
    private const double MaxRatio = 3;

    /// <summary>Copies statistics, each [D].</summary>
    /// <param name="sourceMean">The mean of each coefficient of the source.</param>
    /// <param name="sourceDeviation">Its standard deviation, above 0.</param>
    /// <param name="targetMean">The mean of each coefficient of the target.</param>
    /// <param name="targetDeviation">Its standard deviation, above 0.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a deviation is not positive.</exception>
    public SpectralDetail(
        ReadOnlySpan<double> sourceMean,
        ReadOnlySpan<double> sourceDeviation,
        ReadOnlySpan<double> targetMean,
        ReadOnlySpan<double> targetDeviation
    )
    {
        var count = sourceMean.Length;
        if (sourceDeviation.Length != count || targetMean.Length != count || targetDeviation.Length != count)
            throw new ArgumentException("The statistics of the detail have different lengths.", nameof(sourceMean));
        foreach (var deviation in (double[])[.. sourceDeviation, .. targetDeviation])
        {
            if (!(deviation > 0 && double.IsFinite(deviation)))
                throw new ArgumentException($"A deviation of the detail is {deviation}; it must be positive.", nameof(sourceDeviation));
        }

        SourceMean = Array.AsReadOnly(sourceMean.ToArray());
        SourceDeviation = Array.AsReadOnly(sourceDeviation.ToArray());
        TargetMean = Array.AsReadOnly(targetMean.ToArray());
        TargetDeviation = Array.AsReadOnly(targetDeviation.ToArray());
    }

    /// <summary>Gets the number of coefficients D.</summary>
    public int Count => SourceMean.Count;

    /// <summary>Gets the mean of each coefficient of the source, [D].</summary>
    public IReadOnlyList<double> SourceMean { get; }

    /// <summary>Gets the standard deviation of each coefficient of the source, [D].</summary>
    public IReadOnlyList<double> SourceDeviation { get; }

    /// <summary>Gets the mean of each coefficient of the target, [D].</summary>
    public IReadOnlyList<double> TargetMean { get; }

    /// <summary>Gets the standard deviation of each coefficient of the target, [D].</summary>
    public IReadOnlyList<double> TargetDeviation { get; }

    /// <summary>Measures both speakers' detail over aligned frames; null where the features have none above the order.</summary>
    internal static SpectralDetail? Measure(
        IReadOnlyList<(SpeechFeatures Source, SpeechFeatures Target, AlignedPair Pair)> pairs,
        int order
    )
    {
        var count = Math.Min(pairs.Min(pair => pair.Source.Order), pairs.Min(pair => pair.Target.Order)) - order;
        if (count <= 0)
            return null;
        var source = new Moments(count);
        var target = new Moments(count);
        foreach (var pair in pairs)
        {
            foreach (var step in pair.Pair.Steps())
            {
                source.Add(pair.Source.MelCepstrum[step.Source].Slice(order + 1, count));
                target.Add(pair.Target.MelCepstrum[step.Target].Slice(order + 1, count));
            }
        }

        return new SpectralDetail(source.Mean(), source.Deviation(), target.Mean(), target.Deviation());
    }

    /// <summary>Converts one frame's detail.</summary>
    /// <param name="source">The source's coefficients above the order, [D].</param>
    /// <param name="destination">The target's, [D].</param>
    internal void Convert(ReadOnlySpan<double> source, Span<double> destination)
    {
        for (var d = 0; d < Count; d++)
        {
            var ratio = Math.Clamp(TargetDeviation[d] / SourceDeviation[d], 1 / MaxRatio, MaxRatio);
            destination[d] = TargetMean[d] + (ratio * (source[d] - SourceMean[d]));
        }
    }

    /// <summary>Sums of values and squares.</summary>
    private sealed class Moments(int count)
    {
        private const double MinDeviation = 1e-6;
        private readonly double[] sums = new double[count];
        private readonly double[] squares = new double[count];
        private double frames;

        public void Add(ReadOnlySpan<double> values)
        {
            frames++;
            for (var d = 0; d < values.Length; d++)
            {
                sums[d] += values[d];
                squares[d] += values[d] * values[d];
            }
        }

        public double[] Mean() => Array.ConvertAll(sums, sum => sum / frames);

        public double[] Deviation() =>
            [
                .. sums.Zip(
                    squares,
                    (sum, square) => Math.Max(MinDeviation, Math.Sqrt(Math.Max(0, (square / frames) - (sum * sum / frames / frames))))
                ),
            ];
    }
}
