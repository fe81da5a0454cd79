using VoiceKit.Devices;
using VoiceKit.Numerics;
using VoiceKit.Tensors;

namespace VoiceKit.Networks;

/// <summary>A part of a network: a function of a tensor with parameters of its own.</summary>
public abstract class Layer
{
    /// <summary>The layer's output for an input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="pass">Whether the network is trained or used.</param>
    public abstract Tensor Apply(Tensor input, ForwardPass pass);
}

/// <summary>One way through a network: whether it trains, and which states it changes.</summary>
/// <param name="isTraining">Whether layers use the statistics of the batch and change their running states.</param>
public sealed class ForwardPass(bool isTraining)
{
    private readonly List<VariableUpdate> updates = [];

    /// <summary>Gets whether layers use the statistics of the batch and change their running states.</summary>
    public bool IsTraining => isTraining;

    /// <summary>Gets the changes of states that a program of this pass must make.</summary>
    public IReadOnlyList<VariableUpdate> Updates => updates;

    /// <summary>Adds a change of a state.</summary>
    internal void Add(VariableUpdate update)
    {
        if (isTraining)
            updates.Add(update);
    }
}

/// <summary>The initialization and normalisation of a layer's weights.</summary>
public sealed record WeightOptions
{
    /// <summary>Gets or sets the standard deviation of the first weights, times the root of the inputs of an output.</summary>
    public double Gain { get; init; } = 1;

    /// <summary>Gets or sets whether a bias is added.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Gets or sets where given, the weights are divided by their largest singular value, whose vectors are kept there.</summary>
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

/// <summary>Fills a parameter with its first values.</summary>
public delegate void Initialization(RandomNumbers random, Span<float> values);

/// <summary>The usual first values of parameters.</summary>
public static class Initializations
{
    /// <summary>One value throughout.</summary>
    /// <param name="value">The value.</param>
    public static Initialization Constant(float value) => (_, values) => values.Fill(value);

    /// <summary>Uniform within -limit .. limit.</summary>
    /// <param name="limit">The limit, above 0.</param>
    public static Initialization Uniform(double limit) =>
        (random, values) =>
        {
            foreach (ref var value in values)
                value = (float)(limit * ((2 * random.NextUniform()) - 1));
        };

    /// <summary>Normal with mean 0.</summary>
    /// <param name="deviation">The standard deviation, above 0.</param>
    public static Initialization Normal(double deviation) =>
        (random, values) =>
        {
            foreach (ref var value in values)
                value = (float)(deviation * random.NextNormal());
        };

    /// <summary>
    /// Normal with variance gain^2 / inputs (He et al. 2015): keeps the variance from layer to layer; sqrt(2) goes with ReLU.
    /// </summary>
    /// <param name="inputs">The number of inputs of a unit.</param>
    /// <param name="gain">The gain.</param>
    public static Initialization Scaled(int inputs, double gain = 1) => Normal(gain / Math.Sqrt(Math.Max(inputs, 1)));
}

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
