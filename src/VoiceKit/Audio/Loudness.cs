using System.Globalization;
using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Audio;

/// <summary>
/// How loud a recording is to people, in LUFS: decibels of K-weighted power. A full-scale sine of 997 Hz in one channel has -3.01 LUFS.
/// </summary>
/// <remarks>
/// ITU-R BS.1770-4, annex 1: the mean power of 400 ms blocks that overlap by 75 %, without those below -70 LUFS, and then without those
/// more than 10 LU below what is left. A last block that is not whole is not used; a signal shorter than 400 ms is one block.
/// </remarks>
public static class Loudness
{
    private const double AbsoluteGate = -70;
    private const double RelativeGate = -10;
    private const double Offset = -0.691;
    internal const int StepsPerBlock = 4;

    /// <summary>Gets the shortest signal whose loudness the standard defines: one block, 400 ms.</summary>
    public static TimeSpan MinDuration => TimeSpan.FromMilliseconds(400);

    /// <summary>The integrated loudness of one channel in LUFS.</summary>
    /// <param name="waveform">The signal.</param>
    /// <returns>LUFS; negative infinity where no block reaches -70 LUFS, as in silence; infinity where the samples' squares pass the range
    /// of a double.</returns>
    public static double Integrated(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        return Integrated([waveform]);
    }

    /// <summary>
    /// The integrated loudness of several channels together in LUFS; each has the weight 1, as left, right and centre have.
    /// </summary>
    /// <param name="channels">The channels, of one length and rate. One is done with before the next is asked for, so that they need not be
    /// in memory together.</param>
    /// <returns>LUFS; negative infinity where no block reaches -70 LUFS, as in silence; infinity where the samples' squares pass the range
    /// of a double.</returns>
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
                throw new ArgumentException(
                    $"A channel has {channel.Length} samples at {channel.SampleRate} Hz and the first has {meters[0].Length} at "
                        + $"{meters[0].SampleRate} Hz: they must be alike.",
                    nameof(channels)
                );
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

/// <summary>
/// The K-weighted energy of one channel that comes in blocks, in steps of 100 ms: a quarter of the blocks of <see cref="Loudness"/>.
/// </summary>
internal sealed class LoudnessMeter
{
    private readonly KWeighting weighting;
    private readonly double[] steps;
    private long position;

    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="length">The number of samples that will come.</param>
    public LoudnessMeter(int sampleRate, long length)
    {
        (SampleRate, Length) = (sampleRate, length);
        weighting = new KWeighting(sampleRate);
        StepLength = Math.Max(1, (int)Math.Round(sampleRate / 10.0));
        steps = new double[Math.Max(1, length / StepLength)];
    }

    public int SampleRate { get; }

    public long Length { get; }

    public int StepLength { get; }

    /// <summary>Gets the energy of each step.</summary>
    public IReadOnlyList<double> Steps => steps;

    /// <summary>Adds samples that follow those before.</summary>
    public void Add(ReadOnlySpan<double> samples)
    {
        // What is shorter than a block is measured to its last sample; else samples beyond the last whole step are in no block.
        var end = Length < (long)Loudness.StepsPerBlock * StepLength ? Length : (long)steps.Length * StepLength;
        while (!samples.IsEmpty && position < end)
        {
            var step = (int)Math.Min(steps.Length - 1, position / StepLength);
            var stepEnd = step == steps.Length - 1 ? end : (step + 1L) * StepLength;
            var count = (int)Math.Min(samples.Length, stepEnd - position);
            steps[step] += weighting.SumOfSquares(samples[..count]);
            samples = samples[count..];
            position += count;
        }
    }
}

/// <summary>
/// The frequency weighting of loudness: a shelf for the head and a high-pass (ITU-R BS.1770-4, annex 1, figures 2 and 4). The standard
/// gives both as filters for 48 kHz; the inverse bilinear transform makes them analogue, and the bilinear transform brings them to any
/// rate.
/// </summary>
/// <remarks>
/// The transform bends the frequency axis, so one frequency can be kept: 1 kHz for the shelf, because a tone of about that frequency
/// defines the scale, and 38 Hz, where it falls, for the high-pass. At 8 kHz speech comes out within 0.1 dB of what it is at 48 kHz.
/// </remarks>
internal sealed class KWeighting
{
    private const double PublishedRate = 48000;

    // Tables 1 and 2 of the standard.
    private static readonly Biquad Shelf48 = new(
        1.53512485958697,
        -2.69169618940638,
        1.19839281085285,
        -1.69065929318241,
        0.73248077421585
    );
    private static readonly Biquad HighPass48 = new(1, -2, 1, -1.99004745483398, 0.99007225036621);

    // Below this a state is inaudible; left alone it would become denormal, which processors are slow with.
    private const double NegligibleState = 1e-60;

    private double shelf1;
    private double shelf2;
    private double high1;
    private double high2;

    /// <summary>Makes the filters for a rate in Hz; their states are zero.</summary>
    public KWeighting(int sampleRate)
    {
        Shelf = Convert(Shelf48, 1000, sampleRate);
        HighPass = Convert(HighPass48, 38, sampleRate);
    }

    /// <summary>The first filter.</summary>
    internal Biquad Shelf { get; }

    /// <summary>The second filter.</summary>
    internal Biquad HighPass { get; }

    /// <summary>Filters samples that follow those of the last call and returns the sum of their squares.</summary>
    public double SumOfSquares(ReadOnlySpan<double> samples)
    {
        var (a, b) = (Shelf, HighPass);
        var (s1, s2, h1, h2) = (shelf1, shelf2, high1, high2);
        var sum = 0.0;
        foreach (var sample in samples)
        {
            // Transposed direct form II, twice.
            var y = (a.B0 * sample) + s1;
            s1 = (a.B1 * sample) - (a.A1 * y) + s2;
            s2 = (a.B2 * sample) - (a.A2 * y);
            var z = (b.B0 * y) + h1;
            h1 = (b.B1 * y) - (b.A1 * z) + h2;
            h2 = (b.B2 * y) - (b.A2 * z);
            sum += z * z;
        }

        (shelf1, shelf2, high1, high2) = (Audible(s1), Audible(s2), Audible(h1), Audible(h2));
        return sum;
    }

    private static double Audible(double state) => Math.Abs(state) < NegligibleState ? 0 : state;

    private static Biquad Convert(Biquad published, double kept, int sampleRate)
    {
        // The kept frequency must lie well below half of the rate; no speech has such a rate, but a damaged header may.
        var frequency = Math.Min(kept, sampleRate / 8.0);
        var stretch = Math.Tan(Math.PI * frequency / sampleRate) / Math.Tan(Math.PI * frequency / PublishedRate);
        var (b0, b1, b2) = Convert(published.B0, published.B1, published.B2, stretch);
        var (a0, a1, a2) = Convert(1, published.A1, published.A2, stretch);
        return new Biquad(b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0);
    }

    // A polynomial in z^-1 becomes one in s = (1 - z^-1) / (1 + z^-1), s is stretched, and it becomes one in z^-1 again.
    private static (double C0, double C1, double C2) Convert(double c0, double c1, double c2, double stretch)
    {
        var square = (c0 - c1 + c2) / (4 * stretch * stretch);
        var linear = (c0 - c2) / (2 * stretch);
        var constant = (c0 + c1 + c2) / 4;
        return (square + linear + constant, 2 * (constant - square), square - linear + constant);
    }

    /// <summary>A filter of second order, (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2).</summary>
    internal readonly record struct Biquad(double B0, double B1, double B2, double A1, double A2);
}

/// <summary>Looks at a waveform before it is written: what was made must be neither silent nor beyond full scale.</summary>
public static class OutputLevel
{
    private const double FullScale = 0.99;

    /// <summary>
    /// Returns the waveform as it can be written, lowered as a whole where its peak is above 0.99, and sentences on what was found.
    /// </summary>
    /// <param name="output">The waveform to write.</param>
    /// <param name="input">The waveform that it was made from: only a silent output of an audible input is a warning.</param>
    public static (Waveform Waveform, IReadOnlyList<string> Warnings) Protect(Waveform output, Waveform input)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(input);
        var (gain, warnings) = Protect(SignalCheck.Inspect(output), SignalCheck.Inspect(input).IsSilent);
        if (gain == 1)
            return (output, warnings);
        var lowered = new double[output.Length];
        TensorPrimitives.Multiply(output.Samples, gain, lowered);
        return (Waveform.Wrap(lowered, output.SampleRate), warnings);
    }

    /// <summary>
    /// Sets the gain of a signal so that it can be written: below 1 where its peak is above 0.99. Returns sentences on what was found.
    /// </summary>
    /// <param name="output">The signal to write.</param>
    /// <param name="isInputSilent">Whether what it was made from is silent: only a silent output of an audible input is worth a
    /// word.</param>
    public static IReadOnlyList<string> Protect(SampleSpool output, bool isInputSilent)
    {
        ArgumentNullException.ThrowIfNull(output);
        (output.Gain, var warnings) = Protect(output.Report, isInputSilent);
        return warnings;
    }

    private static (double Gain, IReadOnlyList<string> Warnings) Protect(SignalReport output, bool isInputSilent)
    {
        if (output.IsSilent)
            return (1, isInputSilent ? [] : ["the result is silent although the input is not"]);
        if (output.Peak <= FullScale)
            return (1, []);
        var decibels = 20 * Math.Log10(output.Peak / FullScale);
        return (
            FullScale / output.Peak,
            [string.Create(CultureInfo.InvariantCulture, $"lowered by {decibels:F1} dB so that it does not clip")]
        );
    }
}
