using VoiceKit.Devices;
using VoiceKit.Tensors;

namespace VoiceKit.Networks;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates: Gers et al. 2000): [batch, time, inputs] -> [batch, time,
/// units].
/// </summary>
public sealed class Lstm : Layer
{
    private const int Gates = 4;

    private readonly Dense fromInput;
    private readonly Dense fromState;
    private readonly int units;

    /// <summary>Adds the layer's parameters to a set.</summary>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="name">What the names begin with.</param>
    /// <param name="inputs">The length of the input's last dimension.</param>
    /// <param name="units">The number of cells.</param>
    public Lstm(ParameterSet parameters, string name, int inputs, int units)
    {
        this.units = units;
        fromInput = new Dense(parameters, name + ".input", inputs, Gates * units);
        fromState = new Dense(parameters, name + ".state", units, Gates * units, new WeightOptions { HasBias = false });
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (batch, time) = (input.Shape[0], input.Shape[1]);
        var fromInputs = fromInput.Apply(input, pass);
        var state = Tensor.Filled(0, new TensorShape(batch, units));
        var cell = state;
        var outputs = new Tensor[time];
        for (var t = 0; t < time; t++)
        {
            var gates = fromInputs.Slice(1, t, 1).Reshape(batch, Gates * units) + fromState.Apply(state, pass);
            Tensor Gate(int number) => gates.Slice(1, number * units, units);

            // One more in the forget gate's sigmoid: at first the cell keeps what it has.
            cell = ((Gate(1) + 1).Sigmoid() * cell) + (Gate(0).Sigmoid() * Gate(2).Tanh());
            state = Gate(3).Sigmoid() * cell.Tanh();
            outputs[t] = state.Reshape(batch, 1, units);
        }

        return Tensor.Concatenate(1, outputs);
    }
}
