using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using VoiceKit.Compute;

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

    /// <summary>The bytes that are held, in use or not.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>How often the driver was asked for memory.</summary>
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
