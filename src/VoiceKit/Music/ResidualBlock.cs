using VoiceKit.Compute;
using VoiceKit.Networks;

namespace VoiceKit.Music;

/// <summary>x + convolution(lrelu(convolution(lrelu(normalised x)))) over the beats: [batch, beats, channels] to the same shape.</summary>
internal sealed class ResidualBlock : Layer
{
    private readonly LayerNormalization? normalization;
    private readonly ConvolutionLayer first;
    private readonly ConvolutionLayer second;

    /// <param name="parameters">The network's parameters.</param>
    /// <param name="name">What their names begin with.</param>
    /// <param name="channels">The channels.</param>
    /// <param name="kernel">The beats that the first convolution sees, an odd number; the second sees three.</param>
    /// <param name="isNormalised">Whether the input is layer-normalised first. A critic under a gradient penalty must not be.</param>
    public ResidualBlock(ParameterSet parameters, string name, int channels, int kernel, bool isNormalised)
    {
        normalization = isNormalised ? new LayerNormalization(parameters, name + ".normalization", channels) : null;
        first = new ConvolutionLayer(parameters, name + ".first", channels, channels, new KernelExtent(kernel, 1, kernel / 2), options: new WeightOptions { Gain = 1.3 });

        // A small second convolution: at first the block does little.
        second = new ConvolutionLayer(parameters, name + ".second", channels, channels, new KernelExtent(3, 1, 1), options: new WeightOptions { Gain = 0.3 });
    }

    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        var x = normalization is null ? input : normalization.Apply(input, pass);
        return input + second.Apply(first.Apply(x.LeakyRelu(), pass).LeakyRelu(), pass);
    }
}
