namespace VoiceKit.Devices;

/// <summary>One operation of a self-test.</summary>
/// <param name="Operation">Which.</param>
/// <param name="Difference">The largest difference from the CPU's result, divided by its largest magnitude; not a number where the device
/// gave none.</param>
internal readonly record struct DeviceDifference(string Operation, double Difference)
{
    /// <summary>The largest difference that passes: rounding of float32 sums in another order, with room.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Gets whether the device computes what the CPU does.</summary>
    public bool IsSmall => Difference <= Tolerance;
}

/// <summary>
/// Compares a device with the CPU on a matrix product, a convolution and its gradients, and a sum: about a second of work, most of it
/// compilation.
/// </summary>
internal static class DeviceSelfTest
{
    private const int Size = 96;

    private static readonly ConvolutionShape Shape = new(2, (12, 20, 12), (4, 4, 20), (2, 2), (1, 1));

    private static readonly Broadcast Columns = Broadcast.Of(new TensorShape(1000, 37), new TensorShape(37));

    /// <summary>Runs the operations on both.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="DeviceException">The device fails.</exception>
    public static IReadOnlyList<DeviceDifference> Run(ComputeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        using var reference = new CpuDevice(1);
        DeviceDifference Compare(string operation, Func<ComputeDevice, float[]> compute) =>
            new(operation, Difference(compute(reference), compute(device)));
        return
        [
            Compare(
                "matrix product",
                on =>
                    Result(
                        on,
                        Size * Size,
                        Size * Size,
                        Size * Size,
                        (x, y, z) => on.Multiply(new MatrixProduct(Size, Size, Size), x, y, z)
                    )
            ),
            Compare(
                "convolution",
                on =>
                    Result(
                        on,
                        Shape.Batch * 12 * 20 * 12,
                        4 * 4 * 12 * 20,
                        Shape.Batch * 6 * 10 * 20,
                        (x, y, z) => on.Convolve(Shape, x, y, z)
                    )
            ),
            Compare(
                "input gradient",
                on =>
                    Result(
                        on,
                        Shape.Batch * 6 * 10 * 20,
                        4 * 4 * 12 * 20,
                        Shape.Batch * 12 * 20 * 12,
                        (x, y, z) => on.ConvolveInputGradient(Shape, x, y, z)
                    )
            ),
            Compare(
                "weight gradient",
                on =>
                    Result(
                        on,
                        Shape.Batch * 12 * 20 * 12,
                        Shape.Batch * 6 * 10 * 20,
                        4 * 4 * 12 * 20,
                        (x, y, z) => on.ConvolveWeightGradient(Shape, x, y, z)
                    )
            ),
            Compare("sum", on => Result(on, Columns.LargeLength, 1, Columns.SmallLength, (x, _, z) => on.Sum(Columns, x, z))),
        ];
    }

    private static float[] Result(
        ComputeDevice device,
        int leftLength,
        int rightLength,
        int length,
        Action<DeviceArray, DeviceArray, DeviceArray> run
    )
    {
        using DeviceBuffer left = device.Allocate(leftLength),
            right = device.Allocate(rightLength),
            destination = device.Allocate(length);
        DeviceArray x = new(left),
            y = new(right),
            z = new(destination);
        device.Upload(Pattern(leftLength, 7), x);
        device.Upload(Pattern(rightLength, 11), y);

        // What a device leaves untouched must not look like a result.
        var result = new float[length];
        Array.Fill(result, float.NaN);
        device.Upload(result, z);
        run(x, y, z);
        device.Download(z, result);
        return result;
    }

    private static float[] Pattern(int length, int factor)
    {
        var values = new float[length];
        for (var i = 0L; i < length; i++)
            values[i] = ((i * i * factor % 1009) / 1009f) - 0.4f;
        return values;
    }

    private static double Difference(float[] expected, float[] actual)
    {
        var (largest, difference) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            difference = Math.Max(difference, Math.Abs((double)expected[i] - actual[i]));
        }

        return difference / largest;
    }
}
