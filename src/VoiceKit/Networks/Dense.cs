using VoiceKit.Compute;

namespace VoiceKit.Networks;

/// <summary>y = x W + b along the last dimension: [..., inputs] -> [..., outputs].</summary>
public sealed class Dense : Layer
{
    private readonly LayerWeights weights;
    private readonly Variable? bias;

    /// <summary>Adds the layer's parameters to a set.</summary>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="name">What the names of the parameters begin with.</param>
    /// <param name="inputs">The length of the last dimension of the input.</param>
    /// <param name="outputs">The length of the last dimension of the output.</param>
    /// <param name="options">How the weights begin and are kept.</param>
    public Dense(ParameterSet parameters, string name, int inputs, int outputs, WeightOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        weights = new LayerWeights(parameters, name, new TensorShape(inputs, outputs), inputs, options ?? new WeightOptions());
        bias = weights.Bias(parameters, name, outputs);
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rows = input.Reshape(input.Shape.Length / Math.Max(input.Shape[^1], 1), input.Shape[^1]);
        var product = Tensor.MatrixProduct(rows, weights.Apply(pass));
        var output = bias is null ? product : product + bias;
        return output.Reshape(input.Shape.With(input.Shape.Rank - 1, product.Shape[^1]));
    }
}
