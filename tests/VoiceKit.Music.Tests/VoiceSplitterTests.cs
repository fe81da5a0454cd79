using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class VoiceSplitterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Split_ScoreOfARoll_IsTheRoll(int seed)
    {
        var roll = Rolls.Choir(seed, 200);
        var split = VoiceSplitter.Split(roll.ToScore(90));
        Assert.Equal(roll.States.ToArray(), split.Roll.States.ToArray());
        Assert.Equal((0, 16), (split.Dropped, split.StepsPerBar));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(480)]
    public void Split_AnyGrid_ComesBack(int stepsPerQuarter)
    {
        var roll = new PianoRoll(PitchRange.Choir, 1, stepsPerQuarter, [30, 1, 1, 30, 0, 31, 32]);
        var split = VoiceSplitter.Split(roll.ToScore(90), new VoiceSplitterOptions { VoiceCount = 1, StepsPerQuarter = stepsPerQuarter });
        Assert.Equal(roll.States.ToArray(), split.Roll.States.ToArray());
    }

    [Fact]
    public void Split_TracksInAnyOrder_AreOrderedByPitch()
    {
        var roll = Rolls.Choir(1, 200);
        var score = roll.ToScore(90);
        MidiScore Reordered(Func<NoteEvent, NoteEvent> change) => score with { Notes = [.. score.Notes.Select(change)] };
        var byTrack = Reordered(note => note with { Track = 8 - note.Track, Channel = 0 });
        var byChannel = Reordered(note => note with { Track = 0, Channel = 8 - note.Channel });
        Assert.Equal(roll.States.ToArray(), VoiceSplitter.Split(byTrack).Roll.States.ToArray());
        Assert.Equal(roll.States.ToArray(), VoiceSplitter.Split(byChannel).Roll.States.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Split_ChoirOnOneTrack_HasMostlyTheSameVoices(int seed)
    {
        var roll = Rolls.Choir(seed, 400);
        var split = VoiceSplitter.Split(Rolls.Merged(roll.ToScore(90)));
        Assert.InRange(split.Dropped, 0, 2);
        Assert.InRange(Agreement(roll, split.Roll), 0.95, 1);
    }

    [Fact]
    public void Split_CanonOnOneTrack_HasItsVoices()
    {
        // The answer comes a bar later, an octave below.
        int[] theme = [67, 69, 71, 67, 71, 72, 74, 71, 67, 69, 71, 67];
        var roll = Rolls.Quarters([.. theme, -1, -1, -1, 67], [-1, -1, -1, -1, .. theme.Select(pitch => pitch - 12)]);
        var split = VoiceSplitter.Split(Rolls.Merged(roll.ToScore(90)), new VoiceSplitterOptions { VoiceCount = 2 });
        Assert.Equal(roll.States.ToArray(), split.Roll.States.ToArray());
    }

    [Fact]
    public void Split_MoreNotesThanVoices_DropsInnerOnes()
    {
        int[] chord = [72, 67, 64, 60, 55, 48];
        var score = CongruentialScores.OfNotes(TickDivision.Quarter(480), chord.Select(pitch => new NoteEvent(0, 480, pitch, 80, 0, 0)));
        var split = VoiceSplitter.Split(score);
        Assert.Equal(2, split.Dropped);
        int[] kept = [.. Enumerable.Range(0, 4).Select(voice => split.Roll.PitchAt(0, voice))];
        Assert.Equal((72, 48), (kept[0], kept[3]));
        Assert.Equal(kept.OrderDescending(), kept);
    }

    [Fact]
    public void Split_HighNoteOverFullChord_CutsTheHighestVoice()
    {
        int[] chord = [67, 64, 60, 48];
        var score = CongruentialScores.OfNotes(
            TickDivision.Quarter(480),
            [.. chord.Select(pitch => new NoteEvent(0, 960, pitch, 80, 0, 0)), new NoteEvent(480, 960, 72, 80, 0, 0)]
        );
        var split = VoiceSplitter.Split(score);
        Assert.Equal(0, split.Dropped);
        Assert.Equal([72, 64, 60, 48], Enumerable.Range(0, 4).Select(voice => split.Roll.PitchAt(4, voice)));
    }

    [Fact]
    public void Split_GraceNote_LeavesTheLongNote()
    {
        var score = CongruentialScores.OfNotes(
            TickDivision.Quarter(480),
            [new NoteEvent(0, 30, 62, 80, 0, 0), new NoteEvent(30, 480, 60, 80, 0, 0), new NoteEvent(480, 960, 60, 80, 0, 0)]
        );
        var split = VoiceSplitter.Split(score, new VoiceSplitterOptions { VoiceCount = 1 });
        Assert.Equal([26, 1, 1, 1, 26, 1, 1, 1], split.Roll.States.ToArray());
        Assert.Equal(1, split.Dropped);
    }

    [Fact]
    public void Split_EmptyOrPercussion_IsEmpty()
    {
        var quarter = TickDivision.Quarter(480);
        var drum = new NoteEvent(0, 480, 36, 80, 9, 0);
        Assert.Equal((0, 0), Summary(VoiceSplitter.Split(CongruentialScores.OfNotes(quarter, []))));
        Assert.Equal((0, 0), Summary(VoiceSplitter.Split(CongruentialScores.OfNotes(quarter, [drum]))));
        var one = VoiceSplitter.Split(CongruentialScores.OfNotes(quarter, [drum, new NoteEvent(0, 0, 20, 80, 0, 0)]));
        Assert.Equal((1, 0), Summary(one));
        Assert.Equal([44], Enumerable.Range(0, 4).Select(voice => one.Roll.PitchAt(0, voice)).Where(pitch => pitch >= 0));
        static (int, int) Summary(SplitScore split) => (split.Roll.StepCount, split.Dropped);
    }

    [Fact]
    public void Split_Metre_IsThatOfTheLongestPart()
    {
        NoteEvent[] notes = [new NoteEvent(0, 4800, 60, 80, 0, 0)];
        int StepsPerBar(params TimeSignature[] metres) =>
            VoiceSplitter.Split(CongruentialScores.OfNotes(TickDivision.Quarter(480), notes, metres)).StepsPerBar;
        Assert.Equal(16, StepsPerBar());
        Assert.Equal(12, StepsPerBar(new TimeSignature(0, 1, 4), new TimeSignature(480, 3, 4)));
        Assert.Equal(12, StepsPerBar(new TimeSignature(0, 6, 8), new TimeSignature(4000, 2, 2)));
        Assert.Equal(16, StepsPerBar(new TimeSignature(0, 0, 0)));
    }

    [Fact]
    public void Split_BadOptions_AreRefused()
    {
        var score = CongruentialScores.OfNotes(TickDivision.Quarter(480), []);
        Assert.Throws<ArgumentOutOfRangeException>(() => VoiceSplitter.Split(score, new VoiceSplitterOptions { VoiceCount = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => VoiceSplitter.Split(score, new VoiceSplitterOptions { StepsPerQuarter = 481 }));
        Assert.Throws<ArgumentException>(() => VoiceSplitter.Split(score, new VoiceSplitterOptions { Range = default }));
    }

    private static double Agreement(PianoRoll expected, PianoRoll actual)
    {
        var (same, all) = (0, 0);
        for (var step = 0; step < expected.StepCount; step++)
        {
            for (var voice = 0; voice < 4; voice++)
            {
                same += actual.PitchAt(step, voice) == expected.PitchAt(step, voice) ? 1 : 0;
                all++;
            }
        }

        return same / (double)all;
    }
}
