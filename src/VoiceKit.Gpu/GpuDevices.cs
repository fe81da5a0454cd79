using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using VoiceKit.Devices;

namespace VoiceKit.Gpu;

/// <summary>The CUDA and OpenCL devices of this machine.</summary>
public static class GpuDevices
{
    /// <summary>
    /// Lists the devices that ILGPU can program: CUDA first. OpenCL devices that are processors, such as PoCL's, are left out: the CPU's
    /// own kernels are faster.
    /// </summary>
    public static IReadOnlyList<DeviceInfo> Find()
    {
        using var context = NewContext();
        return
        [
            .. context
                .Devices.OfType<CudaDevice>()
                .Select((device, index) => Offer(ComputeBackend.Cuda, device, $"CUDA {device.DriverVersion}", index)),
            .. context
                .Devices.OfType<CLDevice>()
                .Select((device, index) => (Device: device, Index: index))
                .Where(item => item.Device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU))
                .Select(item => Offer(ComputeBackend.OpenCL, item.Device, $"OpenCL {item.Device.DeviceVersion}", item.Index)),
        ];
    }

    private static DeviceInfo Offer(ComputeBackend backend, Device device, string version, int index) =>
        new(backend, device.Name, version, device.MemorySize, () => Create(backend, index));

    private static GpuDevice Create(ComputeBackend backend, int index) => new(CreateProgram(backend, index), ownsProgram: true);

    /// <summary>Opens a device's accelerator.</summary>
    /// <exception cref="DeviceException">The driver refuses.</exception>
    internal static GpuProgram CreateProgram(ComputeBackend backend, int index)
    {
        var context = NewContext();
        try
        {
            Device device = backend == ComputeBackend.Cuda ? context.GetCudaDevice(index) : context.GetCLDevice(index);
            return new GpuProgram(context, device.CreateAccelerator(context));
        }
        catch (AcceleratorException exception)
        {
            context.Dispose();
            throw new DeviceException($"The driver of {backend} device {index} refuses: {exception.Message}", exception);
        }
    }

    private static Context NewContext()
    {
        try
        {
            return Context.Create(builder => builder.Cuda().OpenCL().Optimize(OptimizationLevel.O2));
        }
        catch (AcceleratorException exception)
        {
            throw new DeviceException($"The drivers cannot list their devices: {exception.Message}", exception);
        }
    }
}
