using MathNet.Numerics.LinearAlgebra;
using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Networks;

public class SpectralNormalizationTests
{
    [Theory]
    [InlineData(6, 4)]
    [InlineData(3, 7)]
    [InlineData(5, 1)]
    [InlineData(1, 5)]
    [InlineData(2, 3, 4)]
    [InlineData(1, 3, 2, 5)]
    public void Apply_AfterSomeRuns_LargestSingularValueIsOne(params int[] shape)
    {
        using var network = new TestNetwork();
        var layer = new SpectralNormalization(network.State, "l", new TensorShape(shape));
        network.Allocate();
        var weights = network.Device.Random(1, shape);
        var pass = new ForwardPass(true);
        var output = layer.Apply(weights, pass);
        using var program = new ComputeProgram(network.Device, [output], pass.Updates);
        for (var run = 0; run < 200; run++)
            program.Run();
        var values = program.Read(output);
        var columns = shape[^1];
        var matrix = Matrix<double>.Build.Dense(values.Length / columns, columns, (i, j) => values[(i * columns) + j]);
        Assert.Equal(1, matrix.Svd().S[0], 1e-4);
        Assert.Equal(1, network["l.singular"].Sum(value => value * value), 1e-5);
        Assert.Equal(weights.Shape, output.Shape);
    }

    [Fact]
    public void Apply_NotTraining_KeepsTheVector()
    {
        using var network = new TestNetwork();
        var dense = new Dense(network.Parameters, "l", 3, 2, new WeightOptions { SpectralState = network.State });
        network.Allocate();
        var pass = new ForwardPass(false);
        dense.Apply(network.Device.Random(1, 2, 3), pass);
        Assert.Empty(pass.Updates);
        Assert.Single(network.State.Variables);
    }

    [Fact]
    public void Apply_WeightsTimesAFactor_GivesTheSame()
    {
        using var network = new TestNetwork();
        var layer = new SpectralNormalization(network.State, "l", new TensorShape(4, 3));
        network.Allocate();
        var weights = network.Device.Random(1, 4, 3);
        var pass = new ForwardPass(true);
        var values = network.Device.Evaluate(layer.Apply(weights, pass), layer.Apply(7 * weights, pass));
        NumberAssert.Near(Array.ConvertAll(values[0], value => (double)value), values[1], 1e-6);
    }
}
