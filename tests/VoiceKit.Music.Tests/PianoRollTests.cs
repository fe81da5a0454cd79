using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class PianoRollTests
{
    private static readonly PitchRange Octave = new(60, 12);

    [Fact]
    public void PitchAt_EveryState_IsWhatSounds()
    {
        // Above: hold of nothing, a note, its hold, a repetition, a rest, hold of the rest. Below: the highest and the lowest pitch.
        var roll = Two([1, 2, 1, 2, 0, 1], [13, 2, 1, 1, 13, 1]);
        Assert.Equal((6, 2, 1), (roll.StepCount, roll.VoiceCount, roll.StepsPerQuarter));
        Assert.Equal([-1, 60, 60, 60, -1, -1], Pitches(roll, 0));
        Assert.Equal([71, 60, 60, 60, 71, 71], Pitches(roll, 1));
        Assert.Equal([false, true, false, true, false, false], Enumerable.Range(0, 6).Select(step => roll.IsOnset(step, 0)));
        Assert.Equal((1, 13), (roll[0, 0], roll[0, 1]));
    }

    [Fact]
    public void Constructor_AllOfMidi_SoundsItsLowestAndHighestPitch()
    {
        var roll = new PianoRoll(new PitchRange(0, 128), 1, 4, [2, 129]);
        Assert.Equal([0, 127], Pitches(roll, 0));
    }

    [Fact]
    public void Constructor_ChangedArrayAfterwards_ChangesNothing()
    {
        byte[] states = [2, 1];
        var roll = new PianoRoll(Octave, 1, 1, states);
        states[0] = 0;
        Assert.Equal([2, 1], roll.States.ToArray());
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(2, 1, 3)]
    [InlineData(-1, 1, 2)]
    public void Constructor_SizesThatDoNotFit_AreRefused(int voices, int steps, int length) =>
        Assert.ThrowsAny<ArgumentException>(() => new PianoRoll(Octave, voices, steps, new byte[length]));

    [Fact]
    public void Constructor_StateAboveTheRange_IsRefused()
    {
        Assert.Contains(
            "14 is not below 14",
            Assert.Throws<ArgumentException>(() => new PianoRoll(Octave, 1, 1, [0, 14])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => new PianoRoll(Octave, 1, 1, [255]));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(2, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 2)]
    public void PitchAt_Outside_IsRefused(int step, int voice)
    {
        var roll = Two([2, 1], [3, 1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => roll.PitchAt(step, voice));
        Assert.Throws<ArgumentOutOfRangeException>(() => roll.IsOnset(step, voice));
        Assert.Throws<ArgumentOutOfRangeException>(() => roll[step, voice]);
    }

    [Fact]
    public void Slice_NoteHeldOverTheCut_StartsThere()
    {
        var roll = Two([5, 1, 1, 7], [0, 1, 1, 1]);
        Assert.Equal([5, 0, 1, 1, 7, 1], roll.Slice(1, 3).States.ToArray());
        Assert.Equal(roll.States.ToArray(), roll.Slice(0, 4).States.ToArray());
        Assert.Equal(0, roll.Slice(4, 0).StepCount);
        Assert.Equal(0, roll.Slice(2, 0).StepCount);
    }

    [Fact]
    public void Slice_EveryPart_SoundsLikeTheWhole()
    {
        var roll = Rolls.Choir(4, 40);
        for (var first = 0; first < 40; first += 7)
        {
            var part = roll.Slice(first, 40 - first);
            for (var voice = 0; voice < 4; voice++)
                Assert.Equal(Pitches(roll, voice)[first..], Pitches(part, voice));
        }
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 3)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [InlineData(0, -1)]
    [InlineData(1, int.MaxValue)]
    public void Slice_Outside_IsRefused(int first, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Two([2, 1], [3, 1]).Slice(first, count));

    [Fact]
    public void WithRange_PitchesOutside_MoveByOctaves()
    {
        var moved = Two([2, 1, 13], [0, 8, 1]).WithRange(new PitchRange(70, 12));
        Assert.Equal([72, 72, 71], Pitches(moved, 0));
        Assert.Equal([-1, 78, 78], Pitches(moved, 1));
        var wide = Rolls.Choir(5, 30);
        Assert.Equal(wide.States.ToArray(), wide.WithRange(new PitchRange(0, 128)).WithRange(PitchRange.Choir).States.ToArray());
    }

    [Fact]
    public void Join_Slices_AreTheWholeButForOnsetsAtTheCut()
    {
        var roll = Rolls.Choir(6, 32);
        var joined = PianoRoll.Join([roll.Slice(0, 10), roll.Slice(10, 0), roll.Slice(10, 22)]);
        Assert.Equal(Pitches(roll, 0), Pitches(joined, 0));
        Assert.Equal(roll.Slice(10, 22).States.ToArray(), joined.States[(10 * roll.VoiceCount)..].ToArray());
        Assert.Equal(32, joined.StepCount);
    }

    [Fact]
    public void Join_NothingOrOtherGrids_IsRefused()
    {
        var roll = new PianoRoll(Octave, 1, 4, [2]);
        PianoRoll[] others = [new(PitchRange.Choir, 1, 4, [2]), new(Octave, 2, 4, [2, 2]), new(Octave, 1, 2, [2])];
        Assert.Throws<ArgumentException>(() => PianoRoll.Join([]));
        Assert.All(others, other => Assert.Throws<ArgumentException>(() => PianoRoll.Join([roll, other])));
    }

    private static PianoRoll Two(byte[] above, byte[] below) =>
        new(Octave, 2, 1, [.. above.Zip(below).SelectMany(pair => (byte[])[pair.First, pair.Second])]);

    private static int[] Pitches(PianoRoll roll, int voice) =>
        [.. Enumerable.Range(0, roll.StepCount).Select(step => roll.PitchAt(step, voice))];
}
