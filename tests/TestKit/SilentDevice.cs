using VoiceKit.Devices;

namespace VoiceKit.Tests.TestKit;

/// <summary>A device that moves numbers and computes zeros, as a GPU with a broken driver may.</summary>
internal class SilentDevice : RelayDevice
{
    public override string Name => "silent";

    public override void Permute(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination) =>
        Fill(0, destination);

    public override void Apply(in UnaryFunction operation, DeviceArray x, DeviceArray destination) => Fill(0, destination);

    public override void Combine(BinaryFunction operation, Broadcast broadcast, DeviceArray x, DeviceArray y, DeviceArray destination) =>
        Fill(0, destination);

    public override void Evaluate(ElementwiseChain chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination) =>
        Fill(0, destination);

    public override void Sum(Broadcast broadcast, DeviceArray source, DeviceArray destination) => Fill(0, destination);

    public override void Repeat(Broadcast broadcast, DeviceArray source, DeviceArray destination) => Fill(0, destination);

    public override void Multiply(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination) =>
        Fill(0, destination);

    public override void Convolve(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output) => Fill(0, output);

    public override void ConvolveInputGradient(
        ConvolutionShape shape,
        DeviceArray outputGradient,
        DeviceArray weights,
        DeviceArray inputGradient
    ) => Fill(0, inputGradient);

    // Not even zeros: the destination stays as it was.
    public override void ConvolveWeightGradient(
        ConvolutionShape shape,
        DeviceArray input,
        DeviceArray outputGradient,
        DeviceArray weightGradient
    )
    { }

    public override void Softmax(int columns, DeviceArray x, DeviceArray destination) => Fill(0, destination);

    public override void OneHotOfMaximum(int columns, DeviceArray x, DeviceArray destination) => Fill(0, destination);

    public override void OneHot(int columns, DeviceArray indices, DeviceArray destination) => Fill(0, destination);

    public override void Adam(
        in AdamStep rates,
        DeviceArray gradient,
        DeviceArray parameters,
        DeviceArray firstMoment,
        DeviceArray secondMoment
    )
    { }
}
