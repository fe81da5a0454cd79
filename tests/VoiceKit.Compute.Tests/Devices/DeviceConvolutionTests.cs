using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

/// <summary>The three convolutions of every device, against sums in double over small shapes of every kind.</summary>
public class DeviceConvolutionTests
{
    private static readonly ConvolutionShape[] Shapes =
    [
        .. ConvolutionReference.SmallShapes,
        ConvolutionShape.OneDimensional(2, 19, 9, 4, 10, 4, 0),
        ConvolutionShape.OneDimensional(5, 131, 3, 3, 5, 1, 1),
        new(3, (8, 14, 12), (4, 4, 20), (2, 2), (1, 1)),
        // The simulator's tiles have 32 rows: of the two phases, 33 and 32 inputs long, one has a tile more. Then phases that no tap
        // reaches.
        ConvolutionShape.OneDimensional(1, 65, 33, 4, 5, 2, 1),
        new(1, (7, 9, 35), (2, 1, 3), (4, 3), (1, 0)),
    ];

    public static TheoryData<string, int> Cases => TestDevices.With(Enumerable.Range(0, Shapes.Length));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Convolve_EachShape_EqualsTheReference(string deviceName, int index) => Check(deviceName, Shapes[index], 0);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ConvolveInputGradient_EachShape_EqualsTheReference(string deviceName, int index) => Check(deviceName, Shapes[index], 1);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ConvolveWeightGradient_EachShape_EqualsTheReference(string deviceName, int index) => Check(deviceName, Shapes[index], 2);

    private static void Check(string deviceName, ConvolutionShape shape, int operation)
    {
        using var device = TestDevices.Create(deviceName);
        var x = DeviceNumbers.Uniform(1, shape.Batch * shape.Height * shape.Width * shape.InputChannels);
        var w = DeviceNumbers.Uniform(2, shape.KernelHeight * shape.KernelWidth * shape.InputChannels * shape.OutputChannels);
        var y = DeviceNumbers.Uniform(3, shape.Batch * shape.OutputHeight * shape.OutputWidth * shape.OutputChannels);
        var expected = ConvolutionReference.Of(shape, x, w, y, operation);
        var result = device.Garbage(expected.Length);
        switch (operation)
        {
            case 0:
                device.Convolve(shape, device.Put(x), device.Put(w), result);
                break;
            case 1:
                device.ConvolveInputGradient(shape, device.Put(y), device.Put(w), result);
                break;
            default:
                device.ConvolveWeightGradient(shape, device.Put(x), device.Put(y), result);
                break;
        }

        var tolerance = 1e-6 * Math.Sqrt(1 + ((double)w.Length * y.Length / Math.Max(1, expected.Length)));
        NumberAssert.Near(expected, device.Read(result), tolerance);
    }
}
