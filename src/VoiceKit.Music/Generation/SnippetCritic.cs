using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Tensors;

namespace VoiceKit.Music;

/// <summary>
/// The critic: scores how real snippets are, by each beat among its neighbours, by the bars, and by the whole; and it sees how much the
/// snippets of a group differ from each other (minibatch standard deviation: Karras et al. 2018, section 3).
/// </summary>
internal sealed class SnippetCritic : Layer
{
    /// <summary>The number of snippets of a batch that are compared with each other.</summary>
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
        blocks =
        [
            .. ((int[])[3, 5]).Select((kernel, i) => new ResidualBlock(parameters, $"block{i}", channels, kernel, isNormalised: false)),
        ];
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
        return ofBeats + wholeScore.Apply(Tensor.Concatenate(1, x, MinibatchDeviation(x)), pass);
    }

    /// <summary>The mean standard deviation of the channels within each group, [batch, 1].</summary>
    private Tensor MinibatchDeviation(Tensor x)
    {
        var group = x.Shape[0] % GroupSize == 0 ? GroupSize : x.Shape[0];
        var groups = x.Reshape(x.Shape[0] / group, group, channels);
        var deviation = ((groups - groups.Mean(1)).Square().Mean(1) + 1e-6f).Sqrt().Mean(2);
        return deviation.RepeatTo(new TensorShape(x.Shape[0] / group, group, 1)).Reshape(x.Shape[0], 1);
    }
}

/// <summary>
/// What the critic sees of a roll of states, or of their probabilities, beat by beat: what sounds, where notes start, how high the voices
/// are and how they move, and the intervals between them. All are smooth functions of the probabilities, so that the generator learns
/// from each; in the states alone harmony would be hidden, as a held note has its pitch at its start only.
/// </summary>
internal sealed class RollFeatures
{
    private const int PitchClasses = 12;

    /// <summary>The steps and leaps of a melody that are told apart, in semitones; what is further is seen by its height alone.</summary>
    private static readonly (int Least, int Most)[] Leaps = [(1, 2), (-2, -1), (3, 5), (-5, -3)];

    /// <summary>The weight of a step of melody beside the height of the voice, both in octaves.</summary>
    private const float MotionWeight = 3;

    private readonly SnippetLayout layout;
    private readonly Variable pitchTable;
    private readonly Variable turns;
    private readonly Variable leaps;
    private readonly int sampledSteps;

    public RollFeatures(ComputeDevice device, SnippetLayout layout)
    {
        this.layout = layout;

        // Every second step of a beat is enough for what sounds; all steps are seen for starts and heights.
        sampledSteps = layout.StepsPerBeat % 2 == 0 ? layout.StepsPerBeat / 2 : layout.StepsPerBeat;
        pitchTable = new Variable(device, new TensorShape(layout.Range.Count, PitchClasses + 1));
        var table = new float[pitchTable.Shape.Length];
        for (var i = 0; i < layout.Range.Count; i++)
        {
            var pitch = layout.Range.Lowest + i;
            table[(i * (PitchClasses + 1)) + (pitch % PitchClasses)] = 1;
            table[(i * (PitchClasses + 1)) + PitchClasses] = (pitch - 60) / 12f;
        }

        device.Upload(table, pitchTable.Storage);
        turns = new Variable(device, new TensorShape(PitchClasses, PitchClasses * PitchClasses));
        var turned = new float[turns.Shape.Length];
        for (var interval = 0; interval < PitchClasses; interval++)
        {
            for (var low = 0; low < PitchClasses; low++)
                turned[((low + interval) % PitchClasses * PitchClasses * PitchClasses) + (interval * PitchClasses) + low] = 1;
        }

        device.Upload(turned, turns.Storage);
        leaps = new Variable(device, new TensorShape(layout.Range.Count, Leaps.Length * layout.Range.Count));
        var reached = new float[leaps.Shape.Length];
        for (var from = 0; from < layout.Range.Count; from++)
        {
            for (var to = 0; to < layout.Range.Count; to++)
            {
                for (var band = 0; band < Leaps.Length; band++)
                {
                    if (to - from >= Leaps[band].Least && to - from <= Leaps[band].Most)
                        reached[(((from * Leaps.Length) + band) * layout.Range.Count) + to] = 1;
                }
            }
        }

        device.Upload(reached, leaps.Storage);
    }

    /// <summary>Gets the features of a beat.</summary>
    public int Width =>
        (3 * layout.StepsPerBeat * layout.VoiceCount)
        + (sampledSteps * ((layout.VoiceCount * (layout.Range.Count + Leaps.Length)) + (PitchClasses * (PairCount + 1))));

    private int PairCount => layout.VoiceCount * (layout.VoiceCount - 1) / 2;

    /// <summary>States [batch, steps, voices, states] -> features [batch, beats, <see cref="Width"/>].</summary>
    public Tensor Of(Tensor states)
    {
        var (batch, steps, voices, pitches) = (states.Shape[0], layout.StepCount, layout.VoiceCount, layout.Range.Count);
        var holds = states.Slice(3, PianoRoll.Hold, 1);
        var sounding = Sounding(states.Slice(3, PianoRoll.FirstPitch, pitches), holds);
        var classesAndHeight = Tensor
            .MatrixProduct(sounding.Reshape(batch * steps * voices, pitches), pitchTable)
            .Reshape(batch, steps, voices, PitchClasses + 1);
        var height = classesAndHeight.Slice(3, PitchClasses, 1).Reshape(batch, steps, voices);
        var motion = (height.Slice(1, 1, steps - 1) - height.Slice(1, 0, steps - 1)).Pad(1, 1, steps);
        var classes = Sampled(classesAndHeight.Slice(3, 0, PitchClasses));
        var sampled = Sampled(sounding);
        var parts = new List<Tensor> { 1 - holds, height, MotionWeight * motion, sampled, Melody(sampled), classes.Sum(2) };
        parts.AddRange(Intervals(classes));
        return Tensor.Concatenate(
            2,
            [.. parts.Select(part => part.Reshape(batch, layout.BeatCount, part.Shape.Length / batch / layout.BeatCount))]
        );
    }

    /// <summary>The sounding pitches: s(t) = start(t) + hold(t) s(t - 1), [batch, steps, voices, pitches].</summary>
    private static Tensor Sounding(Tensor starts, Tensor holds)
    {
        var steps = new Tensor[starts.Shape[1]];
        for (var t = 0; t < steps.Length; t++)
        {
            steps[t] = starts.Slice(1, t, 1);
            if (t > 0)
                steps[t] += steps[t - 1] * holds.Slice(1, t, 1);
        }

        return Tensor.Concatenate(1, steps);
    }

    /// <summary>
    /// How likely each voice has gone by each kind of step or leap since the sampled step before, [batch, sampled steps, voices, kinds].
    /// </summary>
    private Tensor Melody(Tensor sounding)
    {
        var (batch, steps, voices, pitches) = (sounding.Shape[0], sounding.Shape[1], sounding.Shape[2], sounding.Shape[3]);
        var rows = batch * (steps - 1) * voices;
        var before = sounding.Slice(1, 0, steps - 1).Reshape(rows, pitches);
        var reached = Tensor.MatrixProduct(before, leaps).Reshape(rows, Leaps.Length, pitches);
        var now = sounding.Slice(1, 1, steps - 1).Reshape(rows, 1, pitches);
        return (reached * now).Sum(2).Reshape(batch, steps - 1, voices, Leaps.Length).Pad(1, 1, steps);
    }

    /// <summary>The intervals of each pair of voices: sum over c of low(c) high(c + interval), [batch, sampled steps, 12] each.</summary>
    private IEnumerable<Tensor> Intervals(Tensor classes)
    {
        var (batch, steps, voices) = (classes.Shape[0], classes.Shape[1], classes.Shape[2]);
        var turned = Tensor
            .MatrixProduct(classes.Reshape(batch * steps * voices, PitchClasses), turns)
            .Reshape(batch * steps, voices, PitchClasses, PitchClasses);
        for (var high = 0; high < voices; high++)
        {
            for (var low = high + 1; low < voices; low++)
            {
                var lower = classes.Slice(2, low, 1).Reshape(batch * steps, 1, PitchClasses);
                var higher = turned.Slice(1, high, 1).Reshape(batch * steps, PitchClasses, PitchClasses);
                yield return (higher * lower).Sum(2).Reshape(batch, steps, PitchClasses);
            }
        }
    }

    /// <summary>The sampled steps alone: [batch, steps, ...] -> [batch, fewer steps, ...].</summary>
    private Tensor Sampled(Tensor x)
    {
        var every = layout.StepsPerBeat / sampledSteps;
        var (batch, steps) = (x.Shape[0], x.Shape[1] / every);
        var rest = x.Shape.Dimensions[2..];
        var inner = new TensorShape(rest).Length;
        return x.Reshape(batch, steps, every, inner).Slice(2, 0, 1).Reshape(new TensorShape([batch, steps, .. rest]));
    }
}
