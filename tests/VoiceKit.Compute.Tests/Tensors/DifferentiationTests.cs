using VoiceKit.Devices;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Tensors;

public sealed class DifferentiationTests : IDisposable
{
    private readonly CpuDevice device = new(1);

    public void Dispose() => device.Dispose();

    [Fact]
    public void Gradients_UnusedTarget_GivesZeros()
    {
        var (x, unused) = (device.Random(1, 3), device.Random(2, 2, 2));
        var gradients = Differentiation.Gradients(x.Square().Sum(), unused, x);
        Assert.Equal(unused.Shape, gradients[0].Shape);
        Assert.Equal(new float[4], device.Evaluate([.. gradients])[0]);
    }

    [Fact]
    public void Gradients_ScalarItselfIsTarget_GivesOne()
    {
        var x = device.Random(1, 1, 1);
        var scalar = x.Square();
        var values = device.Evaluate([.. Differentiation.Gradients(scalar, scalar, x)]);
        Assert.Equal([1f], values[0]);
        Assert.Equal(2 * device.Read(x.Storage)[0], values[1][0]);
        Assert.Equal([1f], device.Evaluate([.. Differentiation.Gradients(x, x)])[0]);
    }

    [Fact]
    public void Gradients_IntermediateTarget_CountsAsVariable()
    {
        var x = device.Random(1, 4);
        var h = 3 * x;
        var values = device.Evaluate([h, .. Differentiation.Gradients(h.Square().Sum(), h, x, h)]);
        Assert.Equal(Array.ConvertAll(values[0], value => 2 * value), values[1]);
        Assert.Equal(Array.ConvertAll(values[0], value => 6 * value), values[2]);
        Assert.Equal(values[1], values[3]);
    }

    [Fact]
    public void Gradients_NoTargets_GivesNone() => Assert.Empty(Differentiation.Gradients(device.Random(1, 1)));

    [Fact]
    public void Gradients_MoreThanOneElement_Throws()
    {
        var x = device.Random(1, 2);
        Assert.Throws<ArgumentException>(() => Differentiation.Gradients(x, x));
        Assert.Throws<ArgumentException>(() => Differentiation.Gradients(new Variable(device, new TensorShape(0)), x));
    }

    [Fact]
    public void Gradients_TensorUsedInManyPlaces_AreAddedUp()
    {
        // x (x + x) + sin-like branches that meet again.
        var x = device.Random(3, 5);
        var a = x * (x + x);
        var b = a.Tanh();
        GradientCheck.Of(device, (a * b) + (b * x) + (a - x).Sigmoid() + x, x);
    }

    [Fact]
    public void Gradients_DeepChain_DoesNotOverflowTheStack()
    {
        // 0.9999^20000 x + a geometric sum: the slope is known.
        var x = device.Random(1, 2);
        Tensor y = x;
        for (var i = 0; i < 20_000; i++)
            y = y.Affine(0.9999f, 0.0001f);
        var gradient = Differentiation.Gradients(y.Sum(), x)[0];
        var expected = Math.Pow(0.9999f, 20_000);
        Assert.All(device.Evaluate(gradient)[0], value => Assert.Equal(expected, value, 1e-3 * expected));
    }

    [Fact]
    public void Gradients_DeepChainWithBranches_TakesEachTensorOnce()
    {
        // Each step uses the last result twice: 2^1000 paths lead to x, which must not be walked one by one.
        var x = device.Variable(new TensorShape(1), 1);
        Tensor y = x;
        for (var i = 0; i < 1000; i++)
            y = (0.5f * y) + (0.5f * y);
        Assert.Equal([1f], device.Evaluate(Differentiation.Gradients(y, x)[0])[0]);
    }

    [Fact]
    public void StopGradient_Tensor_IsAConstantForTheGradient()
    {
        var x = device.Random(1, 4);
        var gradients = Differentiation.Gradients((x * x.StopGradient()).Sum(), x);
        Assert.Equal(device.Read(x.Storage), device.Evaluate([.. gradients])[0]);
        var none = Differentiation.Gradients(x.Square().StopGradient().Sum(), x);
        Assert.Equal(new float[4], device.Evaluate([.. none])[0]);
    }

    [Fact]
    public void StraightThroughMaximum_Gradient_PassesUnchanged()
    {
        var x = device.Variable(new TensorShape(2, 3), 1, 5, 2, 4, 4, 3);
        var weights = device.Random(2, 2, 3);
        var marks = x.StraightThroughMaximum();
        var values = device.Evaluate([marks, .. Differentiation.Gradients((marks * weights).Sum(), x)]);
        Assert.Equal([0, 1, 0, 1, 0, 0], values[0]);
        Assert.Equal(device.Read(weights.Storage), values[1]);
    }

    [Fact]
    public void OneHot_Gradient_IsZero()
    {
        var indices = device.Variable(new TensorShape(2), 2, 0);
        var marks = indices.OneHot(3);
        var values = device.Evaluate([marks, .. Differentiation.Gradients(marks.Square().Sum(), indices)]);
        Assert.Equal(new TensorShape(2, 3), marks.Shape);
        Assert.Equal([0, 0, 1, 1, 0, 0], values[0]);
        Assert.Equal([0, 0], values[1]);
    }

    [Fact]
    public void LeakyRelu_AtZero_TakesTheSlopeBelow()
    {
        var x = device.Variable(new TensorShape(3), -1, 0, 1);
        Assert.Equal([0.2f, 0.2f, 1], device.Evaluate(Differentiation.Gradients(x.LeakyRelu().Sum(), x)[0])[0]);
        Assert.Equal([0, 0, 1], device.Evaluate(Differentiation.Gradients(x.Relu().Sum(), x)[0])[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradients_OfGradientPenalty_EqualFiniteDifferences(bool hasKinks)
    {
        // WGAN-GP: the norm of the critic's gradient by its input, then the penalty's gradient by the critic's weights.
        var input = device.Random(1, 2, 8, 1);
        var (kernel1, kernel2) = (device.Random(2, 1, 3, 1, 4), device.Random(3, 1, 4, 4, 3));

        // Biases far from zero, of either sign, keep all kinks out of the finite differences' reach.
        var bias1 = device.Variable(new TensorShape(4), 3, -3, 3.5f, -3.5f);
        var bias2 = device.Variable(new TensorShape(3), 12, -12, 14);
        var last = device.Random(6, 9, 1);
        Tensor Activation(Tensor x) => hasKinks ? x.LeakyRelu() : (0.2f * x).Tanh();

        var hidden = Activation(Tensor.Convolution(Shape(8, 1, 4, 3, 1), input, kernel1) + bias1);
        hidden = Activation(Tensor.Convolution(Shape(8, 4, 3, 4, 3), hidden, kernel2) + bias2);
        var score = Tensor.MatrixProduct(hidden.Reshape(2, 9), last);
        var slope = Differentiation.Gradients(score.Sum(), input)[0];
        var norm = (slope.Reshape(2, 8).Square().Sum(1) + 1e-12f).Sqrt();
        var penalty = (norm - 1).Square().Mean();
        Assert.True(device.Evaluate(penalty)[0][0] > 1e-3);
        GradientCheck.Of(device, penalty, input, kernel1, bias1, kernel2, bias2, last);
    }

    private static ConvolutionShape Shape(int width, int inputs, int outputs, int kernel, int stride) =>
        ConvolutionShape.OneDimensional(2, width, inputs, kernel, outputs, stride, 1);
}
