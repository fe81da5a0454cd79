using VoiceKit.Compute;
using VoiceKit.Networks;

namespace VoiceKit.Music;

/// <summary>
/// The critic: scores how real snippets are, by each beat among its neighbours, by the bars, and by the whole; and it sees how much the
/// snippets of a group differ from each other (minibatch standard deviation: Karras et al. 2018, section 3).
/// </summary>
internal sealed class SnippetCritic : Layer
{
    /// <summary>How many snippets of a batch are compared with each other.</summary>
    public const int GroupSize = 8;

    private readonly SnippetLayout layout;
    private readonly int channels;
    private readonly Dense first;
    private readonly Variable position;
    private readonly ResidualBlock[] blocks;
    private readonly Dense beatScore;
    private readonly Dense bar;
    private readonly Dense whole;
    private readonly Dense wholeScore;

    public SnippetCritic(ParameterSet parameters, SnippetLayout layout, int featureWidth, int channels)
    {
        (this.layout, this.channels) = (layout, channels);

        // The features are mostly zeros: a gain of 3 brings the first layer's outputs to the order of 1.
        first = new Dense(parameters, "first", featureWidth, channels, new WeightOptions { Gain = 3 });
        position = parameters.Add("position", new TensorShape(1, layout.BeatCount, channels), Initializations.Normal(0.1));
        blocks = [.. ((int[])[3, 5]).Select((kernel, i) => new ResidualBlock(parameters, $"block{i}", channels, kernel, isNormalised: false))];
        beatScore = new Dense(parameters, "beat_score", channels, 1);
        bar = new Dense(parameters, "bar", layout.BeatsPerBar * channels, channels, new WeightOptions { Gain = 1.3 });
        whole = new Dense(parameters, "whole", layout.BarCount * channels, channels, new WeightOptions { Gain = 1.3 });
        wholeScore = new Dense(parameters, "whole_score", channels + 1, 1);
    }

    /// <summary>Features [batch, beats, features] -> scores [batch, 1]. Groups of eight neighbours in the batch are compared.</summary>
    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        var batch = input.Shape[0];
        var x = first.Apply(input, pass) + position;
        x = blocks.Aggregate(x, (x, block) => block.Apply(x, pass)).LeakyRelu();
        var ofBeats = beatScore.Apply(x, pass).Mean(1).Reshape(batch, 1);
        x = bar.Apply(x.Reshape(batch, layout.BarCount, layout.BeatsPerBar * channels), pass).LeakyRelu();
        x = whole.Apply(x.Reshape(batch, layout.BarCount * channels), pass).LeakyRelu();
        return ofBeats + wholeScore.Apply(Tensor.Concatenate(1, x, Spread(x)), pass);
    }

    /// <summary>The mean standard deviation of the channels within each group, [batch, 1].</summary>
    private Tensor Spread(Tensor x)
    {
        var group = x.Shape[0] % GroupSize == 0 ? GroupSize : x.Shape[0];
        var groups = x.Reshape(x.Shape[0] / group, group, channels);
        var deviation = ((groups - groups.Mean(1)).Square().Mean(1) + 1e-6f).Sqrt().Mean(2);
        return deviation.RepeatTo(new TensorShape(x.Shape[0] / group, group, 1)).Reshape(x.Shape[0], 1);
    }
}
