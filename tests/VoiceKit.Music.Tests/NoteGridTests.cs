using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class NoteGridTests
{
    [Fact]
    public void FromScore_OddTimes_GoToTheNearestStepAndLastOne()
    {
        // A step is 120 ticks; 60 is half a step and rounds up.
        var grid = Grid(new NoteEvent(60, 61, 60, 80, 0, 0), new NoteEvent(59, 200, 64, 80, 0, 0), new NoteEvent(0, 4000, 36, 80, 9, 0));
        Assert.Equal(2, grid.StepCount);
        Assert.Equal([Bits(64), Bits(60, 64)], grid.Sounding.ToArray());
        Assert.Equal([Bits(64), Bits(60)], grid.Onsets.ToArray());
    }

    [Fact]
    public void FromScore_NoPitchedNote_IsEmpty()
    {
        Assert.Equal(0, Grid().StepCount);
        Assert.Equal(0, Grid(new NoteEvent(0, 480, 36, 80, 9, 0)).StepCount);
        Assert.Empty(Grid().Windows(4, 16));
        Assert.Empty(Grid().Windows(0, 16));
    }

    [Fact]
    public void FromScore_AbsurdTime_IsRefused() =>
        Assert.Throws<UnusableDataException>(() => Grid(new NoteEvent(0, long.MaxValue, 60, 80, 0, 0)));

    [Fact]
    public void FromRoll_OfAScore_IsTheScoresGrid()
    {
        var roll = Rolls.Choir(1, 128);
        AssertEqual(NoteGrid.FromScore(roll.ToScore(100), 4), NoteGrid.FromRoll(roll));
    }

    [Fact]
    public void FromRoll_HoldOfNothing_IsSilent()
    {
        var grid = NoteGrid.FromRoll(new PianoRoll(PitchRange.Choir, 1, 4, [1, 0, 2, 1, 2]));
        Assert.Equal([0, 0, Bits(36), Bits(36), Bits(36)], grid.Sounding.ToArray());
        Assert.Equal([0, 0, Bits(36), 0, Bits(36)], grid.Onsets.ToArray());
    }

    [Fact]
    public void Windows_TiedNote_StartsAnew()
    {
        var windows = Grid(new NoteEvent(0, 480 * 9, 60, 80, 0, 0)).Windows(1, 16);
        Assert.Equal(2, windows.Count);
        Assert.Equal(Bits(60), windows[1].Onsets[0]);
        Assert.Equal([0], windows[1].Onsets[1..].ToArray().Distinct());
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(8, 1)]
    [InlineData(16, 1)]
    [InlineData(31, 1)]
    [InlineData(32, 2)]
    public void Windows_Length_GivesTheirNumber(int steps, int count)
    {
        var windows = Grid(new NoteEvent(0, 120 * steps, 60, 80, 0, 0)).Windows(1, 16);
        Assert.Equal(count, windows.Count);
        Assert.All(windows, window => Assert.Equal(16, window.StepCount));
    }

    private static NoteGrid Grid(params NoteEvent[] notes) =>
        NoteGrid.FromScore(CongruentialScores.OfNotes(TickDivision.Quarter(480), notes), 4);

    private static UInt128 Bits(params int[] pitches) => pitches.Aggregate(UInt128.Zero, (bits, pitch) => bits | (UInt128.One << pitch));

    private static void AssertEqual(NoteGrid expected, NoteGrid actual)
    {
        Assert.Equal(expected.Sounding.ToArray(), actual.Sounding.ToArray());
        Assert.Equal(expected.Onsets.ToArray(), actual.Onsets.ToArray());
    }
}
