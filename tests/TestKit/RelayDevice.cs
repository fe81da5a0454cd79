using VoiceKit.Devices;

namespace VoiceKit.Tests.TestKit;

/// <summary>
/// A device that is not the CPU, computes the same numbers, and has nothing beyond the contract: no double precision, no TF32.
/// </summary>
internal class RelayDevice : ComputeDevice
{
    private readonly CpuDevice cpu = new(1);

    public override string Name => "relay";

    public bool IsDisposed { get; private set; }

    public override DeviceBuffer Allocate(int length) => cpu.Allocate(length);

    public override void Upload(ReadOnlySpan<float> source, DeviceArray destination) => cpu.Upload(source, destination);

    public override void Download(DeviceArray source, Span<float> destination) => cpu.Download(source, destination);

    public override void CopyRows(in RowCopy rows, DeviceArray source, DeviceArray destination) => cpu.CopyRows(rows, source, destination);

    public override void Fill(float value, DeviceArray destination) => cpu.Fill(value, destination);

    public override void Permute(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination) =>
        cpu.Permute(shape, order, source, destination);

    public override void Apply(in UnaryFunction operation, DeviceArray x, DeviceArray destination) => cpu.Apply(operation, x, destination);

    public override void Combine(BinaryFunction operation, Broadcast broadcast, DeviceArray x, DeviceArray y, DeviceArray destination) =>
        cpu.Combine(operation, broadcast, x, y, destination);

    public override void Evaluate(ElementwiseChain chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination) =>
        cpu.Evaluate(chain, operands, destination);

    public override void Sum(Broadcast broadcast, DeviceArray source, DeviceArray destination) => cpu.Sum(broadcast, source, destination);

    public override void Repeat(Broadcast broadcast, DeviceArray source, DeviceArray destination) =>
        cpu.Repeat(broadcast, source, destination);

    public override void Multiply(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination) =>
        cpu.Multiply(product, left, right, destination);

    public override void Convolve(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output) =>
        cpu.Convolve(shape, input, weights, output);

    public override void ConvolveInputGradient(
        ConvolutionShape shape,
        DeviceArray outputGradient,
        DeviceArray weights,
        DeviceArray inputGradient
    ) => cpu.ConvolveInputGradient(shape, outputGradient, weights, inputGradient);

    public override void ConvolveWeightGradient(
        ConvolutionShape shape,
        DeviceArray input,
        DeviceArray outputGradient,
        DeviceArray weightGradient
    ) => cpu.ConvolveWeightGradient(shape, input, outputGradient, weightGradient);

    public override void Softmax(int columns, DeviceArray x, DeviceArray destination) => cpu.Softmax(columns, x, destination);

    public override void OneHotOfMaximum(int columns, DeviceArray x, DeviceArray destination) =>
        cpu.OneHotOfMaximum(columns, x, destination);

    public override void OneHot(int columns, DeviceArray indices, DeviceArray destination) => cpu.OneHot(columns, indices, destination);

    public override void Adam(
        in AdamStep rates,
        DeviceArray gradient,
        DeviceArray parameters,
        DeviceArray firstMoment,
        DeviceArray secondMoment
    ) => cpu.Adam(rates, gradient, parameters, firstMoment, secondMoment);

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        cpu.Dispose();
    }
}
