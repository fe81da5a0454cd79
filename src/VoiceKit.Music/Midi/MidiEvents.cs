using NAudio.Midi;

namespace VoiceKit.Music;

/// <summary>Exchanges scores with NAudio's event model, as Standard MIDI Files hold them: what a file cannot hold is lost.</summary>
public static class MidiEvents
{
    /// <summary>Makes NAudio's events of a score.</summary>
    /// <param name="score">The score.</param>
    public static MidiEventCollection ToMidiEvents(this MidiScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        using var stream = new MemoryStream();
        MidiFile.Write(stream, score);
        stream.Position = 0;
        return new NAudio.Midi.MidiFile(stream, strictChecking: false).Events;
    }

    /// <summary>Makes a score of NAudio's events.</summary>
    /// <param name="events">The events, each track in the order of time.</param>
    /// <exception cref="Files.BadFileException">The events make no MIDI file.</exception>
    public static MidiScore ToScore(this MidiEventCollection events)
    {
        ArgumentNullException.ThrowIfNull(events);
        using var stream = new MemoryStream();
        NAudio.Midi.MidiFile.Export(stream, events);
        return MidiFile.Read(stream.ToArray(), "the events");
    }
}
