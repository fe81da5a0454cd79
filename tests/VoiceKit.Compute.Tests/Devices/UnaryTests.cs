using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

public class UnaryTests
{
    private static readonly int[] Lengths = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 257, 100_003];

    public static TheoryData<string, UnaryKind> Functions => TestDevices.With(Enum.GetValues<UnaryKind>());

    public static TheoryData<string, UnaryKind> FunctionsOfLongArrays => TestDevices.With(Enum.GetValues<UnaryKind>(), _ => true);

    public static TheoryData<string> Devices => TestDevices.All;

    [Theory]
    [MemberData(nameof(FunctionsOfLongArrays))]
    public void Apply_AnyLength_EqualsReference(string deviceName, UnaryKind kind)
    {
        using var device = TestDevices.Create(deviceName);
        var function = new UnaryFunction(kind, 0.3f, -0.7f);
        var isForPositive = kind is UnaryKind.Log or UnaryKind.Sqrt;
        foreach (var length in Lengths)
        {
            var x = DeviceNumbers.Uniform(length, length, isForPositive ? 1e-3 : -20, 20);
            var destination = device.Garbage(length);
            device.Apply(function, device.Put(x), destination);
            NumberAssert.Near(
                Array.ConvertAll(x, value => Reference(function, value)),
                device.Read(destination),
                value => Bound(kind, value)
            );
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Apply_InPlace_GivesTheSameBits(string deviceName, UnaryKind kind)
    {
        using var device = TestDevices.Create(deviceName);
        var x = device.Put(DeviceNumbers.Uniform(5, 1003, 0.1, 3));
        var destination = device.Garbage(1003);
        device.Apply(new UnaryFunction(kind, 2, 3), x, destination);
        device.Apply(new UnaryFunction(kind, 2, 3), x, x);
        Assert.Equal(device.Read(destination), device.Read(x));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Apply_NotANumber_StaysSo(string deviceName, UnaryKind kind)
    {
        using var device = TestDevices.Create(deviceName);
        var x = device.Put([.. Enumerable.Repeat(float.NaN, 11)]);
        device.Apply(new UnaryFunction(kind), x, x);
        Assert.All(device.Read(x), value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Apply_ExtremeValues_GivesTheLimits(string deviceName)
    {
        const float Infinity = float.PositiveInfinity;
        using var device = TestDevices.Create(deviceName);
        void Check(UnaryKind kind, float x, float expected) => Assert.Equal(expected, Value(device, kind, x), 1e-37f);

        Check(UnaryKind.Exp, 0, 1);
        Check(UnaryKind.Exp, -1000, 0);
        Check(UnaryKind.Exp, -Infinity, 0);
        Check(UnaryKind.Log, 1, 0);
        Check(UnaryKind.Sqrt, 0, 0);
        Check(UnaryKind.Square, 1e-30f, 0);
        Check(UnaryKind.Tanh, 0, 0);
        Check(UnaryKind.Tanh, 1000, 1);
        Check(UnaryKind.Tanh, -1000, -1);
        Check(UnaryKind.Tanh, Infinity, 1);
        Check(UnaryKind.Tanh, -Infinity, -1);
        Check(UnaryKind.Sigmoid, 0, 0.5f);
        Check(UnaryKind.Sigmoid, 1000, 1);
        Check(UnaryKind.Sigmoid, -1000, 0);
        Check(UnaryKind.Sigmoid, Infinity, 1);
        Check(UnaryKind.Sigmoid, -Infinity, 0);
        Check(UnaryKind.Softplus, 1000, 1000);
        Check(UnaryKind.Softplus, -1000, 0);
        Check(UnaryKind.Softplus, -Infinity, 0);
        Check(UnaryKind.Reciprocal, Infinity, 0);
        Check(UnaryKind.LeakyRelu, 0, 0);

        Assert.Equal(Infinity, Value(device, UnaryKind.Log, Infinity));
        Assert.Equal(-Infinity, Value(device, UnaryKind.Log, 0));
        Assert.Equal(-Infinity, Value(device, UnaryKind.Log, -0f));
        Assert.Equal(Infinity, Value(device, UnaryKind.Sqrt, Infinity));
        Assert.Equal(Infinity, Value(device, UnaryKind.Square, -1e30f));
        Assert.Equal(Infinity, Value(device, UnaryKind.Reciprocal, 0));
        Assert.Equal(Infinity, Value(device, UnaryKind.Softplus, Infinity));
        Assert.Equal(Infinity, Value(device, UnaryKind.LeakyRelu, Infinity));
        Assert.Equal(-Infinity, Value(device, UnaryKind.LeakyRelu, -Infinity));
        Assert.True(float.IsNaN(Value(device, UnaryKind.Log, -1)));
        Assert.True(float.IsNaN(Value(device, UnaryKind.Log, -Infinity)));
        Assert.True(float.IsNaN(Value(device, UnaryKind.Sqrt, -1)));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Apply_ExpOfMuch_IsLargeOrInfinite(string deviceName)
    {
        // The CPU stops at e^88, so that the power of two stays a normal number; other devices give infinity.
        using var device = TestDevices.Create(deviceName);
        Assert.All(
            [89f, 1000f, float.PositiveInfinity],
            x => Assert.InRange(Value(device, UnaryKind.Exp, x), 1.6e38f, float.PositiveInfinity)
        );
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Apply_LargeAndSmallMagnitudes_KeepTheirPrecision(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        foreach (var magnitude in new[] { 1e-37f, 1e-20f, 0.5f, 0.70710677f, 0.99999994f, 1.0000001f, 1e20f, 3e38f })
            Assert.Equal(Math.Log(magnitude), Value(device, UnaryKind.Log, magnitude), 3e-7 * Math.Abs(Math.Log(magnitude)));
        foreach (var power in new[] { -87f, -50f, -1e-20f, 1e-7f, 0.34657f, 0.3466f, 50f, 88f })
            Assert.Equal(Math.Exp(power), Value(device, UnaryKind.Exp, power), 3e-7 * Math.Exp(power));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Apply_OtherLengthOrUnknownFunction_Throws(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        Assert.Throws<ArgumentException>(() => device.Apply(new UnaryFunction(UnaryKind.Exp), device.Put(1, 2), device.Put(1, 2, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Apply(new UnaryFunction((UnaryKind)99), device.Put(1), device.Put(1)));
    }

    private static float Value(ComputeDevice device, UnaryKind kind, float x)
    {
        // In a whole vector and in the rest of one: both must agree.
        var values = device.Put([.. Enumerable.Repeat(x, 9)]);
        device.Apply(new UnaryFunction(kind, 0.5f), values, values);
        var results = device.Read(values);
        Assert.All(results, result => Assert.Equal(results[0], result));
        return results[0];
    }

    private static double Reference(in UnaryFunction function, double x) =>
        function.Kind switch
        {
            UnaryKind.Affine => (function.Scale * x) + function.Offset,
            UnaryKind.Exp => Math.Exp(x),
            UnaryKind.Log => Math.Log(x),
            UnaryKind.Sqrt => Math.Sqrt(x),
            UnaryKind.Reciprocal => 1 / x,
            UnaryKind.Square => x * x,
            UnaryKind.Tanh => Math.Tanh(x),
            UnaryKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
            UnaryKind.Softplus => Math.Log(1 + Math.Exp(x)),
            UnaryKind.LeakyRelu => x > 0 ? x : function.Scale * x,
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        };

    /// <summary>Two units in the last place; what is a difference of two numbers near 1 has their rounding.</summary>
    private static double Bound(UnaryKind kind, double value) =>
        kind switch
        {
            UnaryKind.Affine => (1.2e-7 * Math.Abs(value)) + 1e-7,
            UnaryKind.Tanh => 3e-7,
            UnaryKind.Softplus => (3e-7 * Math.Abs(value)) + 2e-7,
            UnaryKind.Sigmoid => 6e-7 * Math.Abs(value),
            _ => (3e-7 * Math.Abs(value)) + 1e-37,
        };
}
