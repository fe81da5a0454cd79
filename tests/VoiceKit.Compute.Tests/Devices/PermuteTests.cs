using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

public class PermuteTests
{
    public static TheoryData<string> Devices => TestDevices.All;

    public static TheoryData<string, int> LargeCases =>
        TestDevices.With(Enumerable.Range(0, Large.Length), index => Large[index].Shape.Length > 1000);

    private static (TensorShape Shape, int[] Order)[] Large =>
        [
            (new TensorShape(317, 331), [1, 0]),
            (new TensorShape(16, 50, 3, 4, 16), [2, 0, 3, 1, 4]),
            (new TensorShape(2, 3, 2, 1, 2, 3, 2, 2), [7, 0, 6, 1, 5, 2, 4, 3]),
        ];

    [Theory]
    [MemberData(nameof(Devices))]
    public void Permute_AllOrdersOfRanksUpToFour_EqualReference(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        int[][] shapes =
        [
            [],
            [1],
            [9],
            [2, 3],
            [1, 8],
            [17, 31],
            [2, 3, 4],
            [1, 7, 1],
            [8, 9, 16],
            [2, 3, 4, 5],
            [1, 2, 1, 3],
            [4, 0, 2],
            [0, 3],
            [3, 0],
        ];
        foreach (var shape in shapes)
        {
            foreach (var order in Orders(shape.Length))
                CheckAgainstReference(device, new TensorShape(shape), order);
        }
    }

    [Theory]
    [MemberData(nameof(LargeCases))]
    public void Permute_LargeOrOfHighRank_EqualsReference(string deviceName, int index)
    {
        using var device = TestDevices.Create(deviceName);
        var (shape, order) = Large[index];
        CheckAgainstReference(device, shape, order);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Permute_OperandsThatDoNotFit_Throws(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        var (four, six) = (device.Garbage(4), device.Garbage(6));
        Assert.Throws<ArgumentException>(() => device.Permute(new TensorShape(2, 3), [1, 0], six, four));
        Assert.Throws<ArgumentException>(() => device.Permute(new TensorShape(2, 3), [1, 0], four, six));
        Assert.Throws<ArgumentException>(() => device.Permute(new TensorShape(2, 3), [0], six, device.Garbage(6)));
        Assert.Throws<ArgumentException>(() => device.Permute(new TensorShape(2, 3), [0, 1, 1], six, device.Garbage(6)));
        Assert.Throws<ArgumentException>(() =>
            device.Permute(new TensorShape(1, 1, 1, 1, 1, 1, 1, 1, 6), [0, 1, 2, 3, 4, 5, 6, 7, 8], six, device.Garbage(6))
        );
    }

    private static void CheckAgainstReference(ComputeDevice device, TensorShape shape, int[] order)
    {
        var source = DeviceNumbers.Uniform(1, shape.Length);
        var expected = new float[source.Length];
        for (var i = 0; i < source.Length; i++)
        {
            // The index of the element in each dimension, then its place among the reordered ones.
            var index = new int[shape.Rank];
            for (var (axis, rest) = (shape.Rank - 1, i); axis >= 0; rest /= shape[axis], axis--)
                index[axis] = rest % shape[axis];
            expected[order.Aggregate(0, (place, axis) => (place * shape[axis]) + index[axis])] = source[i];
        }

        var destination = device.Garbage(source.Length);
        device.Permute(shape, order, device.Put(source), destination);
        Assert.Equal(expected, device.Read(destination));
    }

    private static IEnumerable<int[]> Orders(int rank) =>
        rank == 0
            ?
            [
                [],
            ]
            : Orders(rank - 1)
                .SelectMany(order => Enumerable.Range(0, rank).Select(at => (int[])[.. order[..at], rank - 1, .. order[at..]]));
}
