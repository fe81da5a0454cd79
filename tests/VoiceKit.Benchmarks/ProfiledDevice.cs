using System.Diagnostics;
using System.Globalization;
using VoiceKit.Devices;

namespace VoiceKit.Benchmarks;

/// <summary>Waits after each operation of a device and keeps its time, by kind and sizes.</summary>
internal sealed class ProfiledDevice(ComputeDevice inner) : ComputeDevice
{
    private readonly Dictionary<string, (int Count, double Seconds)> times = [];
    private readonly float[] one = new float[1];

    public override string Name => inner.Name;

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

    public override DeviceBuffer Allocate(int length) => inner.Allocate(length);

    public override void Upload(ReadOnlySpan<float> source, DeviceArray destination) => inner.Upload(source, destination);

    public override void Download(DeviceArray source, Span<float> destination) => inner.Download(source, destination);

    public override void CopyRows(in RowCopy rows, DeviceArray source, DeviceArray destination)
    {
        var copy = rows;
        Time($"copy {rows.Count} x {rows.Length}", destination, () => inner.CopyRows(copy, source, destination));
    }

    public override void Fill(float value, DeviceArray destination) =>
        Time($"fill {destination.Length}", destination, () => inner.Fill(value, destination));

    public override void Permute(TensorShape shape, ReadOnlySpan<int> order, DeviceArray source, DeviceArray destination)
    {
        var copy = order.ToArray();
        Time($"permute {shape}", destination, () => inner.Permute(shape, copy, source, destination));
    }

    public override void Apply(in UnaryFunction operation, DeviceArray x, DeviceArray destination)
    {
        var copy = operation;
        Time($"apply {operation.Kind} {x.Length}", destination, () => inner.Apply(copy, x, destination));
    }

    public override void Combine(BinaryFunction operation, Broadcast broadcast, DeviceArray x, DeviceArray y, DeviceArray destination) =>
        Time($"combine {operation.Kind} {x.Length} {y.Length}", destination, () => inner.Combine(operation, broadcast, x, y, destination));

    public override void Evaluate(ElementwiseChain chain, ReadOnlySpan<DeviceArray> operands, DeviceArray destination)
    {
        var copy = operands.ToArray();
        Time($"chain {chain.Steps.Length} {destination.Length}", destination, () => inner.Evaluate(chain, copy, destination));
    }

    public override void Sum(Broadcast broadcast, DeviceArray source, DeviceArray destination) =>
        Time($"sum {source.Length} -> {destination.Length}", destination, () => inner.Sum(broadcast, source, destination));

    public override void Repeat(Broadcast broadcast, DeviceArray source, DeviceArray destination) =>
        Time($"repeat {source.Length} -> {destination.Length}", destination, () => inner.Repeat(broadcast, source, destination));

    public override void Multiply(in MatrixProduct product, DeviceArray left, DeviceArray right, DeviceArray destination)
    {
        var copy = product;
        Time(
            $"multiply {product.BatchCount} x {product.Rows} x {product.Inner} x {product.Columns}",
            destination,
            () => inner.Multiply(copy, left, right, destination)
        );
    }

    public override void Convolve(ConvolutionShape shape, DeviceArray input, DeviceArray weights, DeviceArray output) =>
        Time($"convolve {Text(shape)}", output, () => inner.Convolve(shape, input, weights, output));

    public override void ConvolveInputGradient(
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

    public override void ConvolveWeightGradient(
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

    public override void Softmax(int columns, DeviceArray x, DeviceArray destination) =>
        Time($"softmax {x.Length}", destination, () => inner.Softmax(columns, x, destination));

    public override void OneHotOfMaximum(int columns, DeviceArray x, DeviceArray destination) =>
        Time($"one-hot of maximum {x.Length}", destination, () => inner.OneHotOfMaximum(columns, x, destination));

    public override void OneHot(int columns, DeviceArray indices, DeviceArray destination) =>
        Time($"one-hot {destination.Length}", destination, () => inner.OneHot(columns, indices, destination));

    public override void Adam(
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
