using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Tensors;

public class GradientTests
{
    // Derivatives are made of operations that other tests run on the simulator.
    public static TheoryData<string, string> Cases => TestDevices.With(OperationCases.Names, _ => true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_EachOperation_EqualFiniteDifferencesTwice(string deviceName, string operation)
    {
        using var device = TestDevices.Create(deviceName);
        var (output, variables) = OperationCases.Create(operation, device);
        GradientCheck.Of(device, output, variables);
    }
}
