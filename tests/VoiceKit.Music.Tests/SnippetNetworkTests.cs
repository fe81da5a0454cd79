using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Networks;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class SnippetNetworkTests
{
    private static readonly GeneratorOptions Small = new()
    {
        Channels = 4,
        SnippetNoise = 3,
        BeatNoise = 2,
        HeadCount = 2,
    };

    public static readonly TheoryData<int, int, int, int> Grids = new()
    {
        { 2, 4, 2, 2 },
        { 1, 3, 4, 4 },
        { 3, 2, 3, 1 },
        { 1, 1, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Grids))]
    public void Apply_Noise_GivesStatesWithoutAHoldAtTheStart(int bars, int beats, int steps, int voices)
    {
        var layout = new SnippetLayout
        {
            BarCount = bars,
            BeatsPerBar = beats,
            StepsPerBeat = steps,
            VoiceCount = voices,
            Range = new PitchRange(60, 12),
        };
        using var network = new TestNetwork();
        var generator = new SnippetGenerator(network.Parameters, network.State, layout, Small);
        network.Allocate();
        var length = SnippetGenerator.NoiseLength(layout, Small);
        Assert.Equal(3 + (2 * bars * beats), length);
        var logits = generator.Apply(network.Device.Random(1, 3, length), new ForwardPass(isTraining: false));
        Assert.Equal(new TensorShape(3, layout.StepCount, voices, 14), logits.Shape);
        var probabilities = network.Device.Evaluate(logits.Softmax())[0].Chunk(14).ToArray();
        for (var row = 0; row < probabilities.Length; row++)
            Assert.Equal(row / voices % layout.StepCount == 0, probabilities[row][PianoRoll.Hold] < 1e-30f);
    }

    [Fact]
    public void Apply_OneSnippetOfABatch_IsTheSnippetAlone()
    {
        using var network = new TestNetwork();
        var generator = new SnippetGenerator(network.Parameters, network.State, SmallMusic.Layout, Small);
        network.Allocate();
        var noise = network.Device.Random(1, 3, SnippetGenerator.NoiseLength(SmallMusic.Layout, Small));
        var pass = new ForwardPass(isTraining: false);
        var values = network.Device.Evaluate(generator.Apply(noise, pass).Slice(0, 1, 1), generator.Apply(noise.Slice(0, 1, 1), pass));
        NumberAssert.Near(Array.ConvertAll(values[0], x => (double)x), values[1], x => 1e-4 + (1e-5 * Math.Abs(x)));
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void Critic_Snippets_HaveOneScoreEach(int bars, int beats, int steps, int voices)
    {
        var layout = new SnippetLayout
        {
            BarCount = bars,
            BeatsPerBar = beats,
            StepsPerBeat = steps,
            VoiceCount = voices,
        };
        using var network = new TestNetwork();
        var critic = new SnippetCritic(network.Parameters, layout, 5, 4);
        network.Allocate();
        foreach (var batch in (int[])[1, 5, 8, 16])
            Assert.Equal(
                new TensorShape(batch, 1),
                critic.Apply(network.Device.Random(1, batch, layout.BeatCount, 5), new ForwardPass(true)).Shape
            );
    }

    [Fact]
    public void Critic_GroupOfEqualSnippets_IsScoredOtherwiseThanADiverseOne()
    {
        var (layout, pass) = (SmallMusic.Layout, new ForwardPass(true));
        using var network = new TestNetwork();
        var critic = new SnippetCritic(network.Parameters, layout, 5, 4);
        network.Allocate();
        var one = network.Device.Random(1, 1, layout.BeatCount, 5);
        var others = network.Device.Random(2, 7, layout.BeatCount, 5);
        var equal = one.RepeatTo(new TensorShape(8, layout.BeatCount, 5));
        var scores = network.Device.Evaluate(
            critic.Apply(equal, pass),
            critic.Apply(Tensor.Concatenate(0, one, others), pass),
            critic.Apply(Tensor.Concatenate(0, one, others, equal), pass)
        );
        Assert.All(scores[0], score => Assert.Equal(scores[0][0], score, 1e-4f));
        Assert.True(Math.Abs(scores[0][0] - scores[1][0]) > 1e-3, "The same snippet has the same score in both groups.");

        // Groups of eight know nothing of each other.
        NumberAssert.Near([.. scores[1].Concat(scores[0]).Select(score => (double)score)], scores[2], 1e-4);
    }

    [Fact]
    public void RequireParameters_OtherSizes_AreRefused()
    {
        var model = SmallMusic.Model;
        SnippetGenerator.RequireParameters(model);
        MusicModel[] misfits =
        [
            model with
            {
                Layout = model.Layout with { VoiceCount = 3 },
            },
            model with
            {
                Layout = model.Layout with { BarCount = 3 },
            },
            model with
            {
                Layout = model.Layout with { Range = PitchRange.Choir },
            },
            model with
            {
                Generator = model.Generator with { Channels = 8 },
            },
            model with
            {
                Parameters = new Dictionary<string, NamedTensor>(),
            },
        ];
        Assert.All(misfits, misfit => Assert.Throws<InvalidDataException>(() => SnippetGenerator.RequireParameters(misfit)));

        // Three heads cannot share sixteen channels.
        Assert.ThrowsAny<ArgumentException>(() =>
            SnippetGenerator.RequireParameters(model with { Generator = model.Generator with { HeadCount = 3 } })
        );
    }

    [Theory]
    [InlineData(0, 4, 4, 4)]
    [InlineData(65, 4, 4, 4)]
    [InlineData(4, 17, 4, 4)]
    [InlineData(4, 4, 25, 4)]
    [InlineData(4, 4, 4, 17)]
    [InlineData(4, 4, 4, -1)]
    public void Validate_LayoutOutOfRange_IsRefused(int bars, int beats, int steps, int voices) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new SnippetLayout
            {
                BarCount = bars,
                BeatsPerBar = beats,
                StepsPerBeat = steps,
                VoiceCount = voices,
            }.Validate()
        );

    [Fact]
    public void Validate_RangeWithoutPitches_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SnippetLayout { Range = default }.Validate());
}
