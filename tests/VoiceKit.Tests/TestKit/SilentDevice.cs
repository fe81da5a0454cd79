using VoiceKit.Compute;

namespace VoiceKit.Tests.TestKit;

/// <summary>A device that moves numbers and computes zeros, as a GPU with a broken driver may.</summary>
internal class SilentDevice : ComputeDevice
{
    private readonly CpuDevice memory = new(1);

    public override string Name => "silent";

    public bool IsDisposed { get; private set; }

    public override DeviceBuffer Allocate(int length) => memory.Allocate(length);

    public override void Upload(ReadOnlySpan<float> source, DeviceArray destination) => memory.Upload(source, destination);

    public override void Download(DeviceArray source, Span<float> destination) => memory.Download(source, destination);

    public override void CopyRows(in RowCopy rows, DeviceArray source, DeviceArray destination) => memory.CopyRows(rows, source, destination);

    public override void Fill(float value, DeviceArray destination) => memory.Fill(value, destination);

    public override void Permute(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination) => Fill(0, destination);

    public override void Apply(in UnaryFunction operation, DeviceArray x, DeviceArray destination) => Fill(0, destination);

    public override void Combine(BinaryFunction operation, Broadcast broadcast, DeviceArray x, DeviceArray y, DeviceArray destination) => Fill(0, destination);

    public override void Evaluate(ElementwiseChain chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination) => Fill(0, destination);

    public override void Sum(Broadcast broadcast, DeviceArray source, DeviceArray destination) => Fill(0, destination);

    public override void Repeat(Broadcast broadcast, DeviceArray source, DeviceArray destination) => Fill(0, destination);

    public override void Multiply(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination) => Fill(0, destination);

    public override void Convolve(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output) => Fill(0, output);

    public override void ConvolveInputGradient(ConvolutionShape shape, DeviceArray outputGradient, DeviceArray weights, DeviceArray inputGradient) => Fill(0, inputGradient);

    // Not even zeros: the destination stays as it was.
    public override void ConvolveWeightGradient(ConvolutionShape shape, DeviceArray input, DeviceArray outputGradient, DeviceArray weightGradient)
    {
    }

    public override void Softmax(int columns, DeviceArray x, DeviceArray destination) => Fill(0, destination);

    public override void OneHotOfMaximum(int columns, DeviceArray x, DeviceArray destination) => Fill(0, destination);

    public override void OneHot(int columns, DeviceArray indices, DeviceArray destination) => Fill(0, destination);

    public override void Adam(in AdamStep rates, DeviceArray gradient, DeviceArray parameters, DeviceArray firstMoment, DeviceArray secondMoment)
    {
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        memory.Dispose();
    }
}
