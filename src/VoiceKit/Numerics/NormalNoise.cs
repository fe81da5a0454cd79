namespace VoiceKit.Numerics;

/// <summary>
/// Normally distributed pseudo-random numbers, the same sequence every time: WORLD's generator (the sum of twelve uniform numbers of
/// a 128-bit xorshift, Marsaglia 2003), so that a synthesised waveform can be compared with WORLD's sample by sample.
/// </summary>
public sealed class NormalNoise
{
    private uint x = 123456789;
    private uint y = 362436069;
    private uint z = 521288629;
    private uint w = 88675123;

    /// <summary>The next number: mean 0, variance 1, within -6 .. 6.</summary>
    public double Next()
    {
        var sum = 0u;
        for (var i = 0; i < 12; i++)
        {
            var t = x ^ (x << 11);
            (x, y, z) = (y, z, w);
            w = w ^ (w >> 19) ^ t ^ (t >> 8);
            sum += w >> 4;
        }

        return (sum / 268435456.0) - 6;
    }
}
