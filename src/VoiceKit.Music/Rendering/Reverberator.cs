using System.Runtime.Intrinsics;

namespace VoiceKit.Music;

/// <summary>
/// The sound of a hall: eight delay lines that feed each other through a Householder matrix, each with a gain and a low pass that set the
/// reverberation time at low and at high frequencies (Jot and Chaigne, "Digital delay networks for designing artificial reverberators",
/// AES 90th Convention, 1991; the low pass's pole is theirs, to first order), behind allpass diffusers (Schroeder, "Natural sounding
/// artificial reverberation", J. AES, 1962).
/// </summary>
internal sealed class Reverberator
{
    private const int LineCount = 8;
    private const double ReverberationTime = 1.5;

    // The reverberation time at half the sample rate, relative to that at 0 Hz.
    private const double HighRatio = 0.36;

    private const double DiffuserGain = 0.6;

    // How loud the room is beside the source where the amount is 1.
    private const double FullLevel = 0.42;

    private static readonly double[] LineSeconds = [0.0297, 0.0371, 0.0411, 0.0437, 0.0533, 0.0613, 0.0689, 0.0793];
    private static readonly double[] DiffuserSeconds = [0.0127, 0.0083, 0.0041];

    private readonly int[] delays;
    private readonly double[][] diffusers;
    private readonly double[] gains = new double[LineCount];
    private readonly double[] poles = new double[LineCount];

    public Reverberator(int sampleRate)
    {
        // Lengths without a common divisor: the echoes of the lines fall on different samples.
        delays = [.. LineSeconds.Select(seconds => NextPrime((int)(seconds * sampleRate)))];
        diffusers = [.. DiffuserSeconds.Select(seconds => new double[NextPrime((int)(seconds * sampleRate))])];
        for (var line = 0; line < LineCount; line++)
        {
            var decades = -3.0 * delays[line] / sampleRate / ReverberationTime;
            poles[line] = Math.Log(10) / 4 * decades * (1 - (1 / (HighRatio * HighRatio)));
            gains[line] = Math.Pow(10, decades) * (1 - poles[line]);
        }
    }

    /// <summary>Adds the room to a sound; call once for each instance.</summary>
    /// <param name="samples">The sound.</param>
    /// <param name="amount">How much of the room, 0 .. 1.</param>
    public void Apply(Span<double> samples, double amount)
    {
        const int block = 1024;
        Span<double> input = stackalloc double[block];
        var lines = new Lines(delays, gains, poles);
        var places = new int[diffusers.Length];
        for (var start = 0; start < samples.Length; start += block)
        {
            var part = samples.Slice(start, Math.Min(block, samples.Length - start));
            var excited = input[..part.Length];
            part.CopyTo(excited);
            for (var i = 0; i < diffusers.Length; i++)
                places[i] = Diffuse(diffusers[i], places[i], excited);
            lines.Add(excited, amount * FullLevel, part);
        }
    }

    private static int Diffuse(double[] memory, int place, Span<double> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var delayed = memory[place];
            var inner = samples[i] + (DiffuserGain * delayed);
            memory[place] = inner;
            samples[i] = delayed - (DiffuserGain * inner);
            if (++place == memory.Length)
                place = 0;
        }

        return place;
    }

    private static int NextPrime(int number)
    {
        while (Enumerable.Range(2, (int)Math.Sqrt(number)).Any(divisor => divisor < number && number % divisor == 0))
            number++;
        return Math.Max(number, 2);
    }

    /// <summary>The delay lines, interleaved: sample t of line l is at 8 t + l, t modulo the memory's length.</summary>
    private sealed class Lines(int[] delays, double[] gains, double[] poles)
    {
        private readonly double[] memory = new double[LineCount * PowerOfTwoAbove(delays[^1])];
        private readonly Vector256<double>[] filtered = new Vector256<double>[2];
        private int now;

        public void Add(ReadOnlySpan<double> input, double level, Span<double> destination)
        {
            var (gainLow, gainHigh) = (Vector256.Create<double>(gains), Vector256.Create(gains, 4));
            var (poleLow, poleHigh) = (Vector256.Create<double>(poles), Vector256.Create(poles, 4));
            var (low, high) = (filtered[0], filtered[1]);

            // Every second line is heard with the opposite sign, so that what all lines have in common does not add up.
            var signs = Vector256.Create(1.0, -1, 1, -1);
            var mask = (memory.Length / LineCount) - 1;
            for (var i = 0; i < input.Length; i++, now = (now + 1) & mask)
            {
                low = Vector256.FusedMultiplyAdd(
                    poleLow,
                    low,
                    gainLow * Vector256.Create(Tap(0, mask), Tap(1, mask), Tap(2, mask), Tap(3, mask))
                );
                high = Vector256.FusedMultiplyAdd(
                    poleHigh,
                    high,
                    gainHigh * Vector256.Create(Tap(4, mask), Tap(5, mask), Tap(6, mask), Tap(7, mask))
                );
                var both = low + high;
                var feed = Vector256.Create(input[i] - (Vector256.Sum(both) * (2.0 / LineCount)));
                (low + feed).CopyTo(memory, LineCount * now);
                (high + feed).CopyTo(memory, (LineCount * now) + 4);
                destination[i] += level * Vector256.Sum(both * signs);
            }

            (filtered[0], filtered[1]) = (low, high);
        }

        private double Tap(int line, int mask) => memory[(LineCount * ((now - delays[line]) & mask)) + line];

        private static int PowerOfTwoAbove(int number) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)number + 1);
    }
}
