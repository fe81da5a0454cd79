using VoiceKit.Compute;

namespace VoiceKit.Networks;

/// <summary>How the weights of a layer begin and are kept.</summary>
public sealed record WeightOptions
{
    /// <summary>The standard deviation of the first weights, times the root of the inputs of an output.</summary>
    public double Gain { get; init; } = 1;

    /// <summary>Whether a bias is added.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Where given, the weights are divided by their largest singular value, whose vectors are kept there.</summary>
    public ParameterSet? SpectralState { get; init; }
}

/// <summary>The weights of a layer, the last dimension being the outputs.</summary>
internal sealed class LayerWeights
{
    private readonly Variable weights;
    private readonly WeightOptions options;
    private readonly SpectralNormalization? spectral;

    public LayerWeights(ParameterSet parameters, string name, TensorShape shape, int fanIn, WeightOptions options)
    {
        this.options = options;
        weights = parameters.Add(name + ".weight", shape, Initializations.Scaled(fanIn, options.Gain));
        if (options.SpectralState is { } state)
            spectral = new SpectralNormalization(state, name, shape);
    }

    public Variable? Bias(ParameterSet parameters, string name, int outputs) =>
        options.HasBias ? parameters.Add(name + ".bias", new TensorShape(outputs), Initializations.Constant(0)) : null;

    public Tensor Apply(ForwardPass pass) => spectral is null ? weights : spectral.Apply(weights, pass);
}
