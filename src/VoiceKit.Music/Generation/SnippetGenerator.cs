using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Tensors;

namespace VoiceKit.Music;

/// <summary>
/// The generator: noise of the snippet and of each beat becomes one vector a beat; convolutions over neighbouring beats and attention over
/// all of them make these fit each other; a transposed convolution unfolds each beat to the states of its steps and voices.
/// </summary>
internal sealed class SnippetGenerator : Layer
{
    /// <summary>Added to the logit of a hold in the first step, where there is nothing to hold.</summary>
    private const float Never = -1e9f;

    private readonly SnippetLayout layout;
    private readonly GeneratorOptions options;
    private readonly Dense fromSnippetNoise;
    private readonly Dense fromBeatNoise;
    private readonly ResidualBlock[] blocks;
    private readonly LayerNormalization attentionNormalization;
    private readonly SelfAttention attention;
    private readonly LayerNormalization lastNormalization;
    private readonly ConvolutionLayer unfold;
    private readonly Variable stateBias;
    private readonly Variable firstStep;

    /// <param name="parameters">The generator's parameters.</param>
    /// <param name="constants">Where its constants are kept.</param>
    /// <param name="layout">The grid.</param>
    /// <param name="options">The size.</param>
    /// <param name="stateLogits">The logarithms of how frequent the states are, [steps of a beat, voices, states]: what the generator says
    /// before it has learned more. Null where the parameters are read from a file.</param>
    public SnippetGenerator(
        ParameterSet parameters,
        ParameterSet constants,
        SnippetLayout layout,
        GeneratorOptions options,
        float[]? stateLogits = null
    )
    {
        (this.layout, this.options) = (layout, options);
        var channels = options.Channels;
        fromSnippetNoise = new Dense(parameters, "snippet_noise", options.SnippetNoise, layout.BeatCount * channels);
        fromBeatNoise = new Dense(parameters, "beat_noise", options.BeatNoise, channels);
        blocks =
        [
            .. ((int[])[3, 5, 3]).Select((kernel, i) => new ResidualBlock(parameters, $"block{i}", channels, kernel, isNormalised: true)),
        ];
        attentionNormalization = new LayerNormalization(parameters, "attention.normalization", channels);
        attention = new SelfAttention(parameters, "attention", channels, options.HeadCount);
        lastNormalization = new LayerNormalization(parameters, "last.normalization", channels);
        unfold = new ConvolutionLayer(
            parameters,
            "unfold",
            channels,
            layout.VoiceCount * layout.StateCount,
            new KernelExtent(layout.StepsPerBeat, layout.StepsPerBeat),
            isTransposed: true,
            new WeightOptions { HasBias = false }
        );
        stateBias = parameters.Add(
            "unfold.bias",
            new TensorShape(1, 1, layout.BeatWidth),
            stateLogits is null ? Initializations.Constant(0) : (_, values) => stateLogits.CopyTo(values)
        );
        firstStep = constants.Add(
            "first_step",
            new TensorShape(1, layout.StepCount, 1, layout.StateCount),
            (_, values) => values[PianoRoll.Hold] = Never
        );
    }

    /// <summary>The numbers of noise that make one snippet.</summary>
    public static int NoiseLength(SnippetLayout layout, GeneratorOptions options) =>
        options.SnippetNoise + (layout.BeatCount * options.BeatNoise);

    /// <summary>Makes sure that a model holds the parameters that its sizes ask for.</summary>
    /// <exception cref="InvalidDataException">One is missing or has another shape.</exception>
    public static void RequireParameters(MusicModel model)
    {
        var parameters = new ParameterSet();
        _ = new SnippetGenerator(parameters, new ParameterSet(), model.Layout, model.Generator);
        parameters.RequireShapes(model.Parameters, "");
    }

    /// <summary>Noise [batch, <see cref="NoiseLength"/>] -> logits [batch, steps, voices, states].</summary>
    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        var batch = input.Shape[0];
        var snippetNoise = input.Slice(1, 0, options.SnippetNoise);
        var beatNoise = input
            .Slice(1, options.SnippetNoise, layout.BeatCount * options.BeatNoise)
            .Reshape(batch, layout.BeatCount, options.BeatNoise);
        var x =
            fromSnippetNoise.Apply(snippetNoise, pass).Reshape(batch, layout.BeatCount, options.Channels)
            + fromBeatNoise.Apply(beatNoise, pass);
        x = blocks[1].Apply(blocks[0].Apply(x, pass), pass);
        x += attention.Apply(attentionNormalization.Apply(x, pass), pass);
        x = lastNormalization.Apply(blocks[2].Apply(x, pass), pass).LeakyRelu();
        var logits = unfold.Apply(x, pass).Reshape(batch, layout.BeatCount, layout.BeatWidth) + stateBias;
        return logits.Reshape(batch, layout.StepCount, layout.VoiceCount, layout.StateCount) + firstStep;
    }
}

/// <summary>The size of a generator.</summary>
public sealed record GeneratorOptions
{
    /// <summary>Gets or sets the channels of a beat, a multiple of the heads.</summary>
    public int Channels { get; init; } = 96;

    /// <summary>Gets or sets the noise of the whole snippet.</summary>
    public int SnippetNoise { get; init; } = 64;

    /// <summary>Gets or sets the noise of each beat.</summary>
    public int BeatNoise { get; init; } = 32;

    /// <summary>Gets or sets the heads of the attention over the beats.</summary>
    public int HeadCount { get; init; } = 4;
}

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
        first = new ConvolutionLayer(
            parameters,
            name + ".first",
            channels,
            channels,
            new KernelExtent(kernel, 1, kernel / 2),
            options: new WeightOptions { Gain = 1.3 }
        );

        // A small second convolution: at first the block does little.
        second = new ConvolutionLayer(
            parameters,
            name + ".second",
            channels,
            channels,
            new KernelExtent(3, 1, 1),
            options: new WeightOptions { Gain = 0.3 }
        );
    }

    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        var x = normalization is null ? input : normalization.Apply(input, pass);
        return input + second.Apply(first.Apply(x.LeakyRelu(), pass).LeakyRelu(), pass);
    }
}
