using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using VoiceKit.Devices;

namespace VoiceKit.Gpu;

/// <summary>
/// cuBLAS through its C interface, where it is installed: the product of matrices in float32, or in TF32 where it is asked for.
/// </summary>
internal sealed unsafe class MatrixLibrary : IDisposable
{
    private const int Success = 0,
        NoTranspose = 0,
        Transpose = 1,
        DefaultMath = 0,
        TensorFloat32Math = 3;

    private static readonly string[] Files =
    [
        "libcublas.so.13",
        "libcublas.so.12",
        "libcublas.so.11",
        "cublas64_13.dll",
        "cublas64_12.dll",
        "cublas64_11.dll",
    ];

    private readonly Accelerator accelerator;
    private readonly nint module,
        handle;
    private readonly delegate* unmanaged<nint, int> destroy;
    private readonly delegate* unmanaged<nint, int, int> setMathMode;
    private readonly delegate* unmanaged<
        nint,
        int,
        int,
        int,
        int,
        int,
        float*,
        float*,
        int,
        long,
        float*,
        int,
        long,
        float*,
        float*,
        int,
        long,
        int,
        int> multiply;

    private MatrixLibrary(CudaAccelerator accelerator, nint module, string name)
    {
        (this.accelerator, this.module, Name) = (accelerator, module, $"cuBLAS ({name})");
        HasTensorFloat32 = accelerator.Architecture >= CudaArchitecture.SM_80;
        destroy = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(module, "cublasDestroy_v2");
        multiply = (delegate* unmanaged<
            nint,
            int,
            int,
            int,
            int,
            int,
            float*,
            float*,
            int,
            long,
            float*,
            int,
            long,
            float*,
            float*,
            int,
            long,
            int,
            int>)
            NativeLibrary.GetExport(module, "cublasSgemmStridedBatched");
        var create = (delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(module, "cublasCreate_v2");
        var setStream = (delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(module, "cublasSetStream_v2");
        setMathMode = (delegate* unmanaged<nint, int, int>)NativeLibrary.GetExport(module, "cublasSetMathMode");
        accelerator.Bind();
        nint created;
        Require(create(&created), "cublasCreate");
        handle = created;
        Require(setStream(handle, ((CudaStream)accelerator.DefaultStream).StreamPtr), "cublasSetStream");
        AllowTensorFloat32(false);
    }

    /// <summary>Gets the library and its file.</summary>
    public string Name { get; }

    /// <summary>Gets whether the device has tensor cores for TF32; without them the library computes in float32.</summary>
    public bool HasTensorFloat32 { get; }

    /// <summary>The library, or null where the accelerator is not CUDA's or none is installed.</summary>
    public static MatrixLibrary? Open(Accelerator accelerator)
    {
        if (accelerator is not CudaAccelerator cuda)
            return null;
        foreach (var file in Files)
        {
            if (!NativeLibrary.TryLoad(file, out var module))
                continue;
            try
            {
                return new MatrixLibrary(cuda, module, file);
            }
            catch (Exception exception) when (exception is EntryPointNotFoundException or DeviceException)
            {
                // A library that does not fit the driver: the next one, or our own kernel.
                NativeLibrary.Free(module);
            }
        }

        return null;
    }

    /// <summary>Determines whether the products from now on may be computed in TF32.</summary>
    public void AllowTensorFloat32(bool allows)
    {
        accelerator.Bind();
        Require(setMathMode(handle, allows ? TensorFloat32Math : DefaultMath), "cublasSetMathMode");
    }

    /// <summary>The row-major product as the column-major one of the transposes: C' = B' A'.</summary>
    public void Multiply(in MatrixProduct product, ArrayView<float> left, ArrayView<float> right, ArrayView<float> destination)
    {
        var (rows, inner, columns) = (product.Rows, product.Inner, product.Columns);
        float one = 1,
            kept = product.Accumulate ? 1 : 0;
        accelerator.Bind();
        Require(
            multiply(
                handle,
                product.TransposeRight ? Transpose : NoTranspose,
                product.TransposeLeft ? Transpose : NoTranspose,
                columns,
                rows,
                inner,
                &one,
                (float*)right.LoadEffectiveAddressAsPtr(),
                product.TransposeRight ? inner : columns,
                (long)inner * columns,
                (float*)left.LoadEffectiveAddressAsPtr(),
                product.TransposeLeft ? rows : inner,
                (long)rows * inner,
                &kept,
                (float*)destination.LoadEffectiveAddressAsPtr(),
                columns,
                (long)rows * columns,
                product.BatchCount
            ),
            "cublasSgemmStridedBatched"
        );
    }

    public void Dispose()
    {
        accelerator.Bind();
        destroy(handle);
        NativeLibrary.Free(module);
    }

    private static void Require(int status, string call)
    {
        if (status != Success)
            throw new DeviceException(
                $"{call} failed with status {status}: the CUDA library does not work with this driver or is out of memory"
            );
    }
}
