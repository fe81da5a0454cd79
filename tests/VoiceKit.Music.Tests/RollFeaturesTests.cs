using VoiceKit.Devices;
using VoiceKit.Music;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class RollFeaturesTests
{
    private static readonly SnippetLayout Tiny = new()
    {
        BarCount = 1,
        BeatsPerBar = 2,
        StepsPerBeat = 2,
        VoiceCount = 2,
        Range = new PitchRange(55, 12),
    };

    public static readonly TheoryData<int, int, int, int> Grids = new()
    {
        { 2, 4, 4, 4 },
        { 2, 3, 2, 3 },
        { 1, 2, 3, 2 },
        { 3, 1, 1, 1 },
        { 1, 2, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Grids))]
    public void Of_HardStates_AreWhatSounds(int bars, int beats, int steps, int voices)
    {
        var layout = new SnippetLayout
        {
            BarCount = bars,
            BeatsPerBar = beats,
            StepsPerBeat = steps,
            VoiceCount = voices,
            Range = new PitchRange(50, 20),
        };
        using var device = new CpuDevice(1);
        var features = new RollFeatures(device, layout);
        PianoRoll[] rolls = [Random(layout, 1), Random(layout, 2), Random(layout, 3)];
        var states = device.Variable(
            new TensorShape(3, layout.StepCount, voices),
            [.. rolls.SelectMany(roll => roll.States.ToArray().Select(state => (float)state))]
        );
        var tensor = features.Of(states.OneHot(layout.StateCount));
        Assert.Equal(new TensorShape(3, layout.BeatCount, features.Width), tensor.Shape);
        NumberAssert.Near([.. rolls.SelectMany(roll => new PlainFeatures(roll, layout).All())], device.Evaluate(tensor)[0], 1e-5);
    }

    [Fact]
    public void Of_SmallestLayout_HasFeatures()
    {
        var layout = new SnippetLayout
        {
            BarCount = 1,
            BeatsPerBar = 1,
            StepsPerBeat = 1,
            VoiceCount = 1,
            Range = new PitchRange(60, 12),
        };
        using var device = new CpuDevice(1);
        var tensor = new RollFeatures(device, layout).Of(device.Variable(new TensorShape(1, 1, 1), 5).OneHot(layout.StateCount));
        NumberAssert.Near([.. new PlainFeatures(new PianoRoll(layout.Range, 1, 1, [5]), layout).All()], device.Evaluate(tensor)[0], 1e-6);
    }

    [Fact]
    public void Of_ProbabilitiesOfStartsAlone_AreLinearButForWhatPairsSound()
    {
        using var device = new CpuDevice(1);
        var features = new RollFeatures(device, Tiny);
        var (a, b) = (Starts(device, 1), Starts(device, 2));
        var values = device.Evaluate(features.Of((0.3f * a) + (0.7f * b)), (0.3f * features.Of(a)) + (0.7f * features.Of(b)));
        var linear = Parts(features);
        var differences = values[0].Zip(values[1], (x, y) => Math.Abs(x - y)).Chunk(features.Width).ToArray();
        foreach (var beat in differences)
        {
            Assert.All(beat[..linear.BeforeMelody], difference => Assert.InRange(difference, 0, 1e-5));
            Assert.All(beat[linear.Chroma], difference => Assert.InRange(difference, 0, 1e-5));
        }

        // The intervals are products, and so are the steps of the melody, which the first beat has not.
        Assert.Contains(differences[0][linear.Chroma.End..], difference => difference > 1e-4);
        Assert.Contains(differences[1][linear.BeforeMelody..linear.Chroma.Start.Value], difference => difference > 1e-5);
    }

    [Fact]
    public void Of_LikelyHold_SoundsAsLikelyAsItsStart()
    {
        // A start of probability 0.8, then holds of probability 0.5: 0.8, 0.4, 0.2, 0.1 of it sounds.
        var layout = Tiny with
        {
            VoiceCount = 1,
            StepsPerBeat = 1,
            BeatsPerBar = 4,
        };
        var states = new float[4 * layout.StateCount];
        (states[PianoRoll.FirstPitch], states[PianoRoll.Rest]) = (0.8f, 0.2f);
        for (var step = 1; step < 4; step++)
            (states[(step * layout.StateCount) + PianoRoll.Hold], states[step * layout.StateCount]) = (0.5f, 0.5f);
        using var device = new CpuDevice(1);
        var features = new RollFeatures(device, layout);
        var beats = device
            .Evaluate(features.Of(device.Variable(new TensorShape(1, 4, 1, layout.StateCount), states)))[0]
            .Chunk(features.Width)
            .ToArray();
        NumberAssert.Near([0.8, 0.4, 0.2, 0.1], [.. beats.Select(beat => beat[3])], 1e-6);
        NumberAssert.Near([1, 0.5, 0.5, 0.5], [.. beats.Select(beat => beat[0])], 1e-6);
    }

    [Fact]
    public void Of_Probabilities_HaveTheDerivativesOfFiniteDifferences()
    {
        using var device = new CpuDevice(1);
        var logits = device.Random(5, 1, Tiny.StepCount, Tiny.VoiceCount, Tiny.StateCount);
        GradientCheck.OfFirst(device, new RollFeatures(device, Tiny).Of(logits.Softmax()), logits);
        GradientCheck.OfFirst(device, new RollFeatures(device, Tiny).Of(logits), logits);
    }

    // Where the parts of a beat lie: starts, heights, motion and what sounds; the melody; how often each pitch class sounds; pairs.
    private static (int BeforeMelody, Range Chroma) Parts(RollFeatures features)
    {
        const int sampled = 1;
        var before = (3 * Tiny.StepsPerBeat * Tiny.VoiceCount) + (sampled * Tiny.VoiceCount * Tiny.Range.Count);
        var chroma = features.Width - (2 * 12 * sampled);
        return (before, chroma..(chroma + (12 * sampled)));
    }

    /// <summary>Random probabilities without holds.</summary>
    private static Variable Starts(ComputeDevice device, int seed)
    {
        var values = DeviceNumbers.Uniform(seed, Tiny.StepCount * Tiny.VoiceCount * Tiny.StateCount, 0);
        for (var row = 0; row < values.Length; row += Tiny.StateCount)
        {
            values[row + PianoRoll.Hold] = 0;
            var sum = values.AsSpan(row, Tiny.StateCount).ToArray().Sum();
            foreach (ref var value in values.AsSpan(row, Tiny.StateCount))
                value /= sum;
        }

        return device.Variable(new TensorShape(1, Tiny.StepCount, Tiny.VoiceCount, Tiny.StateCount), values);
    }

    /// <summary>States at random, holds and rests frequent among them.</summary>
    private static PianoRoll Random(SnippetLayout layout, int seed)
    {
        var random = new Random(seed);
        var states = new byte[layout.StepCount * layout.VoiceCount];
        foreach (ref var state in states.AsSpan())
            state = (byte)(
                random.Next(3) switch
                {
                    0 => PianoRoll.Hold,
                    1 when random.Next(3) == 0 => PianoRoll.Rest,
                    _ => random.Next(layout.StateCount),
                }
            );
        return new PianoRoll(layout.Range, layout.VoiceCount, layout.StepsPerBeat, states);
    }
}
