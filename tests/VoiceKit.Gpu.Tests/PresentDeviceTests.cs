using VoiceKit.Devices;
using VoiceKit.Gpu;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Gpu;

/// <summary>What only a real device can show; the tests of the compute contract run on it besides.</summary>
public class PresentDeviceTests
{
    [GpuFact]
    public void Find_EachDevice_HasANameAndMemory() =>
        OnEach(
            (offer, device) =>
            {
                Assert.NotEqual(ComputeBackend.Cpu, offer.Backend);
                Assert.Contains(offer.Name, device.Name, StringComparison.Ordinal);
                Assert.InRange(offer.MemoryBytes, 1L << 27, long.MaxValue);
            }
        );

    [GpuFact]
    public void Allocate_MoreThanTheMemory_NamesTheSizes() =>
        OnEach(
            (offer, device) =>
            {
                var buffers = new List<DeviceBuffer>();
                try
                {
                    var exception = Assert.Throws<DeviceMemoryException>(() =>
                    {
                        for (var held = 0L; held <= offer.MemoryBytes; held += 4L << 30)
                            buffers.Add(device.Allocate(1 << 30));
                    });
                    Assert.Equal(4L << 30, exception.RequestedBytes);
                }
                finally
                {
                    buffers.ForEach(buffer => buffer.Dispose());
                }
            }
        );

    [GpuFact]
    public void Multiply_LargeMatrices_EqualTheCpuAndTheSameBitsAgain() =>
        OnEach(
            (_, device) =>
            {
                using var cpu = new CpuDevice();
                var sizes = new MatrixProduct(1031, 1009, 1033);
                var actual = Product(device, sizes);
                NumberAssert.Near(Array.ConvertAll(Product(cpu, sizes), value => (double)value), actual, 1e-4 * Math.Sqrt(1009));
                NumberAssert.SameBits(actual, Product(device, sizes));
            }
        );

    [GpuFact]
    public void Multiply_TensorFloat32_IsShorterOnlyWhileAllowed() =>
        OnEach(
            (_, device) =>
            {
                var sizes = new MatrixProduct(1024, 1024, 1024);
                Assert.False(device.AllowsTensorFloat32);
                if (!device.HasTensorFloat32)
                {
                    Assert.Throws<DeviceException>(() => device.AllowsTensorFloat32 = true);
                    return;
                }

                var full = Product(device, sizes);
                device.AllowsTensorFloat32 = true;
                var shorter = Product(device, sizes);
                NumberAssert.Near(Array.ConvertAll(full, value => (double)value), shorter, 2e-3 * Math.Sqrt(1024));
                Assert.False(full.AsSpan().SequenceEqual(shorter));
                device.AllowsTensorFloat32 = false;
                NumberAssert.SameBits(full, Product(device, sizes));
            }
        );

    private static float[] Product(ComputeDevice device, MatrixProduct sizes)
    {
        var result = device.Garbage(sizes.Rows * sizes.Columns);
        device.Multiply(
            sizes,
            device.Put(DeviceNumbers.Uniform(1, sizes.Rows * sizes.Inner)),
            device.Put(DeviceNumbers.Uniform(2, sizes.Inner * sizes.Columns)),
            result
        );
        return device.Read(result);
    }

    private static void OnEach(Action<DeviceInfo, ComputeDevice> test)
    {
        foreach (var offer in GpuDevices.Find())
        {
            using var device = offer.Create();
            test(offer, device);
        }
    }
}
