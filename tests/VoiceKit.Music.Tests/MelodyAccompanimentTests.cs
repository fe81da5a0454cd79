using VoiceKit.Devices;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public sealed class MelodyAccompanimentTests : IDisposable
{
    private static readonly PitchRange Keyboard = new(0, 128);
    private readonly CpuDevice device = new(1);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(32)]
    [InlineData(40)]
    public void Accompany_AnyLength_KeepsTheMelodyAndAddsVoices(int steps)
    {
        var melody = Melody(0, steps);
        using var search = new MelodyAccompaniment(device, SmallMusic.Model, 1);
        var shares = new ProgressList<double>();
        var roll = search.Accompany(melody, shares);
        Assert.Equal((steps, 2, Keyboard), (roll.StepCount, roll.VoiceCount, roll.Range));
        Assert.Equal(melody.States.ToArray(), Voice(roll, 0));
        Assert.Contains(Enumerable.Range(0, steps), step => roll.PitchAt(step, 1) >= 0);
        Assert.Equal((steps + 15) / 16, shares.Count);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
    }

    [Fact]
    public void Accompany_SameSeed_GivesTheSameBytes()
    {
        var melody = Melody(0, 10);
        byte[] States(int threads)
        {
            using var other = new CpuDevice(threads);
            using var search = new MelodyAccompaniment(other, SmallMusic.Model, 3);
            return search.Accompany(melody).States.ToArray();
        }

        var expected = States(1);
        Assert.Equal(expected, States(1));
        Assert.Equal(expected, States(3));
    }

    [Fact]
    public void Accompany_MelodyOfTheCorpus_FindsItsBass()
    {
        // The chords are known by their highest voice: the search finds the noise of C over C and of G over G.
        using var search = new MelodyAccompaniment(device, SmallMusic.Model, 1);
        var roll = search.Accompany(new PianoRoll(SmallMusic.Layout.Range, 1, 2, [.. Voice(SmallMusic.Bars(0, 1), 0)]));
        Assert.Equal((48, 55), (roll.PitchAt(2, 1), roll.PitchAt(10, 1)));
    }

    [Fact]
    public void Accompany_TransposedMelody_TransposesTheVoices()
    {
        // A scale of one octave has a clear key; a tone higher the voices below are a tone higher too.
        byte[] scale = [.. ((int[])[60, 64, 67, 72, 67, 64, 62, 60]).SelectMany(pitch => (byte[])[(byte)(pitch + 2), PianoRoll.Hold])];
        PianoRoll Accompanied(int up)
        {
            using var search = new MelodyAccompaniment(device, SmallMusic.Model, 1);
            return search.Accompany(new PianoRoll(Keyboard, 1, 2, scale).Transpose(up));
        }

        Assert.Equal(Accompanied(0).Transpose(2).States.ToArray(), Accompanied(2).States.ToArray());
    }

    [Fact]
    public void Accompany_RollThatIsNoMelody_IsRefused()
    {
        using var search = new MelodyAccompaniment(device, SmallMusic.Model, 1);
        PianoRoll[] rolls = [SmallMusic.Bars(0), new(Keyboard, 1, 4, [62, 1]), new(Keyboard, 1, 2, []), new(Keyboard, 1, 2, [0, 1, 0])];
        Assert.All(rolls, roll => Assert.Throws<ArgumentException>(() => search.Accompany(roll)));
    }

    public void Dispose() => device.Dispose();

    private static byte[] Voice(PianoRoll roll, int voice) =>
        [.. Enumerable.Range(0, roll.StepCount).Select(step => (byte)roll[step, voice])];

    /// <summary>A melody with notes, holds, repetitions and rests.</summary>
    private static PianoRoll Melody(int up, int steps)
    {
        int[] states = [62 + up, 1, 66 + up, 66 + up, 69 + up, 0, 1, 64 + up, 1, 1];
        return new PianoRoll(Keyboard, 1, 2, [.. Enumerable.Range(0, steps).Select(step => (byte)states[step % states.Length])]);
    }
}
