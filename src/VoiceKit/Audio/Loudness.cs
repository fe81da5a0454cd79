using VoiceKit.Numerics;

namespace VoiceKit.Audio;

/// <summary>How loud a recording is to people, in LUFS: decibels of K-weighted power. A full-scale sine of 997 Hz in one channel has -3.01 LUFS.</summary>
/// <remarks>
/// ITU-R BS.1770-4, annex 1: the mean power of 400 ms blocks that overlap by 75 %, without those below -70 LUFS, and then without those more than 10 LU below
/// what is left. A last block that is not whole is not used; a signal shorter than 400 ms is one block.
/// </remarks>
public static class Loudness
{
    private const double AbsoluteGate = -70;
    private const double RelativeGate = -10;
    private const double Offset = -0.691;
    internal const int StepsPerBlock = 4;

    /// <summary>The shortest signal whose loudness the standard defines: one block, 400 ms.</summary>
    public static TimeSpan ShortestDuration => TimeSpan.FromMilliseconds(400);

    /// <summary>The integrated loudness of one channel in LUFS.</summary>
    /// <returns>LUFS; negative infinity where no block reaches -70 LUFS, as in silence; infinity where the samples' squares pass the range of a double.</returns>
    public static double Integrated(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        return Integrated([waveform]);
    }

    /// <summary>The integrated loudness of several channels together in LUFS; each has the weight 1, as left, right and centre have.</summary>
    /// <param name="channels">The channels, of one length and rate. One is done with before the next is asked for, so that they need not be in memory together.</param>
    /// <returns>LUFS; negative infinity where no block reaches -70 LUFS, as in silence; infinity where the samples' squares pass the range of a double.</returns>
    /// <exception cref="ArgumentException">There is no channel, or they differ in length or rate.</exception>
    public static double Integrated(IEnumerable<Waveform> channels)
    {
        ArgumentNullException.ThrowIfNull(channels);
        var meters = new List<LoudnessMeter>();
        foreach (var channel in channels)
        {
            ArgumentNullException.ThrowIfNull(channel, nameof(channels));
            var meter = new LoudnessMeter(channel.SampleRate, channel.Length);
            if (meters.Count > 0 && (meters[0].Length != meter.Length || meters[0].SampleRate != meter.SampleRate))
                throw new ArgumentException($"A channel has {channel.Length} samples at {channel.SampleRate} Hz and the first has {meters[0].Length} at {meters[0].SampleRate} Hz: they must be alike.", nameof(channels));
            meter.Add(channel.Samples);
            meters.Add(meter);
        }

        return meters.Count > 0 ? OfMeters(meters) : throw new ArgumentException("There is no channel.", nameof(channels));
    }

    /// <summary>The integrated loudness of channels whose samples went through a meter each.</summary>
    internal static double OfMeters(IReadOnlyList<LoudnessMeter> channels)
    {
        var steps = new double[channels[0].Steps.Count];
        foreach (var channel in channels)
        {
            for (var i = 0; i < steps.Length; i++)
                steps[i] += channel.Steps[i];
        }

        return Gated(BlockPowers(steps, channels[0].Length, channels[0].StepLength));
    }

    private static double[] BlockPowers(double[] steps, long length, int stepLength)
    {
        if (steps.Length < StepsPerBlock)
            return length == 0 ? [] : [Reductions.Sum(steps) / length];
        var powers = new double[steps.Length - StepsPerBlock + 1];
        for (var i = 0; i < powers.Length; i++)
            powers[i] = Reductions.Sum(steps.AsSpan(i, StepsPerBlock)) / (StepsPerBlock * stepLength);
        return powers;
    }

    private static double Gated(double[] powers)
    {
        if (powers.Any(power => !double.IsFinite(power)))
            return double.PositiveInfinity;
        var audible = MeanAbove(powers, Power(AbsoluteGate));
        return Level(MeanAbove(powers, Math.Max(Power(AbsoluteGate), audible * Math.Pow(10, RelativeGate / 10))));
    }

    private static double MeanAbove(double[] powers, double gate)
    {
        var (sum, count) = (0.0, 0);
        foreach (var power in powers)
        {
            if (power > gate)
                (sum, count) = (sum + power, count + 1);
        }

        return count == 0 ? 0 : sum / count;
    }

    private static double Level(double power) => Offset + (10 * Math.Log10(power));

    private static double Power(double level) => Math.Pow(10, (level - Offset) / 10);
}
