using VoiceKit.Devices;

namespace VoiceKit.Tests.TestKit;

/// <summary>A device that moves numbers and computes zeros, as a GPU with a broken driver may.</summary>
internal class SilentDevice : RelayDevice
{
    public override string Name => "silent";

    protected override void PermuteCore(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination) =>
        Fill(0, destination);

    protected override void ApplyCore(in UnaryFunction operation, DeviceArray x, DeviceArray destination) => Fill(0, destination);

    protected override void CombineCore(
        BinaryFunction operation,
        Broadcast broadcast,
        DeviceArray x,
        DeviceArray y,
        DeviceArray destination
    ) => Fill(0, destination);

    protected override void EvaluateCore(ElementwiseFusion chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination) =>
        Fill(0, destination);

    protected override void SumCore(Broadcast broadcast, DeviceArray source, DeviceArray destination) => Fill(0, destination);

    protected override void RepeatCore(Broadcast broadcast, DeviceArray source, DeviceArray destination) => Fill(0, destination);

    protected override void MultiplyCore(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination) =>
        Fill(0, destination);

    protected override void ConvolveCore(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output) =>
        Fill(0, output);

    protected override void ConvolveInputGradientCore(
        ConvolutionShape shape,
        DeviceArray outputGradient,
        DeviceArray weights,
        DeviceArray inputGradient
    ) => Fill(0, inputGradient);

    // Not even zeros: the destination stays as it was.
    protected override void ConvolveWeightGradientCore(
        ConvolutionShape shape,
        DeviceArray input,
        DeviceArray outputGradient,
        DeviceArray weightGradient
    )
    { }

    protected override void SoftmaxCore(int rows, int columns, DeviceArray x, DeviceArray destination) => Fill(0, destination);

    protected override void OneHotOfMaximumCore(int rows, int columns, DeviceArray x, DeviceArray destination) => Fill(0, destination);

    protected override void OneHotCore(int columns, DeviceArray indices, DeviceArray destination) => Fill(0, destination);

    protected override void AdamCore(
        in AdamStep rates,
        DeviceArray gradient,
        DeviceArray parameters,
        DeviceArray firstMoment,
        DeviceArray secondMoment
    )
    { }
}
