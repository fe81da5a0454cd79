using VoiceKit.Cepstra;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>
/// How much louder or softer the target says each kind of sound than the source does, both relative to their speech as a whole: one offset
/// in dB for each mixture of the spectra's joint density. Without it a converted sibilant has the source's brightness.
/// </summary>
/// <remarks>A value: checked where it is made, and nothing that it gives can be written to.</remarks>
public sealed class LevelMapping
{
    private const double MaxOffset = 24;

    // A mixture with few frames says little about a level.
    private const double PriorFrames = 20;

    // Levels move with the sounds, not with the posteriors' jumps from frame to frame.
    private const int SmoothingRadius = 3;

    /// <summary>Copies offsets.</summary>
    /// <param name="offsets">The offset of each mixture in dB, [M], -24 .. 24.</param>
    /// <exception cref="ArgumentException">An offset is out of range.</exception>
    public LevelMapping(ReadOnlySpan<double> offsets)
    {
        foreach (var offset in offsets)
        {
            if (!(Math.Abs(offset) <= MaxOffset))
                throw new ArgumentException($"A level offset is {offset} dB; it must be within {MaxOffset} dB.", nameof(offsets));
        }

        Offsets = Array.AsReadOnly(offsets.ToArray());
    }

    /// <summary>Gets the offset of each mixture in dB, [M].</summary>
    public IReadOnlyList<double> Offsets { get; }

    /// <summary>Measures the offsets over aligned frames.</summary>
    internal static LevelMapping Measure(IReadOnlyList<AlignedPair> pairs, JointDensityModel model)
    {
        var sums = new double[model.Joint.MixtureCount];
        var weights = new double[sums.Length];
        var parts = pairs.InParallel().Select(pair => (pair, Posteriors: model.Posteriors(pair.SourceFeatures))).ToArray();
        foreach (var (pair, posteriors) in parts)
        {
            var (source, target) = (Relative(pair.Pair.Source.Levels()), Relative(pair.Pair.Target.Levels()));
            foreach (var step in pair.Steps())
            {
                for (var m = 0; m < sums.Length; m++)
                {
                    sums[m] += posteriors[step.Source][m] * (target[step.Target] - source[step.Source]);
                    weights[m] += posteriors[step.Source][m];
                }
            }
        }

        return new LevelMapping([.. sums.Zip(weights, (sum, weight) => Math.Clamp(sum / (weight + PriorFrames), -MaxOffset, MaxOffset))]);
    }

    /// <summary>The offsets of frames in dB, [T].</summary>
    /// <param name="posteriors">The mixtures' posteriors, [T, M].</param>
    internal double[] Of(Frames posteriors)
    {
        var raw = new double[posteriors.Count];
        for (var t = 0; t < raw.Length; t++)
        {
            for (var m = 0; m < Offsets.Count; m++)
                raw[t] += posteriors[t][m] * Offsets[m];
        }

        return MovingAverage(raw, SmoothingRadius);
    }

    /// <summary>The mean of each value and its neighbours up to a radius.</summary>
    internal static double[] MovingAverage(double[] values, int radius)
    {
        var result = new double[values.Length];
        for (var t = 0; t < result.Length; t++)
        {
            var (from, to) = (Math.Max(0, t - radius), Math.Min(values.Length - 1, t + radius));
            result[t] = Reductions.Sum(values.AsSpan(from, to - from + 1)) / (to - from + 1);
        }

        return result;
    }

    /// <summary>Levels in dB relative to the mean of those that are speech.</summary>
    private static double[] Relative(double[] levels)
    {
        var mean = FrameLevel.SpeechFrames(levels, FrameLevel.SpeechRange).Average(t => levels[t]);
        return Array.ConvertAll(levels, level => level - mean);
    }
}
