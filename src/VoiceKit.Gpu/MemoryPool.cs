using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using VoiceKit.Devices;

namespace VoiceKit.Gpu;

/// <summary>
/// Memory of a GPU in classes of sizes, eight an octave: what is given back serves the next request of its class, so that work that
/// repeats asks the driver for nothing. Operations run in order, so memory can be given on before those that read it are done.
/// </summary>
internal sealed class MemoryPool(Accelerator accelerator) : IDisposable
{
    private const int Smallest = 256;

    private readonly Dictionary<long, Stack<MemoryBuffer1D<float, Stride1D.Dense>>> free = [];
    private readonly HashSet<MemoryBuffer1D<float, Stride1D.Dense>> all = [];

    /// <summary>Gets the bytes that are held, in use or not.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Gets how often the driver was asked for memory.</summary>
    public int AllocationCount { get; private set; }

    /// <summary>Takes memory for some floats; what it holds is not defined.</summary>
    /// <exception cref="DeviceMemoryException">The device has no more.</exception>
    public GpuBuffer Rent(int length)
    {
        var size = SizeClass(length);
        if (free.TryGetValue(size, out var stack) && stack.TryPop(out var memory))
            return new GpuBuffer(this, memory, length);
        memory = Allocate(size);
        all.Add(memory);
        HeldBytes += memory.LengthInBytes;
        return new GpuBuffer(this, memory, length);
    }

    public void Return(MemoryBuffer1D<float, Stride1D.Dense> memory)
    {
        if (!all.Contains(memory))
            return;
        if (!free.TryGetValue(memory.Length, out var stack))
            free[memory.Length] = stack = new();
        stack.Push(memory);
    }

    public void Dispose()
    {
        foreach (var memory in all)
            memory.Dispose();
        all.Clear();
        free.Clear();
        HeldBytes = 0;
    }

    /// <summary>The floats of the smallest class that holds a length: 8 .. 15 times a power of two.</summary>
    internal static long SizeClass(int length)
    {
        var least = Math.Max(length, Smallest);
        var step = 1L << Math.Max(0, BitOperations.Log2((uint)least) - 3);
        return (least + step - 1) / step * step;
    }

    private MemoryBuffer1D<float, Stride1D.Dense> Allocate(long size)
    {
        AllocationCount++;
        try
        {
            return accelerator.Allocate1D<float>(size);
        }
        catch (AcceleratorException)
        {
            Trim();
        }

        try
        {
            return accelerator.Allocate1D<float>(size);
        }
        catch (AcceleratorException exception)
        {
            throw new DeviceMemoryException(accelerator.Name, size * sizeof(float), HeldBytes, accelerator.MemorySize, exception);
        }
    }

    private void Trim()
    {
        // What waits in the pool may still be read by operations that were called for.
        accelerator.Synchronize();
        foreach (var memory in free.Values.SelectMany(stack => stack))
        {
            all.Remove(memory);
            HeldBytes -= memory.LengthInBytes;
            memory.Dispose();
        }

        free.Clear();
    }
}

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

/// <summary>Copies between host memory and a device, in the order of the other operations.</summary>
internal static unsafe class HostTransfer
{
    /// <summary>Copies to the device; the source may change afterwards.</summary>
    public static void Upload(Accelerator accelerator, ReadOnlySpan<float> source, ArrayView<float> destination)
    {
        fixed (float* first = source)
        {
            if (source.Length > 0)
                destination.CopyFromCPUUnsafeAsync(accelerator.DefaultStream, ref *first, source.Length);
        }

        // CUDA has read pageable memory when the call returns; other drivers may read it later.
        if (accelerator.AcceleratorType != AcceleratorType.Cuda)
            accelerator.DefaultStream.Synchronize();
    }

    /// <summary>Waits for all operations, then copies to the host.</summary>
    public static void Download(Accelerator accelerator, ArrayView<float> source, Span<float> destination)
    {
        fixed (float* first = destination)
        {
            if (destination.Length > 0)
                source.CopyToCPUUnsafeAsync(accelerator.DefaultStream, ref *first, destination.Length);
            accelerator.DefaultStream.Synchronize();
        }
    }
}
