using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

public class RowTests
{
    private const float Infinity = float.PositiveInfinity;

    private static readonly (int Rows, int Columns)[] Sizes =
    [
        (0, 3),
        (1, 1),
        (5, 1),
        (1, 2),
        (3, 7),
        (2, 8),
        (3, 9),
        (4, 15),
        (2, 16),
        (3, 17),
        (2, 31),
        (7, 257),
        (1001, 101),
        (3, 40_009),
    ];

    public static TheoryData<string> Devices => TestDevices.All;

    public static TheoryData<string, (int Rows, int Columns)> EachSize => TestDevices.With(Sizes, size => size.Rows * size.Columns > 100);

    [Theory]
    [MemberData(nameof(EachSize))]
    public void Softmax_AnySize_EqualsReference(string deviceName, (int Rows, int Columns) size)
    {
        using var device = TestDevices.Create(deviceName);
        var (rows, columns) = size;
        var x = DeviceNumbers.Uniform(rows + columns, rows * columns, -5, 5);
        var actual = Softmax(device, columns, x);
        for (var row = 0; row < rows; row++)
        {
            var exponentials = x.AsSpan(row * columns, columns).ToArray().Select(value => Math.Exp(value)).ToArray();
            var sum = exponentials.Sum();
            NumberAssert.Near(
                Array.ConvertAll(exponentials, value => value / sum),
                actual.AsSpan(row * columns, columns).ToArray(),
                value => 2e-6 * value
            );
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Softmax_ExtremeRows_DoesNotOverflow(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        Assert.Equal([0.5f, 0.5f], Softmax(device, 2, 1000, 1000));
        Assert.Equal([0.5f, 0.5f], Softmax(device, 2, -1000, -1000));
        Assert.Equal([0.5f, 0.5f], Softmax(device, 2, 1e30f, 1e30f));
        Assert.Equal([1f, 0f], Softmax(device, 2, 1000, -1000).Select(value => MathF.Round(value, 6)));
        Assert.Equal([0, 0.5f, 0.5f], Softmax(device, 3, -Infinity, 2, 2).Select(value => MathF.Round(value, 6)));
        Assert.Equal([1f], Softmax(device, 1, -12345));

        // A row of nothing but zero probabilities has none, and one undefined number spoils its row alone.
        Assert.All(Softmax(device, 2, -Infinity, -Infinity), value => Assert.True(float.IsNaN(value)));
        var rows = Softmax(device, 2, float.NaN, 1, 3, 3);
        Assert.All(rows[..2], value => Assert.True(float.IsNaN(value)));
        Assert.Equal([0.5f, 0.5f], rows[2..]);
    }

    [Theory]
    [MemberData(nameof(EachSize))]
    public void OneHotOfMaximum_AnySize_MarksTheFirstLargest(string deviceName, (int Rows, int Columns) size)
    {
        using var device = TestDevices.Create(deviceName);
        var (rows, columns) = size;
        // Few different values: ties are everywhere.
        var x = Array.ConvertAll(DeviceNumbers.Uniform(rows * columns, rows * columns, -3, 3), MathF.Round);
        var expected = new float[x.Length];
        for (var row = 0; row < rows; row++)
        {
            var values = x.AsSpan(row * columns, columns).ToArray();
            expected[(row * columns) + Array.IndexOf(values, values.Max())] = 1;
        }

        Assert.Equal(expected, OneHotOfMaximum(device, columns, x));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void OneHotOfMaximum_OddRows_MarksAtMostOne(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        Assert.Equal([1, 0, 0], OneHotOfMaximum(device, 3, -Infinity, -Infinity, -Infinity));
        Assert.Equal([0, 1, 0], OneHotOfMaximum(device, 3, 1, Infinity, Infinity));
        Assert.Equal([1, 0], OneHotOfMaximum(device, 2, -0f, 0f));

        // With an undefined number there is no largest one.
        Assert.Equal([0, 0, 0], OneHotOfMaximum(device, 3, 1, float.NaN, 2));
        Assert.Equal(new float[20], OneHotOfMaximum(device, 20, [.. Enumerable.Range(0, 20).Select(i => i == 11 ? float.NaN : i)]));
    }

    [Theory]
    [MemberData(nameof(EachSize))]
    public void OneHot_EachIndex_MarksItsColumn(string deviceName, (int Rows, int Columns) size)
    {
        using var device = TestDevices.Create(deviceName);
        var (rows, columns) = size;
        var indices = Enumerable.Range(0, rows).Select(row => (float)(row * 7919 % columns)).ToArray();
        var expected = new float[rows * columns];
        for (var row = 0; row < rows; row++)
            expected[(row * columns) + (int)indices[row]] = 1;
        Assert.Equal(expected, OneHot(device, columns, indices));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void OneHot_IndexOutsideTheColumns_GivesZeros(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        var rows = OneHot(device, 3, -1, 3, float.NaN, Infinity, -Infinity, 1e20f, -0.5f, 2);
        Assert.Equal(new float[21], rows[..21]);
        Assert.Equal([0, 0, 1], rows[21..]);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Operations_LengthsThatDoNotFit_Throw(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        var (four, six) = (device.Garbage(4), device.Garbage(6));
        Assert.Throws<ArgumentException>(() => device.Softmax(4, six, device.Garbage(6)));
        Assert.Throws<ArgumentException>(() => device.Softmax(2, six, four));
        Assert.Throws<ArgumentException>(() => device.OneHotOfMaximum(2, four, six));
        Assert.Throws<ArgumentException>(() => device.OneHot(2, four, six));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Softmax(0, six, device.Garbage(6)));
    }

    private static float[] Softmax(ComputeDevice device, int columns, params float[] x) =>
        Rows(device, x, x.Length, (from, to) => device.Softmax(columns, from, to));

    private static float[] OneHotOfMaximum(ComputeDevice device, int columns, params float[] x) =>
        Rows(device, x, x.Length, (from, to) => device.OneHotOfMaximum(columns, from, to));

    private static float[] OneHot(ComputeDevice device, int columns, params float[] x) =>
        Rows(device, x, x.Length * columns, (from, to) => device.OneHot(columns, from, to));

    private static float[] Rows(ComputeDevice device, float[] x, int length, Action<DeviceArray, DeviceArray> run)
    {
        var destination = device.Garbage(length);
        run(device.Put(x), destination);
        return device.Read(destination);
    }
}
