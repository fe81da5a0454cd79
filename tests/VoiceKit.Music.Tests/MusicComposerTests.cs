using VoiceKit.Devices;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public sealed class MusicComposerTests : IDisposable
{
    private readonly CpuDevice device = new(1);
    private readonly MusicComposer composer;

    public MusicComposerTests() => composer = new MusicComposer(device, SmallMusic.Model);

    [Fact]
    public void ComposeBars_SameSeed_GivesTheSameRoll()
    {
        using var threads = new CpuDevice(3);
        using var other = new MusicComposer(threads, SmallMusic.Model);
        var rolls = Enumerable.Range(1, 8).Select(seed => composer.ComposeBars(4, (ulong)seed).States.ToArray()).ToArray();
        Assert.All(Enumerable.Range(1, 8), seed => Assert.Equal(rolls[seed - 1], other.ComposeBars(4, (ulong)seed).States.ToArray()));
        Assert.Contains(rolls, roll => !roll.SequenceEqual(rolls[0]));
    }

    [Fact]
    public void ComposeBars_TemperatureZero_GivesOneRollForAllSeeds()
    {
        var expected = composer.ComposeBars(2, 1, 0).States.ToArray();
        Assert.All([2UL, 3UL, ulong.MaxValue], seed => Assert.Equal(expected, composer.ComposeBars(2, seed, 0).States.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void ComposeBars_AnyLength_HasItAndBeginsAlike(int bars)
    {
        var roll = composer.ComposeBars(bars, 5);
        Assert.Equal(bars * 8, roll.StepCount);
        var longer = composer.ComposeBars(8, 5).Slice(0, roll.StepCount);
        Assert.Equal(longer.States.ToArray(), roll.States.ToArray());
    }

    [Fact]
    public void ComposeBars_MoreThanASnippet_HasNewBeatsAndTheSameWhole()
    {
        var noise = composer.SampleLatent(5);
        Assert.Equal(composer.Generate(noise).States.ToArray(), composer.ComposeBars(2, 5).States.ToArray());
        Assert.Equal(SmallMusic.Model.NoiseLength, noise.Length);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void Draw_Temperature_IsTheDeviationOfATruncatedNormal(double temperature)
    {
        var values = Enumerable
            .Range(0, 500)
            .SelectMany(seed => composer.SampleLatent((ulong)seed, temperature))
            .Select(value => value / temperature)
            .ToArray();
        Assert.InRange(values.Max(Math.Abs), 2.5, 3.0001);

        // Cut at 3, the variance is 0.973.
        Assert.InRange(values.Average(value => value * value), 0.93, 1.02);
        Assert.InRange(values.Average(), -0.04, 0.04);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Draw_TemperatureThatIsNone_IsRefused(double temperature) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => composer.SampleLatent(1, temperature));

    [Fact]
    public void ComposeBars_NoBars_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => composer.ComposeBars(0, 1));

    [Fact]
    public void Between_Ends_AreExactAndTheMiddleIsOnTheSphere()
    {
        float[] first = [3, 0, 4, 0],
            second = [0, 5, 0, 0];
        Assert.Equal(first, MusicComposer.Slerp(first, second, 0));
        Assert.Equal(second, MusicComposer.Slerp(first, second, 1));
        var middle = MusicComposer.Slerp(first, second, 0.5);
        Assert.Equal(5, Math.Sqrt(middle.Sum(value => (double)value * value)), 1e-5);
        NumberAssert.Near([.. first.Zip(second, (x, y) => (x + y) / Math.Sqrt(2))], middle, 1e-5);
        var (a, b) = (composer.SampleLatent(1), composer.SampleLatent(2));
        Assert.Equal(a, MusicComposer.Slerp(a, b, 0));
        Assert.Equal(b, MusicComposer.Slerp(a, b, 1));
    }

    [Fact]
    public void Between_EqualOppositeOrNoNoise_IsFinite()
    {
        float[] noise = [1, 2, 3],
            opposite = [-1, -2, -3],
            zero = [0, 0, 0];
        NumberAssert.Near([1, 2, 3], MusicComposer.Slerp(noise, noise, 0.3), 1e-5);
        foreach (var other in (float[][])[noise, opposite, zero])
            Assert.All(MusicComposer.Slerp(noise, other, 0.5), value => Assert.True(float.IsFinite(value)));
        Assert.Throws<ArgumentException>(() => MusicComposer.Slerp(noise, [1, 2], 0.5));
    }

    [Fact]
    public void Roll_Logits_TakesTheLikeliestStateOfTheVoicesRange()
    {
        // Both voices strike their pitch at every step.
        var layout = SmallMusic.Layout;
        var logits = new float[layout.StepCount * layout.VoiceCount * layout.StateCount];
        for (var row = 0; row < logits.Length; row += layout.StateCount)
            logits[row + 7] = 1;
        var struck = MusicComposer.Roll(SmallMusic.Model with { VoiceRanges = [] }, logits);
        Assert.All(struck.States.ToArray(), state => Assert.Equal(7, state));

        // State 7 is F3: the lower voice has C3 .. G3, the upper one C4 .. G4.
        Assert.Equal([new VoiceRange(60, 67), new VoiceRange(48, 55)], SmallMusic.Model.VoiceRanges);
        var ranged = MusicComposer.Roll(SmallMusic.Model, logits);
        Assert.Equal(
            Enumerable.Range(0, 2 * layout.StepCount).Select(i => (byte)(i % 2 == 0 ? PianoRoll.Rest : 7)),
            ranged.States.ToArray()
        );
    }

    public void Dispose()
    {
        composer.Dispose();
        device.Dispose();
    }
}
