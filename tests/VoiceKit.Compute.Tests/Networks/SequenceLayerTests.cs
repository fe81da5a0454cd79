using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Networks;

public class SequenceLayerTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 6, 2, 4)]
    public void Lstm_Sequences_EqualsReference(int batch, int time, int inputs, int units)
    {
        using var network = new TestNetwork();
        var layer = new Lstm(network.Parameters, "l", inputs, units);
        network.Allocate();
        var input = network.Device.Random(3, batch, time, inputs);
        var output = layer.Apply(input, new ForwardPass(true));
        Assert.Equal(new TensorShape(batch, time, units), output.Shape);

        var x = network.Device.Read(input.Storage);
        var (fromInput, bias, fromState) = (network["l.input.weight"], network["l.input.bias"], network["l.state.weight"]);
        var expected = new double[batch * time * units];
        for (var sequence = 0; sequence < batch; sequence++)
        {
            var (state, cell) = (new double[units], new double[units]);
            for (var t = 0; t < time; t++)
            {
                var at = (sequence * time) + t;
                var old = state.ToArray();
                double Gate(int number, int unit)
                {
                    var column = (number * units) + unit;
                    return bias[column]
                        + Enumerable.Range(0, inputs).Sum(i => x[(at * inputs) + i] * fromInput[(i * 4 * units) + column])
                        + Enumerable.Range(0, units).Sum(i => old[i] * fromState[(i * 4 * units) + column]);
                }

                for (var unit = 0; unit < units; unit++)
                {
                    cell[unit] = (Sigmoid(Gate(1, unit) + 1) * cell[unit]) + (Sigmoid(Gate(0, unit)) * Math.Tanh(Gate(2, unit)));
                    state[unit] = Sigmoid(Gate(3, unit)) * Math.Tanh(cell[unit]);
                    expected[(at * units) + unit] = state[unit];
                }
            }
        }

        NumberAssert.Near(expected, network.Device.Evaluate(output)[0], 1e-5);
    }

    [Theory]
    [InlineData(1, 1, 2, 1)]
    [InlineData(2, 5, 4, 1)]
    [InlineData(2, 5, 6, 3)]
    public void SelfAttention_Sequences_EqualsReference(int batch, int time, int channels, int heads)
    {
        using var network = new TestNetwork();
        var layer = new SelfAttention(network.Parameters, "l", channels, heads);
        network.Allocate();
        var input = network.Device.Random(3, batch, time, channels);
        var output = layer.Apply(input, new ForwardPass(true));
        Assert.Equal(input.Shape, output.Shape);

        var x = network.Device.Read(input.Storage);
        var (projections, mixing, bias) = (network["l.projections.weight"], network["l.output.weight"], network["l.output.bias"]);
        var width = channels / heads;
        double Projected(int at, int part, int channel) =>
            Enumerable.Range(0, channels).Sum(i => x[(at * channels) + i] * projections[(i * 3 * channels) + (part * channels) + channel]);
        var expected = new double[x.Length];
        for (var at = 0; at < batch * time; at++)
        {
            var first = at / time * time;
            var mixed = new double[channels];
            for (var head = 0; head < heads; head++)
            {
                var all = Enumerable.Range(head * width, width).ToArray();
                var scores = Enumerable
                    .Range(first, time)
                    .Select(other => Math.Exp(all.Sum(c => Projected(at, 0, c) * Projected(other, 1, c)) / Math.Sqrt(width)))
                    .ToArray();
                foreach (var c in all)
                    mixed[c] = Enumerable.Range(0, time).Sum(t => scores[t] / scores.Sum() * Projected(first + t, 2, c));
            }

            for (var c = 0; c < channels; c++)
                expected[(at * channels) + c] = bias[c] + Enumerable.Range(0, channels).Sum(i => mixed[i] * mixing[(i * channels) + c]);
        }

        NumberAssert.Near(expected, network.Device.Evaluate(output)[0], 1e-5);
    }

    [Fact]
    public void SelfAttention_ChannelsNoMultipleOfHeads_Throws()
    {
        using var set = new ParameterSet();
        Assert.Throws<ArgumentException>(() => new SelfAttention(set, "l", 5, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SelfAttention(set, "l", 5, 0));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
