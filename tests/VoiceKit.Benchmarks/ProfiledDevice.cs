using System.Diagnostics;
using System.Globalization;
using VoiceKit.Devices;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Benchmarks;

/// <summary>Waits after each operation of a device and keeps its time, by kind and sizes.</summary>
internal sealed class ProfiledDevice(ComputeDevice inner) : ComputeDevice
{
    private readonly Dictionary<string, (int Count, double Seconds)> times = [];
    private readonly float[] one = new float[1];

    public override string Name => inner.Name;

    public override ComputeBackend Backend => inner.Backend;

    public override bool HasDoublePrecision => inner.HasDoublePrecision;

    public void Reset() => times.Clear();

    /// <summary>Prints what takes longest: calls and milliseconds a round.</summary>
    public void Print(int rounds, int lines)
    {
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{1e3 * times.Values.Sum(item => item.Seconds) / rounds:F2} ms a step, waiting after each operation"
            )
        );
        foreach (var (what, (count, seconds)) in times.OrderByDescending(item => item.Value.Seconds).Take(lines))
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{1e3 * seconds / rounds,8:F3} ms {count / rounds,4} x {what}")
            );
    }

    protected override DeviceBuffer AllocateCore(int length) => inner.Allocate(length);

    protected override void UploadCore(ReadOnlySpan<float> source, DeviceArray destination) => inner.Upload(source, destination);

    protected override void DownloadCore(DeviceArray source, Span<float> destination) => inner.Download(source, destination);

    protected override void CopyRowsCore(in RowCopy rows, DeviceArray source, DeviceArray destination)
    {
        var copy = rows;
        Time($"copy {rows.Count} x {rows.Length}", destination, () => inner.CopyRows(copy, source, destination));
    }

    protected override void FillCore(float value, DeviceArray destination) =>
        Time($"fill {destination.Length}", destination, () => inner.Fill(value, destination));

    protected override void PermuteCore(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination)
    {
        var copy = order.ToArray();
        Time($"permute {shape}", destination, () => inner.Permute(shape, copy, source, destination));
    }

    protected override void ApplyCore(in UnaryFunction operation, DeviceArray x, DeviceArray destination)
    {
        var copy = operation;
        Time($"apply {operation.Kind} {x.Length}", destination, () => inner.Apply(copy, x, destination));
    }

    protected override void CombineCore(
        BinaryFunction operation,
        Broadcast broadcast,
        DeviceArray x,
        DeviceArray y,
        DeviceArray destination
    ) => Time($"combine {operation.Kind} {x.Length} {y.Length}", destination, () => inner.Combine(operation, broadcast, x, y, destination));

    protected override void EvaluateCore(ElementwiseFusion chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination)
    {
        var copy = operands.ToArray();
        Time($"chain {chain.Steps.Length} {destination.Length}", destination, () => inner.Evaluate(chain, copy, destination));
    }

    protected override void SumCore(Broadcast broadcast, DeviceArray source, DeviceArray destination) =>
        Time($"sum {source.Length} -> {destination.Length}", destination, () => inner.Sum(broadcast, source, destination));

    protected override void RepeatCore(Broadcast broadcast, DeviceArray source, DeviceArray destination) =>
        Time($"repeat {source.Length} -> {destination.Length}", destination, () => inner.Repeat(broadcast, source, destination));

    protected override void MultiplyCore(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination)
    {
        var copy = product;
        Time(
            $"multiply {product.BatchCount} x {product.Rows} x {product.Inner} x {product.Columns}",
            destination,
            () => inner.Multiply(copy, left, right, destination)
        );
    }

    protected override void ConvolveCore(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output) =>
        Time($"convolve {Text(shape)}", output, () => inner.Convolve(shape, input, weights, output));

    protected override void ConvolveInputGradientCore(
        ConvolutionShape shape,
        DeviceArray outputGradient,
        DeviceArray weights,
        DeviceArray inputGradient
    ) =>
        Time(
            $"input gradient {Text(shape)}",
            inputGradient,
            () => inner.ConvolveInputGradient(shape, outputGradient, weights, inputGradient)
        );

    protected override void ConvolveWeightGradientCore(
        ConvolutionShape shape,
        DeviceArray input,
        DeviceArray outputGradient,
        DeviceArray weightGradient
    ) =>
        Time(
            $"weight gradient {Text(shape)}",
            weightGradient,
            () => inner.ConvolveWeightGradient(shape, input, outputGradient, weightGradient)
        );

    protected override void SoftmaxCore(int rows, int columns, DeviceArray x, DeviceArray destination) =>
        Time($"softmax {x.Length}", destination, () => inner.Softmax(columns, x, destination));

    protected override void OneHotOfMaximumCore(int rows, int columns, DeviceArray x, DeviceArray destination) =>
        Time($"one-hot of maximum {x.Length}", destination, () => inner.OneHotOfMaximum(columns, x, destination));

    protected override void OneHotCore(int columns, DeviceArray indices, DeviceArray destination) =>
        Time($"one-hot {destination.Length}", destination, () => inner.OneHot(columns, indices, destination));

    protected override void AdamCore(
        in AdamStep rates,
        DeviceArray gradient,
        DeviceArray parameters,
        DeviceArray firstMoment,
        DeviceArray secondMoment
    )
    {
        var copy = rates;
        Time($"adam {parameters.Length}", parameters, () => inner.Adam(copy, gradient, parameters, firstMoment, secondMoment));
    }

    protected override IExpectationStep BeginExpectationCore(Frames frames) => inner.BeginExpectation(frames);

    protected override Frames PowerSpectraCore(SpectrumPlan plan, ReadOnlySpan<double> signal) => inner.PowerSpectra(plan, signal);

    protected override void Dispose(bool disposing) => inner.Dispose();

    private static string Text(ConvolutionShape shape) =>
        $"{shape.Batch} x {shape.Height} x {shape.Width} x {shape.InputChannels} -> {shape.OutputHeight} x {shape.OutputWidth} x "
        + $"{shape.OutputChannels}, {shape.KernelHeight} x {shape.KernelWidth}";

    private void Time(string what, DeviceArray result, Action run)
    {
        var start = Stopwatch.GetTimestamp();
        run();
        inner.Download(result.Slice(0, 1), one);
        var (count, seconds) = times.GetValueOrDefault(what);
        times[what] = (count + 1, seconds + Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
