namespace VoiceKit.Music;

/// <summary>A change of tempo.</summary>
/// <param name="Tick">Where, in ticks.</param>
/// <param name="MicrosecondsPerQuarter">The length of a quarter note in microseconds; 500,000 is 120 beats a minute.</param>
public readonly record struct TempoChange(long Tick, int MicrosecondsPerQuarter)
{
    /// <summary>The track whose tempo it is where tracks are pieces of their own (format 2); else 0: one tempo holds for all.</summary>
    public int Track { get; init; }
}

/// <summary>A change of metre.</summary>
/// <param name="Tick">Where, in ticks.</param>
/// <param name="Numerator">The beats of a bar.</param>
/// <param name="Denominator">The note value of a beat: 4 is a quarter.</param>
public readonly record struct TimeSignature(long Tick, int Numerator, int Denominator)
{
    /// <summary>The base-2 logarithm of the largest denominator, 1024: no notation has shorter notes.</summary>
    internal const int LargestDenominatorPower = 10;

    /// <summary>The track whose metre it is where tracks are pieces of their own (format 2); else 0: one metre holds for all.</summary>
    public int Track { get; init; }
}

/// <summary>The choice of an instrument.</summary>
/// <param name="Tick">Where, in ticks.</param>
/// <param name="Channel">The MIDI channel, 0 .. 15.</param>
/// <param name="Program">The General MIDI program, 0 .. 127; 0 is a piano, 19 a church organ.</param>
/// <param name="Track">The number of the track, from 0.</param>
public readonly record struct ProgramChange(long Tick, int Channel, int Program, int Track);

/// <summary>The music of a standard MIDI file: its notes, and what their times and sounds need.</summary>
/// <param name="Format">0 one track, 1 tracks that sound together, 2 tracks that are pieces of their own.</param>
/// <param name="TrackCount">How many tracks there are.</param>
/// <param name="Division">What a tick is.</param>
/// <param name="Notes">All notes, by start, then end, pitch and velocity.</param>
/// <param name="Tempos">Changes of tempo by tick; before the first, 120 quarters a minute.</param>
/// <param name="TimeSignatures">Changes of metre by tick; before the first, 4/4.</param>
/// <param name="Programs">Choices of instruments by tick.</param>
/// <param name="Warnings">What was wrong in the file and could be read nevertheless.</param>
public sealed record MidiScore(
    int Format,
    int TrackCount,
    TickDivision Division,
    IReadOnlyList<NoteEvent> Notes,
    IReadOnlyList<TempoChange> Tempos,
    IReadOnlyList<TimeSignature> TimeSignatures,
    IReadOnlyList<ProgramChange> Programs,
    IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// The pieces of music in the file: of format 2 one for each track, which is track 0 of a piece of format 0; else this score alone.
    /// The warnings are about the file, so every piece has them all.
    /// </summary>
    public IReadOnlyList<MidiScore> Pieces()
    {
        if (Format != 2)
            return [this];
        var notes = Notes.ToLookup(note => note.Track, note => note with { Track = 0 });
        var tempos = Tempos.ToLookup(tempo => tempo.Track, tempo => tempo with { Track = 0 });
        var signatures = TimeSignatures.ToLookup(signature => signature.Track, signature => signature with { Track = 0 });
        var programs = Programs.ToLookup(program => program.Track, program => program with { Track = 0 });
        return
        [
            .. Enumerable.Range(0, TrackCount).Select(track => new MidiScore(
                0, 1, Division, [.. notes[track]], [.. tempos[track]], [.. signatures[track]], [.. programs[track]], Warnings)),
        ];
    }
}
