using VoiceKit.Files;

namespace VoiceKit.Music;

/// <summary>The notes of a score in seconds, with the programs that play them.</summary>
internal sealed class Performance
{
    /// <summary>Works out the times and programs.</summary>
    /// <param name="score">The score.</param>
    /// <param name="tail">The time after the last note.</param>
    /// <exception cref="ArgumentException">The sound would be longer than <see cref="RenderOptions.MaxDuration"/>.</exception>
    public Performance(MidiScore score, TimeSpan tail)
    {
        ArgumentNullException.ThrowIfNull(score);
        var tempos = new TempoMap(score);
        var program = new int[16];
        var change = 0;
        var notes = new PlayedNote[score.Notes.Count];
        var order = Enumerable.Range(0, notes.Length).OrderBy(i => score.Notes[i].Start);
        var count = 0;
        foreach (var note in order.Select(i => score.Notes[i]))
        {
            for (; change < score.Programs.Count && score.Programs[change].Tick <= note.Start; change++)
                program[score.Programs[change].Channel] = score.Programs[change].Program;
            var played = new PlayedNote(tempos.SecondsAt(note.Start), tempos.SecondsAt(note.End), program[note.Channel], note);
            notes[count++] = played;
            LastEnd = Math.Max(LastEnd, played.End);
        }

        Notes = notes;
        Duration = LastEnd + tail.TotalSeconds;
        if (Duration > RenderOptions.MaxDuration.TotalSeconds)
        {
            throw new UnusableDataException(
                $"The score lasts {LastEnd / 60:F0} minutes; {RenderOptions.MaxDuration.TotalMinutes:F0} minutes at most can "
                    + $"be made audible."
            );
        }
    }

    /// <summary>Gets the notes by start.</summary>
    public IReadOnlyList<PlayedNote> Notes { get; }

    /// <summary>Gets the end of the last note in seconds; 0 without notes.</summary>
    public double LastEnd { get; }

    /// <summary>Gets the length of the sound in seconds, with the tail.</summary>
    public double Duration { get; }

    /// <summary>The number of samples of the sound.</summary>
    public int SampleCount(int sampleRate) => (int)Math.Ceiling(Duration * sampleRate);
}

/// <summary>A note in time.</summary>
/// <param name="Start">Where it begins, in seconds from the start of the score.</param>
/// <param name="End">Where it ends, in seconds.</param>
/// <param name="Program">The General MIDI program of its channel where it begins.</param>
/// <param name="Note">The note of the score.</param>
internal readonly record struct PlayedNote(double Start, double End, int Program, NoteEvent Note);

/// <summary>The built-in instruments of <see cref="ScoreRenderer"/>.</summary>
public enum Instrument
{
    /// <summary>Struck strings, piano-like: a note dies away.</summary>
    Piano,

    /// <summary>Soft organ pipes: a note sounds evenly until it ends.</summary>
    Organ,
}
