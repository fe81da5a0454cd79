using VoiceKit.Devices;
using VoiceKit.Tensors;

namespace VoiceKit.Networks;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy 2015): each channel, the last dimension, is brought to mean 0 and variance 1 over all others,
/// then scaled and shifted. In training the batch's statistics are used and followed by running ones, which serve afterwards.
/// </summary>
public sealed class BatchNormalization : Layer
{
    private const float Epsilon = 1e-5f;
    private const float Momentum = 0.1f;

    private readonly Variable scale;
    private readonly Variable shift;
    private readonly Variable runningMean;
    private readonly Variable runningVariance;

    /// <summary>Adds the layer's parameters and states to their sets.</summary>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="state">The network's states.</param>
    /// <param name="name">What the names begin with.</param>
    /// <param name="channels">The length of the last dimension.</param>
    public BatchNormalization(ParameterSet parameters, ParameterSet state, string name, int channels)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(state);
        var shape = new TensorShape(channels);
        scale = parameters.Add(name + ".scale", shape, Initializations.Constant(1));
        shift = parameters.Add(name + ".shift", shape, Initializations.Constant(0));
        runningMean = state.Add(name + ".mean", shape, Initializations.Constant(0));
        runningVariance = state.Add(name + ".variance", shape, Initializations.Constant(1));
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(pass);
        var channels = scale.Shape.Length;
        var rows = input.Reshape(input.Shape.Length / channels, channels);
        Tensor mean = runningMean,
            variance = runningVariance;
        var centred = rows - mean;
        if (pass.IsTraining)
        {
            mean = rows.Mean(0);
            centred = rows - mean;
            variance = centred.Square().Mean(0);
            var unbiased = variance * ((float)rows.Shape[0] / Math.Max(rows.Shape[0] - 1, 1));
            pass.Add(Follow(runningMean, mean));
            pass.Add(Follow(runningVariance, unbiased));
        }

        var factor = scale * (variance.Reshape(channels) + Epsilon).Sqrt().Reciprocal();
        return ((centred * factor) + shift).Reshape(input.Shape);
    }

    private static Assignment Follow(Variable running, Tensor now) =>
        new(running, ((1 - Momentum) * running) + (Momentum * now.Reshape(running.Shape)));
}

/// <summary>
/// Layer normalisation (Ba, Kiros and Hinton 2016): the last dimension is brought to mean 0 and variance 1, then scaled and shifted.
/// </summary>
public sealed class LayerNormalization : Layer
{
    private const float Epsilon = 1e-5f;

    private readonly Variable scale;
    private readonly Variable shift;

    /// <summary>Adds the layer's parameters to a set.</summary>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="name">What the names begin with.</param>
    /// <param name="channels">The length of the last dimension.</param>
    public LayerNormalization(ParameterSet parameters, string name, int channels)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var shape = new TensorShape(channels);
        scale = parameters.Add(name + ".scale", shape, Initializations.Constant(1));
        shift = parameters.Add(name + ".shift", shape, Initializations.Constant(0));
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        ArgumentNullException.ThrowIfNull(input);
        var last = input.Shape.Rank - 1;
        var centred = input - input.Mean(last);
        var deviation = (centred.Square().Mean(last) + Epsilon).Sqrt();
        return (centred * deviation.Reciprocal() * scale) + shift;
    }
}
