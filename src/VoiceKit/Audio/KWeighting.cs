namespace VoiceKit.Audio;

/// <summary>
/// The frequency weighting of loudness: a shelf for the head and a high-pass (ITU-R BS.1770-4, annex 1, figures 2 and 4). The standard gives both as filters for
/// 48 kHz; the inverse bilinear transform makes them analogue, and the bilinear transform brings them to any rate.
/// </summary>
/// <remarks>
/// The transform bends the frequency axis, so one frequency can be kept: 1 kHz for the shelf, because a tone of about that frequency defines the scale, and 38 Hz, where it
/// falls, for the high-pass. At 8 kHz speech comes out within 0.1 dB of what it is at 48 kHz.
/// </remarks>
internal sealed class KWeighting
{
    private const double PublishedRate = 48000;

    // Tables 1 and 2 of the standard.
    private static readonly Biquad Shelf48 = new(1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585);
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
