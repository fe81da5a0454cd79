using ILGPU;
using ILGPU.Runtime;
using VoiceKit.Compute;

namespace VoiceKit.Gpu;

/// <summary>Floats in the memory of a GPU, of a pool that takes them back.</summary>
internal sealed class GpuBuffer(MemoryPool pool, MemoryBuffer1D<float, Stride1D.Dense> memory, int length) : DeviceBuffer(length)
{
    private MemoryBuffer1D<float, Stride1D.Dense>? memory = memory;

    public MemoryPool Pool => pool;

    /// <summary>A part of the memory.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public ArrayView<float> View(int offset, int count)
    {
        ObjectDisposedException.ThrowIf(memory is null, this);
        return memory.View.BaseView.SubView(offset, count);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && memory is not null)
            pool.Return(memory);
        memory = null;
    }
}
