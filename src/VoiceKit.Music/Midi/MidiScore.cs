namespace VoiceKit.Music;

/// <summary>A change of tempo.</summary>
/// <param name="Tick">Where, in ticks.</param>
/// <param name="MicrosecondsPerQuarter">The length of a quarter note in microseconds; 500,000 is 120 beats a minute.</param>
public readonly record struct TempoChange(long Tick, int MicrosecondsPerQuarter)
{
    /// <summary>
    /// Gets or sets the track whose tempo it is where tracks are pieces of their own (format 2); else 0: one tempo holds for all.
    /// </summary>
    public int Track { get; init; }
}

/// <summary>A change of metre.</summary>
/// <param name="Tick">Where, in ticks.</param>
/// <param name="Numerator">The beats of a bar.</param>
/// <param name="Denominator">The note value of a beat: 4 is a quarter.</param>
public readonly record struct TimeSignature(long Tick, int Numerator, int Denominator)
{
    /// <summary>The base-2 logarithm of the largest denominator, 1024: no notation has shorter notes.</summary>
    internal const int MaxDenominatorPower = 10;

    /// <summary>
    /// Gets or sets the track whose metre it is where tracks are pieces of their own (format 2); else 0: one metre holds for all.
    /// </summary>
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
    IReadOnlyList<string> Warnings
)
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
            .. Enumerable
                .Range(0, TrackCount)
                .Select(track => new MidiScore(
                    0,
                    1,
                    Division,
                    [.. notes[track]],
                    [.. tempos[track]],
                    [.. signatures[track]],
                    [.. programs[track]],
                    Warnings
                )),
        ];
    }
}

/// <summary>Collects what the tracks of a MIDI file hold.</summary>
internal sealed class MidiScoreBuilder
{
    public TrackNotes Notes { get; } = new();

    public List<TempoChange> Tempos { get; } = [];

    public List<TimeSignature> TimeSignatures { get; } = [];

    public List<ProgramChange> Programs { get; } = [];

    public MidiWarnings Warnings { get; } = new();

    /// <summary>The score; changes at one tick stay in the order of the file.</summary>
    public MidiScore Build(MidiHeader header, int trackCount) =>
        new(
            header.Format,
            trackCount,
            header.Division,
            Notes.ToSortedArray(),
            [.. Tempos.OrderBy(tempo => tempo.Tick)],
            [.. TimeSignatures.OrderBy(signature => signature.Tick)],
            [.. Programs.OrderBy(program => program.Tick)],
            Warnings.ToList()
        );
}

/// <summary>A note of a score.</summary>
/// <param name="Start">Where it begins, in ticks.</param>
/// <param name="End">Where it ends, in ticks; not before its start.</param>
/// <param name="Pitch">The MIDI key, 0 .. 127; 60 is middle C.</param>
/// <param name="Velocity">How hard the key is struck, 1 .. 127.</param>
/// <param name="Channel">The MIDI channel, 0 .. 15; 9 is percussion.</param>
/// <param name="Track">The number of the track, from 0.</param>
public readonly record struct NoteEvent(long Start, long End, int Pitch, int Velocity, int Channel, int Track)
{
    /// <summary>The channel of percussion: its keys are instruments, not pitches.</summary>
    public const int PercussionChannel = 9;
}

/// <summary>Turns the ticks of a score into seconds and back. Immutable.</summary>
/// <remarks>
/// A quarter note lasts as long as the last tempo at or before it says, at first half a second (Standard MIDI Files 1.0). Where ticks are
/// fractions of film frames (SMPTE), tempo has no effect.
/// </remarks>
public sealed class TempoMap
{
    private const int InitialMicrosecondsPerQuarter = 500_000;

    // Times are in microseconds times ticks of a quarter note: sums of integers, which double holds without rounding for all real music.
    private readonly double unitsPerSecond;
    private readonly long[] ticks;
    private readonly int[] unitsPerTick;
    private readonly double[] units;

    /// <summary>Creates the map of a score.</summary>
    /// <param name="score">The score.</param>
    /// <exception cref="ArgumentException">The score is of format 2, whose tracks have tempos of their own (see
    /// <see cref="MidiScore.Pieces"/>), a tempo is not positive or before tick 0, or the division is not set.</exception>
    public TempoMap(MidiScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        if (score.Format == 2)
            throw new ArgumentException(
                "The tracks of format 2 have tempos of their own; make a map of each of the pieces.",
                nameof(score)
            );
        if (score.Division.TicksPerQuarter <= 0)
            throw new ArgumentException("The score does not say what a tick is.", nameof(score));
        if (score.Tempos.Any(tempo => tempo.Tick < 0 || tempo.MicrosecondsPerQuarter <= 0))
            throw new ArgumentException("A tempo is not positive or comes before tick 0.", nameof(score));

        var isFilm = score.Division.TicksPerSecond is not null;
        unitsPerSecond = score.Division.TicksPerSecond ?? (1e6 * score.Division.TicksPerQuarter);
        TempoChange[] changes = isFilm
            ? [new TempoChange(0, 1)]
            : [new TempoChange(0, InitialMicrosecondsPerQuarter), .. score.Tempos.OrderBy(tempo => tempo.Tick)];
        ticks = [.. changes.Select(change => change.Tick)];
        unitsPerTick = [.. changes.Select(change => change.MicrosecondsPerQuarter)];
        units = new double[changes.Length];
        for (var i = 1; i < units.Length; i++)
            units[i] = units[i - 1] + ((double)(ticks[i] - ticks[i - 1]) * unitsPerTick[i - 1]);
    }

    /// <summary>The time of a tick, in seconds from the start.</summary>
    /// <param name="tick">The tick, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tick is negative.</exception>
    public double SecondsAt(long tick)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tick);
        var i = LastAtOrBefore(ticks, tick);
        return (units[i] + ((double)(tick - ticks[i]) * unitsPerTick[i])) / unitsPerSecond;
    }

    /// <summary>The tick nearest to a time.</summary>
    /// <param name="seconds">The time from the start, in seconds.</param>
    /// <returns>The tick; <see cref="long.MaxValue"/> where it would be later than that.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or not finite.</exception>
    public long TickAt(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "A time in seconds must be finite and not negative.");
        var time = seconds * unitsPerSecond;
        var i = LastAtOrBefore(units, time);
        var tick = ticks[i] + Math.Round((time - units[i]) / unitsPerTick[i]);
        return tick < long.MaxValue ? (long)tick : long.MaxValue;
    }

    /// <summary>The last place in an ascending list whose first element is at or before all values that are looked for.</summary>
    private static int LastAtOrBefore<T>(T[] ascending, T value)
        where T : IComparable<T>
    {
        var (low, high) = (0, ascending.Length);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (ascending[middle].CompareTo(value) <= 0)
                low = middle;
            else
                high = middle;
        }

        return low;
    }
}

/// <summary>The length of a MIDI file's tick: a fraction of a quarter note, or of a frame of film.</summary>
public readonly record struct TickDivision
{
    private TickDivision(double ticksPerQuarter, double? ticksPerSecond) =>
        (TicksPerQuarter, TicksPerSecond) = (ticksPerQuarter, ticksPerSecond);

    /// <summary>Gets the ticks of a quarter note. With film frames, those of a quarter at 120 a minute, half a second.</summary>
    public double TicksPerQuarter { get; }

    /// <summary>Gets the ticks of a second with film frames, where tempo has no effect; else null.</summary>
    public double? TicksPerSecond { get; }

    /// <summary>A tick as a fraction of a quarter note.</summary>
    /// <param name="ticksPerQuarter">The ticks of a quarter note.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not 1 .. 32767.</exception>
    public static TickDivision Quarter(int ticksPerQuarter)
    {
        if (ticksPerQuarter is < 1 or > 32767)
            throw new ArgumentOutOfRangeException(nameof(ticksPerQuarter), ticksPerQuarter, "A quarter note has 1 .. 32767 ticks.");
        return new TickDivision(ticksPerQuarter, null);
    }

    /// <summary>A tick as a fraction of a frame of film (SMPTE).</summary>
    /// <param name="framesPerSecond">24, 25, 29 (29.97, drop frame) or 30.</param>
    /// <param name="ticksPerFrame">1 .. 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static TickDivision Film(int framesPerSecond, int ticksPerFrame)
    {
        if (framesPerSecond is not (24 or 25 or 29 or 30))
            throw new ArgumentOutOfRangeException(nameof(framesPerSecond), framesPerSecond, "Film has 24, 25, 29 or 30 frames a second.");
        if (ticksPerFrame is < 1 or > 255)
            throw new ArgumentOutOfRangeException(nameof(ticksPerFrame), ticksPerFrame, "A frame has 1 .. 255 ticks.");
        var rate = (framesPerSecond == 29 ? 30000.0 / 1001 : framesPerSecond) * ticksPerFrame;
        return new TickDivision(framesPerSecond * ticksPerFrame / 2.0, rate);
    }
}
