namespace VoiceKit.Gpu.Kernels;

/// <summary>
/// Divides non-negative integers by a divisor that many divisions share: a multiplication and a shift, as a GPU has no division of integers
/// (Granlund and Montgomery 1994, theorem 4.2).
/// </summary>
internal readonly struct Divider
{
    private readonly uint multiplier;
    private readonly int shift;

    /// <summary>Prepares the divisor, at least 1.</summary>
    public Divider(int divisor)
    {
        var bits = 0;
        while ((1L << bits) < divisor)
            bits++;
        shift = 31 + bits;
        multiplier = (uint)(((1UL << shift) / (uint)divisor) + 1);
    }

    /// <summary>The quotient of a number from 0 to 2^31 - 1.</summary>
    public int Quotient(int number) => (int)(((ulong)(uint)number * multiplier) >> shift);
}
