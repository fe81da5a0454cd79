namespace VoiceKit.Numerics;

/// <summary>Doubles at an address that is a multiple of a cache line and never moves. It stays valid as long as this object is reachable.</summary>
internal sealed unsafe class FftBuffer
{
    private const int CacheLine = 64;
    private readonly double[] owner;

    public FftBuffer(int length)
    {
        owner = GC.AllocateArray<double>(length + (CacheLine / sizeof(double)), pinned: true);
        fixed (double* first = owner)
            Pointer = (double*)(((nuint)first + CacheLine - 1) & ~(nuint)(CacheLine - 1));
    }

    public double* Pointer { get; }
}
