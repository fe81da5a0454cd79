using ILGPU;
using ILGPU.Runtime;

namespace VoiceKit.Gpu;

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
