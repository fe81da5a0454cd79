using System.Runtime.InteropServices;

namespace VoiceKit.Compute;

/// <summary>Floats in native memory, aligned for vector loads and outside the garbage collector's reach.</summary>
internal sealed unsafe class CpuBuffer : DeviceBuffer
{
    private const int Alignment = 64;

    public CpuBuffer(int length)
        : base(length)
    {
        var bytes = (nuint)Math.Max(length, 1) * sizeof(float);
        Pointer = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(Pointer, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    ~CpuBuffer() => Dispose(false);

    public float* Pointer { get; private set; }

    protected override void Dispose(bool disposing)
    {
        if (Pointer is null)
            return;
        NativeMemory.AlignedFree(Pointer);
        GC.RemoveMemoryPressure((long)Math.Max(Length, 1) * sizeof(float));
        Pointer = null;
    }
}
