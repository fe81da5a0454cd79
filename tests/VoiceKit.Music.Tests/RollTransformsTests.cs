using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class RollTransformsTests
{
    [Fact]
    public void ToScore_Voices_HaveTracksAndChannels()
    {
        var roll = new PianoRoll(
            PitchRange.Choir,
            12,
            4,
            [.. Enumerable.Range(0, 12).Select(voice => (byte)(47 - voice)), .. Enumerable.Repeat((byte)1, 12)]
        );
        var score = roll.ToScore(90, program: 19, velocity: 70, beatsPerBar: 3);
        Assert.Equal((1, 12, 480.0), (score.Format, score.TrackCount, score.Division.TicksPerQuarter));
        Assert.Equal([new TempoChange(0, 666667)], score.Tempos);
        Assert.Equal([new TimeSignature(0, 3, 4)], score.TimeSignatures);
        Assert.Equal(12, score.Programs.Count);
        Assert.DoesNotContain(score.Notes, note => note.Channel == NoteEvent.PercussionChannel);
        Assert.Contains(new NoteEvent(0, 240, 70, 70, 12, 11), score.Notes);
    }

    [Fact]
    public void ToScore_EmptyRoll_HasNoNotes() => Assert.Empty(new PianoRoll(PitchRange.Choir, 4, 4, []).ToScore(100).Notes);

    [Theory]
    [InlineData(3, 0, 80)]
    [InlineData(double.NaN, 0, 80)]
    [InlineData(100, 128, 80)]
    [InlineData(100, 0, 0)]
    public void ToScore_BadSound_IsRefused(double tempo, int program, int velocity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Rolls.Quarters([60]).ToScore(tempo, program, velocity));

    [Fact]
    public void Transpose_AnOctaveUpAndDown_IsTheRoll()
    {
        var roll = Rolls.Quarters([60, 64, -1, 55], [48, 48, 50, -1]);
        Assert.Equal(roll.States.ToArray(), roll.Transpose(5).Transpose(-5).States.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => roll.Transpose(128));
    }

    [Fact]
    public void TrainingWindows_Cut_StartAtEachBar()
    {
        var piece = Rolls.Choir(1, 100);
        var windows = TrainingWindows.Cut([piece, Rolls.Choir(2, 20)], 32);
        Assert.Equal(5, windows.Count);
        Assert.Equal(piece.Slice(16, 32).States.ToArray(), windows[1].States.ToArray());
        Assert.Equal(69, TrainingWindows.Cut([piece], 32, 1).Count);
        Assert.Empty(TrainingWindows.Cut([], 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingWindows.Cut([], 32, 0));
    }

    [Fact]
    public void TrainingWindows_MoreThanHalfSilent_AreLeftOut()
    {
        var piece = Rolls.Quarters([60, 60, 60, 60, -1, -1, -1, -1, 60, 60, -1, -1], [-1, -1, -1, -1, 48, -1, -1, -1, 48, 50, -1, -1]);
        Assert.Equal(2, TrainingWindows.Cut([piece], 16).Count);
    }
}
