using NAudio.Midi;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class MidiEventsTests
{
    [Fact]
    public void ToMidiEvents_ThereAndBack_IsTheSameFile()
    {
        var score = Rolls.Choir(1, 192).ToScore(84);
        var back = score.ToMidiEvents().ToScore();
        Assert.Equal(score.Notes.Count, back.Notes.Count);
        Assert.Equal(score.Notes.Select(note => (note.Start, note.Pitch)), back.Notes.Select(note => (note.Start, note.Pitch)));
    }

    [Fact]
    public void ToScore_EventsOfNAudio_AreItsNotes()
    {
        var events = new MidiEventCollection(1, 480);
        events.AddEvent(new TempoEvent(500000, 0), 0);
        var on = new NoteOnEvent(960, 1, 60, 100, 480);
        events.AddEvent(on, 1);
        events.AddEvent(on.OffEvent!, 1);
        events.PrepareForExport();
        var note = Assert.Single(events.ToScore().Notes);
        Assert.Equal(60, note.Pitch);
        Assert.Equal(960, note.Start);
    }
}
