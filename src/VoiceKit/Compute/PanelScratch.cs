using System.Runtime.InteropServices;

namespace VoiceKit.Compute;

/// <summary>Each worker's memory for the blocks of the two matrices that it multiplies; what is not used is never touched.</summary>
internal sealed unsafe class PanelScratch
{
    private const nuint Alignment = 4096;

    private readonly byte* memory;

    /// <summary>Allocates for so many workers.</summary>
    public PanelScratch(int workerCount) => memory = (byte*)NativeMemory.AlignedAlloc((nuint)workerCount * WorkerBytes, Alignment);

    /// <summary>Frees the memory.</summary>
    ~PanelScratch() => NativeMemory.AlignedFree(memory);

    private static nuint WorkerBytes => ((nuint)sizeof(PanelBlocks) + Alignment - 1) / Alignment * Alignment;

    /// <summary>The memory of one worker.</summary>
    public PanelBlocks* Of(int worker) => (PanelBlocks*)(memory + ((nuint)worker * WorkerBytes));
}
