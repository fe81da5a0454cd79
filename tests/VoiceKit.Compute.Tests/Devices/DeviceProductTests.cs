using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

/// <summary>Matrix products of every device, against sums in double.</summary>
public class DeviceProductTests
{
    private static readonly int[] AwkwardSizes = [0, 1, 3, 8, 17];

    public static TheoryData<string, int> Flags => TestDevices.With(Enumerable.Range(0, 8));

    public static TheoryData<string, MatrixProduct> Large =>
        TestDevices.With<MatrixProduct>([
            new(31, 257, 33),
            new(32, 64, 32),
            new(67, 13, 131),
            new(1, 1031, 5),
            new(257, 2, 1),
            new(33, 600, 7, TransposeLeft: true),
            new(5, 1031, 3, true, true, true),
            new(64, 31, 33, false, true, false, 3),
        ]);

    [Theory]
    [MemberData(nameof(Flags))]
    public void Multiply_AwkwardSizes_EqualsTheReference(string deviceName, int flags)
    {
        using var device = TestDevices.Create(deviceName);
        foreach (var rows in AwkwardSizes)
        {
            foreach (var inner in AwkwardSizes)
            {
                foreach (var columns in AwkwardSizes)
                    Check(
                        device,
                        new MatrixProduct(
                            rows,
                            inner,
                            columns,
                            (flags & 1) != 0,
                            (flags & 2) != 0,
                            (flags & 4) != 0,
                            1 + ((rows + inner + columns) % 2)
                        )
                    );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Large))]
    public void Multiply_ManyTilesOrLongSums_EqualsTheReference(string deviceName, MatrixProduct product)
    {
        using var device = TestDevices.Create(deviceName);
        Check(device, product);
    }

    [Theory]
    [MemberData(nameof(Large))]
    public void Multiply_Again_GivesTheSameBits(string deviceName, MatrixProduct product)
    {
        using var device = TestDevices.Create(deviceName);
        var first = Multiplied(device, product, out _, out _, out _);
        NumberAssert.SameBits(first, Multiplied(device, product, out _, out _, out _));
    }

    private static float[] Multiplied(ComputeDevice device, MatrixProduct product, out float[] a, out float[] b, out float[] c)
    {
        a = DeviceNumbers.Uniform(1, product.BatchCount * product.Rows * product.Inner);
        b = DeviceNumbers.Uniform(2, product.BatchCount * product.Inner * product.Columns);
        c = DeviceNumbers.Uniform(3, product.BatchCount * product.Rows * product.Columns);
        var destination = product.Accumulate ? device.Put(c) : device.Garbage(c.Length);
        device.Multiply(product, device.Put(a), device.Put(b), destination);
        return device.Read(destination);
    }

    private static void Check(ComputeDevice device, MatrixProduct product)
    {
        var (rows, inner, columns) = (product.Rows, product.Inner, product.Columns);
        var actual = Multiplied(device, product, out var a, out var b, out var c);
        var expected = new double[c.Length];
        for (var i = 0; i < expected.Length; i++)
        {
            var (batch, place) = int.DivRem(i, rows * columns);
            var (r, column) = int.DivRem(place, columns);
            expected[i] = product.Accumulate ? c[i] : 0;
            for (var k = 0; k < inner; k++)
            {
                var x = a[(batch * rows * inner) + (product.TransposeLeft ? (k * rows) + r : (r * inner) + k)];
                expected[i] +=
                    (double)x * b[(batch * inner * columns) + (product.TransposeRight ? (column * inner) + k : (k * columns) + column)];
            }
        }

        NumberAssert.Near(expected, actual, _ => 1e-6 * Math.Sqrt(inner + 1), product.ToString());
    }
}
