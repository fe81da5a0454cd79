using System.Numerics;

namespace VoiceKit.Numerics;

/// <summary>
/// Pseudo-random numbers whose state can be kept and put back: xoshiro256** (Blackman and Vigna 2021), seeded by SplitMix64. The same seed
/// gives the same numbers on every machine.
/// </summary>
public sealed class RandomNumbers
{
    private ulong s0,
        s1,
        s2,
        s3;

    /// <summary>Starts from a seed; every seed is fine.</summary>
    /// <param name="seed">The seed.</param>
    public RandomNumbers(ulong seed)
    {
        s0 = Mix(ref seed);
        s1 = Mix(ref seed);
        s2 = Mix(ref seed);
        s3 = Mix(ref seed);
    }

    /// <summary>Starts where another generator stood.</summary>
    /// <param name="state">What <see cref="State"/> gave.</param>
    /// <exception cref="ArgumentException">The state has not four numbers, or all are zero.</exception>
    public RandomNumbers(ReadOnlySpan<ulong> state)
    {
        if (state.Length != 4 || state.IndexOfAnyExcept(0UL) < 0)
            throw new ArgumentException("The state has four numbers, not all zero.", nameof(state));
        (s0, s1, s2, s3) = (state[0], state[1], state[2], state[3]);
    }

    /// <summary>Gets where the generator stands: four numbers.</summary>
    public ulong[] State => [s0, s1, s2, s3];

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A number of [0, 1).</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number of [0, <paramref name="count"/>).</summary>
    /// <param name="count">The number of indices, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public int NextIndex(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return (int)((UInt128)NextBits() * (uint)count >> 64);
    }

    /// <summary>A normally distributed number: mean 0, variance 1 (Marsaglia's polar method, one of its two numbers).</summary>
    public double NextNormal()
    {
        while (true)
        {
            var (x, y) = ((2 * NextUniform()) - 1, (2 * NextUniform()) - 1);
            var square = (x * x) + (y * y);
            if (square is > 0 and < 1)
                return x * Math.Sqrt(-2 * Math.Log(square) / square);
        }
    }

    private static ulong Mix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>
/// Normally distributed pseudo-random numbers, the same sequence every time: WORLD's generator (the sum of twelve uniform numbers of
/// a 128-bit xorshift, Marsaglia 2003), so that a synthesised waveform can be compared with WORLD's sample by sample.
/// </summary>
internal sealed class NormalNoise
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
