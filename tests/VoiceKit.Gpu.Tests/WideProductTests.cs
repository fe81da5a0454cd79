using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Gpu;

/// <summary>Products in the groups and tiles that GPUs have, beside the CPU's: the common simulator has the smallest alone.</summary>
[Trait(SlowTests.Category, SlowTests.Slow)]
public class WideProductTests
{
    /// <summary>Middle tiles, large ones, and a long sum in slices.</summary>
    public static TheoryData<MatrixProduct> Products =>
        [
            new MatrixProduct(65, 9, 70),
            new MatrixProduct(130, 9, 5),
            new MatrixProduct(129, 5, 3, TransposeLeft: true, Accumulate: true),
            new MatrixProduct(3, 7, 131, TransposeRight: true),
            new MatrixProduct(20, 530, 9),
        ];

    /// <summary>
    /// One phase in middle tiles; two in large ones, 129 and 128 inputs long, of which one has a tile more; phases without taps.
    /// </summary>
    public static TheoryData<int> ShapeIndices => [0, 1, 2];

    private static ConvolutionShape[] Shapes =>
        [
            ConvolutionShape.OneDimensional(1, 70, 3, 3, 5, 1, 1),
            ConvolutionShape.OneDimensional(1, 257, 3, 4, 5, 2, 1),
            new(1, (5, 9, 2), (2, 1, 3), (3, 2), (1, 0)),
        ];

    [Theory]
    [MemberData(nameof(Products))]
    public void Multiply_GroupsOfAGpu_EqualsTheCpu(MatrixProduct product) =>
        Check(
            product.Rows * product.Columns,
            product.Inner,
            device =>
            {
                var result = device.Put(DeviceNumbers.Uniform(3, product.Rows * product.Columns));
                device.Multiply(
                    product,
                    device.Put(DeviceNumbers.Uniform(1, product.Rows * product.Inner)),
                    device.Put(DeviceNumbers.Uniform(2, product.Inner * product.Columns)),
                    result
                );
                return result;
            }
        );

    [Theory]
    [MemberData(nameof(ShapeIndices))]
    public void Convolve_GroupsOfAGpu_EqualsTheCpu(int index)
    {
        var shape = Shapes[index];
        var x = DeviceNumbers.Uniform(1, shape.Batch * shape.Height * shape.Width * shape.InputChannels);
        var w = DeviceNumbers.Uniform(2, shape.KernelHeight * shape.KernelWidth * shape.InputChannels * shape.OutputChannels);
        var y = DeviceNumbers.Uniform(3, shape.Batch * shape.OutputHeight * shape.OutputWidth * shape.OutputChannels);
        Check(
            y.Length,
            w.Length,
            device =>
            {
                var result = device.Garbage(y.Length);
                device.Convolve(shape, device.Put(x), device.Put(w), result);
                return result;
            }
        );
        Check(
            x.Length,
            w.Length,
            device =>
            {
                var result = device.Garbage(x.Length);
                device.ConvolveInputGradient(shape, device.Put(y), device.Put(w), result);
                return result;
            }
        );
        Check(
            w.Length,
            y.Length,
            device =>
            {
                var result = device.Garbage(w.Length);
                device.ConvolveWeightGradient(shape, device.Put(x), device.Put(y), result);
                return result;
            }
        );
    }

    private static void Check(int length, int terms, Func<ComputeDevice, DeviceArray> operation)
    {
        using var cpu = new CpuDevice(1);
        using var wide = GpuTestDevices.CreateWideSimulator();
        var expected = Array.ConvertAll(cpu.Read(operation(cpu)), value => (double)value);
        Assert.Equal(length, expected.Length);
        NumberAssert.Near(expected, wide.Read(operation(wide)), 1e-6 * Math.Sqrt(terms + 1));
    }
}
