using ILGPU;
using ILGPU.Runtime;

namespace VoiceKit.Gpu;

/// <summary>Doubles in the memory of a GPU, of the pool that holds its floats.</summary>
internal sealed class DoubleBuffer : IDisposable
{
    private readonly GpuBuffer memory;
    private readonly Accelerator accelerator;

    public DoubleBuffer(Accelerator accelerator, MemoryPool pool, int length)
    {
        (this.accelerator, Length) = (accelerator, length);
        memory = pool.Rent(checked(2 * length));
    }

    public int Length { get; }

    public ArrayView<double> View => memory.View(0, 2 * Length).Cast<double>();

    /// <summary>Copies numbers to the start of the memory.</summary>
    public unsafe void Upload(ReadOnlySpan<double> source)
    {
        if (source.Length == 0)
            return;
        fixed (double* first = source)
            View.SubView(0, source.Length).CopyFromCPUUnsafeAsync(accelerator.DefaultStream, ref *first, source.Length);

        // CUDA has read pageable memory when the call returns; other drivers may read it later.
        if (accelerator.AcceleratorType != AcceleratorType.Cuda)
            accelerator.DefaultStream.Synchronize();
    }

    /// <summary>Waits for what was queued and copies all numbers.</summary>
    public unsafe double[] Download()
    {
        var result = new double[Length];
        fixed (double* first = result)
        {
            if (Length > 0)
                View.CopyToCPUUnsafeAsync(accelerator.DefaultStream, ref *first, Length);
            accelerator.DefaultStream.Synchronize();
        }

        return result;
    }

    public void Dispose() => memory.Dispose();
}
