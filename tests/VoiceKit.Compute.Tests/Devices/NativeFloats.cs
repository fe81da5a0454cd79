using System.Runtime.InteropServices;

namespace VoiceKit.Tests.Devices;

/// <summary>Floats outside the managed heap, at a chosen distance from a cache line's start, with a guard behind them.</summary>
internal sealed unsafe class NativeFloats : IDisposable
{
    private const int GuardLength = 16;
    private const float Guard = 12345.678f;

    private readonly float* memory;

    public NativeFloats(int length, int shift = 0)
    {
        memory = (float*)NativeMemory.AlignedAlloc((nuint)(length + shift + GuardLength) * sizeof(float), 64);
        Pointer = memory + shift;
        Length = length;
        new Span<float>(Pointer, length).Fill(float.NaN);
        new Span<float>(Pointer + length, GuardLength).Fill(Guard);
    }

    public NativeFloats(ReadOnlySpan<float> values, int shift = 0)
        : this(values.Length, shift) => values.CopyTo(Values);

    public float* Pointer { get; }

    public int Length { get; }

    public Span<float> Values => new(Pointer, Length);

    /// <summary>Noise between -0.5 and 0.5.</summary>
    public static float[] Noise(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
    }

    public void Dispose()
    {
        var untouched = new Span<float>(Pointer + Length, GuardLength).IndexOfAnyExcept(Guard) < 0;
        NativeMemory.AlignedFree(memory);
        Assert.True(untouched, "Something was written behind the end.");
    }
}
