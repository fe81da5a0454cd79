using VoiceKit.Compute;
#if GPU
using VoiceKit.Gpu;
#endif
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Gpu;

/// <summary>What only a real device can show; the tests of the compute contract run on it besides.</summary>
public class PresentDeviceTests
{
    [GpuFact]
    public void Find_EachDevice_HasANameAndMemory() => OnEach((offer, device) =>
    {
        Assert.NotEqual(ComputeBackend.Cpu, offer.Backend);
        Assert.Contains(offer.Name, device.Name, StringComparison.Ordinal);
        Assert.InRange(offer.MemoryBytes, 1L << 27, long.MaxValue);
    });

    [GpuFact]
    public void Allocate_MoreThanTheMemory_NamesTheSizes() => OnEach((offer, device) =>
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
    });

    [GpuFact]
    public void Multiply_LargeMatrices_EqualTheCpuAndTheSameBitsAgain() => OnEach((_, device) =>
    {
        using var cpu = new CpuDevice();
        float[] Product(ComputeDevice on)
        {
            var result = on.Garbage(1031 * 1033);
            on.Multiply(new MatrixProduct(1031, 1009, 1033), on.Put(DeviceNumbers.Uniform(1, 1031 * 1009)), on.Put(DeviceNumbers.Uniform(2, 1009 * 1033)), result);
            return on.Read(result);
        }

        var actual = Product(device);
        NumberAssert.Near(Array.ConvertAll(Product(cpu), value => (double)value), actual, 1e-4 * Math.Sqrt(1009));
        NumberAssert.SameBits(actual, Product(device));
    });

    private static void OnEach(Action<DeviceOffer, ComputeDevice> test)
    {
#if GPU
        foreach (var offer in GpuDevices.Find())
        {
            using var device = offer.Create();
            test(offer, device);
        }
#endif
    }
}
