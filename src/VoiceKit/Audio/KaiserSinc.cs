namespace VoiceKit.Audio;

/// <summary>
/// An ideal low-pass under a Kaiser window, h(x) = c sinc(c x) I0(b sqrt(1 - (x / W)^2)) / I0(b), with x in samples of the slower rate.
/// </summary>
/// <remarks>
/// J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", ISCAS 1974: b = 0.1102 (A - 8.7) for A > 50 dB,
/// and A - 7.95 = 2.285 N dw for N samples and a transition of dw radians a sample.
/// </remarks>
internal sealed class KaiserSinc
{
    private readonly double cutoff;
    private readonly double shape;
    private readonly double shapeNorm;

    public KaiserSinc(ResamplerOptions options)
    {
        var attenuation = options.StopbandDecibels;
        var transition = Math.PI * (1 - options.Passband);
        HalfWidth = (attenuation - 7.95) / (2.285 * transition) / 2;
        cutoff = (1 + options.Passband) / 2;
        shape = attenuation > 50 ? 0.1102 * (attenuation - 8.7) : (0.5842 * Math.Pow(attenuation - 21, 0.4)) + (0.07886 * (attenuation - 21));
        shapeNorm = BesselI0(shape);
    }

    /// <summary>W: h is 0 beyond it, on both sides.</summary>
    public double HalfWidth { get; }

    /// <summary>h(<paramref name="x"/>).</summary>
    public double this[double x]
    {
        get
        {
            var inside = 1 - (x / HalfWidth * (x / HalfWidth));
            if (inside <= 0)
                return 0;
            var angle = Math.PI * cutoff * x;
            var sinc = Math.Abs(angle) < 1e-9 ? 1 : Math.Sin(angle) / angle;
            return cutoff * sinc * BesselI0(shape * Math.Sqrt(inside)) / shapeNorm;
        }
    }

    // The power series: sum of ((x / 2)^k / k!)^2. All terms are positive, so it keeps full accuracy.
    private static double BesselI0(double x)
    {
        var quarterSquare = x * x / 4;
        var sum = 1.0;
        var term = 1.0;
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= quarterSquare / ((double)k * k);
            sum += term;
        }

        return sum;
    }
}
