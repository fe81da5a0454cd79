using VoiceKit.Devices;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.TestKit;

/// <summary>
/// A device that is not the CPU, computes the same numbers, and has nothing beyond the contract: no double precision, no TF32.
/// </summary>
internal class RelayDevice : ComputeDevice
{
    private readonly CpuDevice cpu = new(1);

    public override string Name => "relay";

    public override ComputeBackend Backend => ComputeBackend.OpenCL;

    public override bool HasDoublePrecision => false;

    public bool IsDisposed { get; private set; }

    protected override DeviceBuffer AllocateCore(int length) => cpu.Allocate(length);

    protected override void UploadCore(ReadOnlySpan<float> source, DeviceArray destination) => cpu.Upload(source, destination);

    protected override void DownloadCore(DeviceArray source, Span<float> destination) => cpu.Download(source, destination);

    protected override void CopyRowsCore(in RowCopy rows, DeviceArray source, DeviceArray destination) =>
        cpu.CopyRows(rows, source, destination);

    protected override void FillCore(float value, DeviceArray destination) => cpu.Fill(value, destination);

    protected override void PermuteCore(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination) =>
        cpu.Permute(shape, order, source, destination);

    protected override void ApplyCore(in UnaryFunction operation, DeviceArray x, DeviceArray destination) =>
        cpu.Apply(operation, x, destination);

    protected override void CombineCore(
        BinaryFunction operation,
        Broadcast broadcast,
        DeviceArray x,
        DeviceArray y,
        DeviceArray destination
    ) => cpu.Combine(operation, broadcast, x, y, destination);

    protected override void EvaluateCore(ElementwiseFusion chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination) =>
        cpu.Evaluate(chain, operands, destination);

    protected override void SumCore(Broadcast broadcast, DeviceArray source, DeviceArray destination) =>
        cpu.Sum(broadcast, source, destination);

    protected override void RepeatCore(Broadcast broadcast, DeviceArray source, DeviceArray destination) =>
        cpu.Repeat(broadcast, source, destination);

    protected override void MultiplyCore(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination) =>
        cpu.Multiply(product, left, right, destination);

    protected override void ConvolveCore(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output) =>
        cpu.Convolve(shape, input, weights, output);

    protected override void ConvolveInputGradientCore(
        ConvolutionShape shape,
        DeviceArray outputGradient,
        DeviceArray weights,
        DeviceArray inputGradient
    ) => cpu.ConvolveInputGradient(shape, outputGradient, weights, inputGradient);

    protected override void ConvolveWeightGradientCore(
        ConvolutionShape shape,
        DeviceArray input,
        DeviceArray outputGradient,
        DeviceArray weightGradient
    ) => cpu.ConvolveWeightGradient(shape, input, outputGradient, weightGradient);

    protected override void SoftmaxCore(int rows, int columns, DeviceArray x, DeviceArray destination) =>
        cpu.Softmax(columns, x, destination);

    protected override void OneHotOfMaximumCore(int rows, int columns, DeviceArray x, DeviceArray destination) =>
        cpu.OneHotOfMaximum(columns, x, destination);

    protected override void OneHotCore(int columns, DeviceArray indices, DeviceArray destination) =>
        cpu.OneHot(columns, indices, destination);

    protected override void AdamCore(
        in AdamStep rates,
        DeviceArray gradient,
        DeviceArray parameters,
        DeviceArray firstMoment,
        DeviceArray secondMoment
    ) => cpu.Adam(rates, gradient, parameters, firstMoment, secondMoment);

    protected override IExpectationStep BeginExpectationCore(Frames frames) => cpu.BeginExpectation(frames);

    protected override Frames PowerSpectraCore(SpectrumPlan plan, ReadOnlySpan<double> signal) => cpu.PowerSpectra(plan, signal);

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        cpu.Dispose();
    }
}
