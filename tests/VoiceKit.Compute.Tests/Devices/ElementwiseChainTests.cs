using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

public class ElementwiseChainTests
{
    private static readonly ChainStep Exp = ChainStep.Of(new UnaryFunction(UnaryKind.Exp));

    public static TheoryData<string, string> Patterns => TestDevices.With(BroadcastPattern.All, BroadcastPattern.IsLarge);

    public static TheoryData<string> Devices => TestDevices.All;

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Evaluate_EachPattern_EqualsOneFunctionAfterTheOther(string deviceName, string patternText)
    {
        var pattern = BroadcastPattern.Parse(patternText);
        Broadcast repeated = Broadcast.Of(pattern.Large, pattern.Small),
            plain = Plain(pattern.Large.Length);
        UnaryFunction tanh = new(UnaryKind.Tanh),
            scaled = new(UnaryKind.Affine, 0.7f, -0.2f),
            root = new(UnaryKind.Softplus);
        BinaryFunction gate = new(BinaryKind.LeakyReluGradient, 0.3f),
            product = new(BinaryKind.Multiply),
            difference = new(BinaryKind.Add, -1);
        var chain = new ElementwiseFusion(
            repeated,
            ChainStep.Of(scaled),
            ChainStep.Of(gate, plain, operandIsFirst: true),
            ChainStep.Of(product, repeated),
            ChainStep.Of(tanh),
            ChainStep.Of(difference, plain),
            ChainStep.Of(root)
        );
        Assert.Equal((pattern.Large.Length, 4), (chain.Length, chain.OperandCount));
        float[][] numbers =
        [
            DeviceNumbers.Uniform(1, pattern.Small.Length),
            DeviceNumbers.Uniform(2, pattern.Large.Length),
            DeviceNumbers.Uniform(3, pattern.Small.Length),
            DeviceNumbers.Uniform(4, pattern.Large.Length),
        ];
        using var device = TestDevices.Create(deviceName);
        var destination = device.Garbage(pattern.Large.Length);
        device.Evaluate(chain, Array.ConvertAll(numbers, device.Put), destination);

        using var cpu = new CpuDevice(1);
        var (operands, expected) = (Array.ConvertAll(numbers, cpu.Put), cpu.Garbage(pattern.Large.Length));
        cpu.Repeat(repeated, operands[0], expected);
        cpu.Apply(scaled, expected, expected);
        cpu.Combine(gate, plain, operands[1], expected, expected);
        cpu.Combine(product, repeated, expected, operands[2], expected);
        cpu.Apply(tanh, expected, expected);
        cpu.Combine(difference, plain, expected, operands[3], expected);
        cpu.Apply(root, expected, expected);
        if (device is CpuDevice)
            NumberAssert.SameBits(cpu.Read(expected), device.Read(destination));
        else
            NumberAssert.Near(
                Array.ConvertAll(cpu.Read(expected), value => (double)value),
                device.Read(destination),
                _ => 1e-6,
                patternText
            );
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Evaluate_EveryLength_EqualsOneFunctionAfterTheOther(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        foreach (var length in (int[])[0, 1, 2, 7, 8, 9, 31, 127, 257, 2047, 2048, 2049, 5003])
        {
            var (x, y) = (device.Put(DeviceNumbers.Uniform(1, length)), device.Put(DeviceNumbers.Uniform(2, length)));
            var (expected, plain) = (device.Garbage(length), Plain(length));
            var add = new BinaryFunction(BinaryKind.Add);
            device.Apply(Exp.Unary, x, expected);
            device.Combine(add, plain, expected, y, expected);
            device.Evaluate(new ElementwiseFusion(plain, Exp, ChainStep.Of(add, plain)), [x, y], x);
            NumberAssert.Near(
                Array.ConvertAll(device.Read(expected), value => (double)value),
                device.Read(x),
                _ => 1e-6,
                $"length {length}"
            );
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Evaluate_OperandsThatDoNotFit_Throws(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        var chain = new ElementwiseFusion(
            Broadcast.Of(new TensorShape(2, 3), new TensorShape(3)),
            ChainStep.Of(new BinaryFunction(BinaryKind.Add), Plain(6))
        );
        var (three, six) = (device.Put(1, 2, 3), device.Put(1, 2, 3, 4, 5, 6));
        Assert.Throws<ArgumentException>(() => device.Evaluate(chain, [three], six));
        Assert.Throws<ArgumentException>(() => device.Evaluate(chain, [six, six], six));
        Assert.Throws<ArgumentException>(() => device.Evaluate(chain, [three, three], six));
        Assert.Throws<ArgumentException>(() => device.Evaluate(chain, [three, six], three));
        Assert.Throws<ArgumentException>(() => device.Evaluate(chain, [three, six, six], six));
    }

    [Fact]
    public void Constructor_StepsThatDoNotFit_Throws()
    {
        Assert.Throws<ArgumentException>(() => new ElementwiseFusion(Plain(3)));
        Assert.Throws<ArgumentException>(() =>
            new ElementwiseFusion(Plain(3), [.. Enumerable.Repeat(Exp, ElementwiseFusion.MaxSteps + 1)])
        );
        Assert.Throws<ArgumentException>(() => new ElementwiseFusion(Plain(3), ChainStep.Of(new BinaryFunction(BinaryKind.Add), Plain(4))));
        Assert.Throws<ArgumentException>(() =>
            ChainStep.Of(new BinaryFunction(BinaryKind.Add), Broadcast.Of(new TensorShape(2, 3), new TensorShape(3)), operandIsFirst: true)
        );
    }

    private static Broadcast Plain(int length) => Broadcast.Of(new TensorShape(length), new TensorShape(length));
}
