using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

public class BroadcastTests
{
    public static TheoryData<string, string> Patterns => TestDevices.With(BroadcastPattern.All, BroadcastPattern.IsLarge);

    public static TheoryData<string> Devices => TestDevices.All;

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Combine_EachPattern_EqualsReference(string deviceName, string patternText)
    {
        using var device = TestDevices.Create(deviceName);
        var pattern = BroadcastPattern.Parse(patternText);
        var broadcast = Broadcast.Of(pattern.Large, pattern.Small);
        var (x, y) = (DeviceNumbers.Uniform(1, pattern.Large.Length), DeviceNumbers.Uniform(2, pattern.Small.Length));
        var places = pattern.Places();
        foreach (var kind in Enum.GetValues<BinaryKind>())
        {
            var (left, right, destination) = (device.Put(x), device.Put(y), device.Garbage(x.Length));
            device.Combine(new BinaryFunction(kind, 0.3f), broadcast, left, right, destination);
            var actual = device.Read(destination);
            NumberAssert.Near([.. x.Select((value, i) => Reference(kind, value, y[places[i]]))], actual, _ => 3e-7, kind.ToString());
            device.Combine(new BinaryFunction(kind, 0.3f), broadcast, left, right, left);
            NumberAssert.SameBits(actual, device.Read(left));
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Sum_EachPattern_EqualsReference(string deviceName, string patternText)
    {
        using var device = TestDevices.Create(deviceName);
        var pattern = BroadcastPattern.Parse(patternText);
        var x = DeviceNumbers.Uniform(3, pattern.Large.Length);
        var (expected, magnitudes) = (new double[pattern.Small.Length], new double[pattern.Small.Length]);
        var places = pattern.Places();
        for (var i = 0; i < x.Length; i++)
        {
            expected[places[i]] += x[i];
            magnitudes[places[i]] += Math.Abs(x[i]);
        }

        var destination = device.Garbage(pattern.Small.Length);
        device.Sum(Broadcast.Of(pattern.Large, pattern.Small), device.Put(x), destination);
        var actual = device.Read(destination);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= (5e-7 * magnitudes[i])))
                Assert.Fail($"element {i}: {actual[i]}, not {expected[i]}");
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Repeat_EachPattern_GivesTheSameNumbers(string deviceName, string patternText)
    {
        using var device = TestDevices.Create(deviceName);
        var pattern = BroadcastPattern.Parse(patternText);
        var x = DeviceNumbers.Uniform(4, pattern.Small.Length);
        var destination = device.Garbage(pattern.Large.Length);
        device.Repeat(Broadcast.Of(pattern.Large, pattern.Small), device.Put(x), destination);
        NumberAssert.SameBits(Array.ConvertAll(pattern.Places(), place => x[place]), device.Read(destination));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Combine_NotANumberAndInfinity_SpreadAsInArithmetic(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        float[] x = [float.NaN, 1, float.PositiveInfinity, 0, -1, -0f];
        float[] y = [1, float.NaN, float.NegativeInfinity, float.PositiveInfinity, 2, 2];
        float[] Combined(BinaryKind kind)
        {
            var destination = device.Garbage(x.Length);
            device.Combine(
                new BinaryFunction(kind, 0.5f),
                Broadcast.Of(new TensorShape(6), new TensorShape(6)),
                device.Put(x),
                device.Put(y),
                destination
            );
            return device.Read(destination);
        }

        Assert.Equal([float.NaN, float.NaN, float.NaN, float.PositiveInfinity, 0, 1], Combined(BinaryKind.Add));
        Assert.Equal([float.NaN, float.NaN, float.NegativeInfinity, float.NaN, -2, -0f], Combined(BinaryKind.Multiply));
        Assert.Equal([0.5f, float.NaN, float.NegativeInfinity, float.PositiveInfinity, 1, 1], Combined(BinaryKind.LeakyReluGradient));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Operations_LengthsThatDoNotFit_Throw(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        var rows = Broadcast.Of(new TensorShape(2, 3), new TensorShape(3));
        var (two, three, six) = (device.Put(1, 2), device.Put(1, 2, 3), device.Put(1, 2, 3, 4, 5, 6));
        var add = new BinaryFunction(BinaryKind.Add);
        Assert.Throws<ArgumentException>(() => device.Combine(add, rows, six, two, six));
        Assert.Throws<ArgumentException>(() => device.Combine(add, rows, six, six, six));
        Assert.Throws<ArgumentException>(() => device.Combine(add, rows, three, three, six));
        Assert.Throws<ArgumentException>(() => device.Combine(add, rows, six, three, three));
        Assert.Throws<ArgumentException>(() => device.Sum(rows, six, two));
        Assert.Throws<ArgumentException>(() => device.Sum(rows, six, six));
        Assert.Throws<ArgumentException>(() => device.Sum(rows, three, three));
        Assert.Throws<ArgumentException>(() => device.Repeat(rows, two, six));
        Assert.Throws<ArgumentException>(() => device.Repeat(rows, three, three));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Combine(new BinaryFunction((BinaryKind)99), rows, six, three, six));
    }

    [Theory]
    [InlineData("4 5 6 by 5")]
    [InlineData("4 5 6 by 4")]
    [InlineData("4 5 6 by 2 5 6")]
    [InlineData("6 by 2 6")]
    [InlineData("1 by 2")]
    [InlineData("5 by 0")]
    [InlineData("2 2 2 2 2 2 by 2 1 2 1 2 1")]
    public void Of_ShapesThatDoNotFit_Throws(string text)
    {
        var pattern = BroadcastPattern.Parse(text);
        Assert.Throws<ArgumentException>(() => Broadcast.Of(pattern.Large, pattern.Small));
    }

    [Fact]
    public void Of_Neighbours_AreMerged()
    {
        var broadcast = Broadcast.Of(new TensorShape(2, 1, 3, 4, 1, 5), new TensorShape(1, 1, 3, 4, 1, 1));
        Assert.Equal([1, 1, 2, 12, 5], broadcast.Lengths.ToArray());
        Assert.Equal((5, false, 24), (broadcast.Inner, broadcast.InnerIsKept, broadcast.Outer));
        Assert.Equal((120, 12, false), (broadcast.LargeLength, broadcast.SmallLength, broadcast.IsPlain));
        Assert.True(Broadcast.Of(new TensorShape(2, 3), new TensorShape(2, 3)).IsPlain);
        Assert.True(Broadcast.Of(new TensorShape(), new TensorShape(1, 1)).IsPlain);
    }

    private static double Reference(BinaryKind kind, double x, double y) =>
        kind switch
        {
            BinaryKind.Add => x + (0.3f * y),
            BinaryKind.Multiply => x * y,
            BinaryKind.LeakyReluGradient => x > 0 ? y : 0.3f * y,
            BinaryKind.Interpolate => x + (0.3f * (y - x)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
