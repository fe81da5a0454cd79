using VoiceKit.Compute;
using VoiceKit.Networks;

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
    /// <param name="stateLogits">The logarithms of how frequent the states are, [steps of a beat, voices, states]: what the generator says before it has learned more. Null where the parameters are read from a file.</param>
    public SnippetGenerator(ParameterSet parameters, ParameterSet constants, SnippetLayout layout, GeneratorOptions options, float[]? stateLogits = null)
    {
        (this.layout, this.options) = (layout, options);
        var channels = options.Channels;
        fromSnippetNoise = new Dense(parameters, "snippet_noise", options.SnippetNoise, layout.BeatCount * channels);
        fromBeatNoise = new Dense(parameters, "beat_noise", options.BeatNoise, channels);
        blocks = [.. ((int[])[3, 5, 3]).Select((kernel, i) => new ResidualBlock(parameters, $"block{i}", channels, kernel, isNormalised: true))];
        attentionNormalization = new LayerNormalization(parameters, "attention.normalization", channels);
        attention = new SelfAttention(parameters, "attention", channels, options.HeadCount);
        lastNormalization = new LayerNormalization(parameters, "last.normalization", channels);
        unfold = new ConvolutionLayer(parameters, "unfold", channels, layout.VoiceCount * layout.StateCount, new KernelExtent(layout.StepsPerBeat, layout.StepsPerBeat), isTransposed: true, new WeightOptions { HasBias = false });
        stateBias = parameters.Add("unfold.bias", new TensorShape(1, 1, layout.BeatWidth), stateLogits is null ? Initializations.Constant(0) : (_, values) => stateLogits.CopyTo(values));
        firstStep = constants.Add("first_step", new TensorShape(1, layout.StepCount, 1, layout.StateCount), (_, values) => values[PianoRoll.Hold] = Never);
    }

    /// <summary>The numbers of noise that make one snippet.</summary>
    public static int NoiseLength(SnippetLayout layout, GeneratorOptions options) => options.SnippetNoise + (layout.BeatCount * options.BeatNoise);

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
        var beatNoise = input.Slice(1, options.SnippetNoise, layout.BeatCount * options.BeatNoise).Reshape(batch, layout.BeatCount, options.BeatNoise);
        var x = fromSnippetNoise.Apply(snippetNoise, pass).Reshape(batch, layout.BeatCount, options.Channels) + fromBeatNoise.Apply(beatNoise, pass);
        x = blocks[1].Apply(blocks[0].Apply(x, pass), pass);
        x += attention.Apply(attentionNormalization.Apply(x, pass), pass);
        x = lastNormalization.Apply(blocks[2].Apply(x, pass), pass).LeakyRelu();
        var logits = unfold.Apply(x, pass).Reshape(batch, layout.BeatCount, layout.BeatWidth) + stateBias;
        return logits.Reshape(batch, layout.StepCount, layout.VoiceCount, layout.StateCount) + firstStep;
    }
}
