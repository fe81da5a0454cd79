using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Networks;

public class LayerGradientTests
{
    private static readonly WeightOptions WithoutBias = new() { HasBias = false };

    private static readonly Dictionary<string, (Func<TestNetwork, Layer> Create, int[] Input, bool IsTraining)> Cases = new()
    {
        ["dense"] = (net => new Dense(net.Parameters, "l", 3, 4), [2, 3], true),
        ["dense over time"] = (net => new Dense(net.Parameters, "l", 3, 2), [2, 2, 3], true),
        ["dense without bias"] = (net => new Dense(net.Parameters, "l", 3, 4, WithoutBias), [2, 3], true),
        ["convolution"] = (net => new ConvolutionLayer(net.Parameters, "l", 2, 3, new KernelExtent(3, 2, 1)), [2, 5, 2], true),
        ["convolution without bias"] = (
            net => new ConvolutionLayer(net.Parameters, "l", 2, 3, new KernelExtent(2), options: WithoutBias),
            [1, 3, 2],
            true
        ),
        ["convolution, 2-D"] = (net => new ConvolutionLayer(net.Parameters, "l", 1, 2, KernelExtent.Square(3, 2, 1)), [1, 4, 5, 1], true),
        ["transposed convolution"] = (
            net => new ConvolutionLayer(net.Parameters, "l", 3, 2, new KernelExtent(4, 2, 1), true),
            [2, 3, 3],
            true
        ),
        ["transposed convolution, 2-D"] = (
            net => new ConvolutionLayer(net.Parameters, "l", 2, 1, new KernelExtent(2, 1, 0, 3, 2, 1), true),
            [1, 2, 3, 2],
            true
        ),
        ["batch normalization, training"] = (net => new BatchNormalization(net.Parameters, net.State, "l", 2), [6, 2], true),
        ["batch normalization over time"] = (net => new BatchNormalization(net.Parameters, net.State, "l", 2), [2, 4, 2], true),
        ["batch normalization, evaluation"] = (net => new BatchNormalization(net.Parameters, net.State, "l", 3), [4, 3], false),
        ["layer normalization"] = (net => new LayerNormalization(net.Parameters, "l", 5), [2, 5], true),
        ["layer normalization over time"] = (net => new LayerNormalization(net.Parameters, "l", 4), [2, 2, 4], true),
        ["recurrent layer"] = (net => new Lstm(net.Parameters, "l", 2, 3), [2, 4, 2], true),
        ["self-attention, 1 head"] = (net => new SelfAttention(net.Parameters, "l", 2, 1), [1, 3, 2], true),
        ["self-attention, 2 heads"] = (net => new SelfAttention(net.Parameters, "l", 4, 2), [2, 3, 4], true),
    };

    public static TheoryData<string, string> Layers => TestDevices.WithFast(Cases.Keys);

    [Theory]
    [MemberData(nameof(Layers))]
    public void Apply_EachLayer_HasTheDerivativesOfFiniteDifferences(string deviceName, string name)
    {
        var (create, shape, isTraining) = Cases[name];
        using var network = new TestNetwork(TestDevices.Create(deviceName));
        var layer = create(network);
        network.Allocate();
        var input = network.Device.Random(3, shape);
        var output = layer.Apply(input, new ForwardPass(isTraining));
        GradientCheck.Of(network.Device, output, [input, .. network.Parameters.Variables]);
    }

    [Fact]
    public void Apply_SpectralNormalization_HasTheDerivativesWithItsVectorsFixed()
    {
        // The same expression with the vectors as variables: finite differences of the layer itself would move them.
        using var network = new TestNetwork();
        var shape = new TensorShape(2, 3, 4);
        var layer = new SpectralNormalization(network.State, "l", shape);
        network.Allocate();
        var weights = network.Device.Random(4, 2, 3, 4);
        var output = layer.Apply(weights, new ForwardPass(true));

        var matrix = weights.Reshape(6, 4);
        var start = network.State.Variables[0];
        var left = Tensor.MatrixProduct(matrix, start);
        left /= left.Square().Sum().Sqrt();
        var right = Tensor.MatrixProduct(matrix, left, transposeLeft: true);
        right /= right.Square().Sum().Sqrt();
        var vectors = network.Device.Evaluate(left, right);
        var (u, v) = (network.Device.Variable(left.Shape, vectors[0]), network.Device.Variable(right.Shape, vectors[1]));
        var expected = weights / Tensor.MatrixProduct(u, Tensor.MatrixProduct(matrix, v), transposeLeft: true).Sum();
        GradientCheck.Of(network.Device, expected, weights);

        var mix = network.Device.Random(5, 2, 3, 4);
        Tensor[] Derivatives(Tensor result)
        {
            var first = Differentiation.Gradients((result * mix).Sum(), weights)[0];
            return [result, first, Differentiation.Gradients((first * mix).Sum(), weights)[0]];
        }

        var values = network.Device.Evaluate([.. Derivatives(expected), .. Derivatives(output)]);
        for (var i = 0; i < 3; i++)
            NumberAssert.Near(Array.ConvertAll(values[i], value => (double)value), values[i + 3], 1e-5);
    }
}
