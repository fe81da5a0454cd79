using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Networks;

public class LayerTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 2, 5)]
    [InlineData(2, 3, 4, 5)]
    public void Dense_AnyRank_EqualsReference(params int[] shape)
    {
        using var network = new TestNetwork();
        var layer = new Dense(network.Parameters, "l", 5, 3);
        network.Allocate();
        var (output, x) = Apply(network, layer, shape);
        Assert.Equal(new TensorShape([.. shape[..^1], 3]), output.Shape);
        var (weights, bias) = (network["l.weight"], network["l.bias"]);
        var expected = new double[x.Length / 5 * 3];
        for (var i = 0; i < expected.Length; i++)
            expected[i] = bias[i % 3] + Enumerable.Range(0, 5).Sum(k => x[(i / 3 * 5) + k] * weights[(k * 3) + (i % 3)]);
        NumberAssert.Near(expected, network.Device.Evaluate(output)[0], 1e-5);
    }

    [Theory]
    [InlineData(2, 7, 3, 1, 0)]
    [InlineData(1, 9, 4, 2, 1)]
    [InlineData(3, 5, 1, 1, 0)]
    [InlineData(2, 3, 5, 3, 2)]
    public void Convolution_Line_EqualsReference(int batch, int width, int kernel, int stride, int padding)
    {
        CheckConvolution(batch, 1, width, new KernelExtent(kernel, stride, padding), false);
        CheckConvolution(batch, 1, width, new KernelExtent(kernel, stride, padding), true);
    }

    [Theory]
    [InlineData(2, 5, 7, 3, 1, 0, 3, 1, 0)]
    [InlineData(1, 6, 5, 4, 2, 1, 3, 1, 1)]
    [InlineData(2, 4, 4, 2, 2, 0, 4, 2, 1)]
    public void Convolution_Plane_EqualsReference(
        int batch,
        int height,
        int width,
        int kernel,
        int stride,
        int padding,
        int kernelHeight,
        int strideHeight,
        int paddingHeight
    )
    {
        CheckConvolution(batch, height, width, new KernelExtent(kernel, stride, padding, kernelHeight, strideHeight, paddingHeight), false);
        CheckConvolution(batch, height, width, new KernelExtent(kernel, stride, padding, kernelHeight, strideHeight, paddingHeight), true);
    }

    [Fact]
    public void BatchNormalization_Training_UsesTheBatchAndFollowsIt()
    {
        using var network = new TestNetwork();
        var layer = new BatchNormalization(network.Parameters, network.State, "l", 3);
        network.Allocate();
        var pass = new ForwardPass(true);
        var input = network.Device.Random(1, 4, 2, 3);
        var output = layer.Apply(input, pass);
        using var program = new ComputeProgram(network.Device, [output], pass.Updates);
        var (runningMean, runningVariance) = (new double[3], new[] { 1.0, 1, 1 });
        for (var run = 0; run < 3; run++)
        {
            var x = DeviceNumbers.Uniform(10 + run, 24, -2, 3);
            network.Device.Upload(x, input.Storage);
            program.Run();
            var columns = Enumerable
                .Range(0, 3)
                .Select(channel => Enumerable.Range(0, 8).Select(row => (double)x[(row * 3) + channel]).ToArray())
                .ToArray();
            var means = Array.ConvertAll(columns, column => column.Average());
            var variances = columns.Select((column, channel) => column.Average(value => Math.Pow(value - means[channel], 2))).ToArray();
            NumberAssert.Near(Normalized(network, x, means, variances), program.Read(output), 2e-5);
            for (var channel = 0; channel < 3; channel++)
            {
                runningMean[channel] += 0.1 * (means[channel] - runningMean[channel]);
                runningVariance[channel] += 0.1 * ((variances[channel] * 8 / 7) - runningVariance[channel]);
                Assert.Equal(runningMean[channel], network["l.mean"][channel], 1e-5);
                Assert.Equal(runningVariance[channel], network["l.variance"][channel], 1e-5);
            }
        }
    }

    [Fact]
    public void BatchNormalization_Evaluation_UsesTheRunningStatistics()
    {
        using var network = new TestNetwork();
        var layer = new BatchNormalization(network.Parameters, network.State, "l", 2);
        network.Allocate();
        network.Device.Upload([0.5f, -1, 4, 0.25f], network.State.Storage);
        var pass = new ForwardPass(false);
        var input = network.Device.Random(1, 5, 2);
        var actual = network.Device.Evaluate(layer.Apply(input, pass))[0];
        Assert.Empty(pass.Updates);
        NumberAssert.Near(Normalized(network, network.Device.Read(input.Storage), [0.5, -1], [4, 0.25]), actual, 1e-5);
    }

    [Fact]
    public void BatchNormalization_OneRow_GivesTheShift()
    {
        using var network = new TestNetwork();
        var layer = new BatchNormalization(network.Parameters, network.State, "l", 2);
        network.Allocate();
        var pass = new ForwardPass(true);
        var output = layer.Apply(network.Device.Random(1, 1, 2), pass);
        using var program = new ComputeProgram(network.Device, [output], pass.Updates);
        program.Run();
        NumberAssert.Near(network["l.shift"], program.Read(output), 1e-6);
        Assert.All(network["l.variance"], value => Assert.Equal(0.9, value, 1e-6));
    }

    [Theory]
    [InlineData(3, 8)]
    [InlineData(2, 3, 5)]
    public void LayerNormalization_Rows_EqualsReference(params int[] shape)
    {
        using var network = new TestNetwork();
        var channels = shape[^1];
        var layer = new LayerNormalization(network.Parameters, "l", channels);
        network.Allocate();
        var (output, x) = Apply(network, layer, shape);
        var (scale, shift) = (network["l.scale"], network["l.shift"]);
        var expected = x.Chunk(channels)
            .SelectMany(row =>
            {
                var mean = row.Average();
                var deviation = Math.Sqrt(row.Average(value => Math.Pow(value - mean, 2)) + 1e-5);
                return row.Select((value, channel) => ((value - mean) / deviation * scale[channel]) + shift[channel]);
            })
            .ToArray();
        NumberAssert.Near(expected, network.Device.Evaluate(output)[0], 2e-5);
    }

    private static (Tensor Output, double[] Input) Apply(TestNetwork network, Layer layer, int[] shape)
    {
        var input = network.Device.Random(3, shape);
        return (layer.Apply(input, new ForwardPass(true)), Array.ConvertAll(network.Device.Read(input.Storage), value => (double)value));
    }

    private static double[] Normalized(TestNetwork network, float[] x, double[] means, double[] variances)
    {
        var (scale, shift) = (network["l.scale"], network["l.shift"]);
        return
        [
            .. x.Select(
                (value, i) =>
                    (value - means[i % means.Length]) / Math.Sqrt(variances[i % means.Length] + 1e-5) * scale[i % means.Length]
                    + shift[i % means.Length]
            ),
        ];
    }

    private static void CheckConvolution(int batch, int height, int width, KernelExtent extent, bool isTransposed)
    {
        const int Inputs = 2,
            Outputs = 3;
        using var network = new TestNetwork();
        var layer = new ConvolutionLayer(network.Parameters, "l", Inputs, Outputs, extent, isTransposed);
        network.Allocate();
        var isLine = height == 1 && extent.KernelHeight == 1;
        var (output, x) = Apply(network, layer, isLine ? [batch, width, Inputs] : [batch, height, width, Inputs]);
        int Length(int length, int kernel, int stride, int padding) =>
            isTransposed ? ((length - 1) * stride) - (2 * padding) + kernel : ((length + (2 * padding) - kernel) / stride) + 1;
        var (rows, columns) = (
            Length(height, extent.KernelHeight, extent.StrideHeight, extent.PaddingHeight),
            Length(width, extent.Kernel, extent.Stride, extent.Padding)
        );
        Assert.Equal(isLine ? new TensorShape(batch, columns, Outputs) : new TensorShape(batch, rows, columns, Outputs), output.Shape);

        // Forward, an output looks at the inputs at its place times the stride; transposed, an input adds to the outputs there.
        var (weights, bias) = (network["l.weight"], network["l.bias"]);
        var expected = Enumerable.Range(0, batch * rows * columns * Outputs).Select(i => bias[i % Outputs]).ToArray();
        var (nearRows, nearColumns) = isTransposed ? (height, width) : (rows, columns);
        var (farRows, farColumns) = isTransposed ? (rows, columns) : (height, width);
        for (var at = 0; at < batch * nearRows * nearColumns * extent.KernelHeight * extent.Kernel * Inputs * Outputs; at++)
        {
            var rest = at;
            int Next(int count)
            {
                var index = rest % count;
                rest /= count;
                return index;
            }

            var (o, i, kx, ky, nearX, nearY) = (
                Next(Outputs),
                Next(Inputs),
                Next(extent.Kernel),
                Next(extent.KernelHeight),
                Next(nearColumns),
                Next(nearRows)
            );
            var (farX, farY) = ((nearX * extent.Stride) + kx - extent.Padding, (nearY * extent.StrideHeight) + ky - extent.PaddingHeight);
            if (farX < 0 || farY < 0 || farX >= farColumns || farY >= farRows)
                continue;
            var (near, far) = ((((rest * nearRows) + nearY) * nearColumns) + nearX, (((rest * farRows) + farY) * farColumns) + farX);
            var tap = (ky * extent.Kernel) + kx;
            if (isTransposed)
                expected[(far * Outputs) + o] += x[(near * Inputs) + i] * weights[(((tap * Outputs) + o) * Inputs) + i];
            else
                expected[(near * Outputs) + o] += x[(far * Inputs) + i] * weights[(((tap * Inputs) + i) * Outputs) + o];
        }

        NumberAssert.Near(expected, network.Device.Evaluate(output)[0], 1e-5);
    }
}
