using VoiceKit.Tensors;

namespace VoiceKit.Networks;

/// <summary>Multi-head self-attention (Vaswani et al. 2017, equation 1) over time: [batch, time, channels] to the same shape.</summary>
public sealed class SelfAttention : Layer
{
    private readonly Dense projections;
    private readonly Dense output;
    private readonly int channels;
    private readonly int heads;

    /// <summary>Adds the layer's parameters to a set.</summary>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="name">What the names begin with.</param>
    /// <param name="channels">The channels, a multiple of the heads.</param>
    /// <param name="heads">The number of heads.</param>
    /// <exception cref="ArgumentException">The channels are no multiple of the heads.</exception>
    public SelfAttention(ParameterSet parameters, string name, int channels, int heads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        if (channels % heads != 0)
            throw new ArgumentException($"{channels} channels cannot be shared by {heads} heads.", nameof(heads));
        (this.channels, this.heads) = (channels, heads);
        projections = new Dense(parameters, name + ".projections", channels, 3 * channels, new WeightOptions { HasBias = false });
        output = new Dense(parameters, name + ".output", channels, channels);
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (batch, time, width) = (input.Shape[0], input.Shape[1], channels / heads);

        // [batch, time, 3, heads, width] -> [3, batch, heads, time, width]
        var all = projections.Apply(input, pass).Reshape(batch, time, 3, heads, width).Permute(2, 0, 3, 1, 4);
        Tensor Part(int number) => all.Slice(0, number, 1).Reshape(batch * heads, time, width);
        var scores = Tensor.MatrixProduct(Part(0), Part(1), transposeRight: true) / MathF.Sqrt(width);
        var mixed = Tensor.MatrixProduct(scores.Softmax(), Part(2));
        return output.Apply(mixed.Reshape(batch, heads, time, width).Permute(0, 2, 1, 3).Reshape(batch, time, channels), pass);
    }
}
