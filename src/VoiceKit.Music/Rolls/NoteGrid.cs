using VoiceKit.Files;

namespace VoiceKit.Music;

/// <summary>
/// All voices of a score in one picture: at each step of a grid, which of the 128 pitches sound, and which start. The measures of a score
/// are taken from it. Immutable.
/// </summary>
public sealed class NoteGrid
{
    /// <summary>The longest grid, three days of sixteenths at 60 quarters a minute: a wrong time must not fill the memory.</summary>
    public const int MaxStepCount = 1 << 20;

    private readonly UInt128[] sounding;
    private readonly UInt128[] onsets;

    private NoteGrid(UInt128[] sounding, UInt128[] onsets) => (this.sounding, this.onsets) = (sounding, onsets);

    /// <summary>Gets the length in steps.</summary>
    public int StepCount => sounding.Length;

    /// <summary>For each step the pitches that sound: bit p is MIDI pitch p.</summary>
    public ReadOnlySpan<UInt128> Sounding => sounding;

    /// <summary>For each step the pitches that start: bit p is MIDI pitch p.</summary>
    public ReadOnlySpan<UInt128> Onsets => onsets;

    /// <summary>
    /// Puts a score on a grid. Percussion is left out; times go to the nearest step, halves up; a note lasts one step or more. The grid
    /// ends with the last note.
    /// </summary>
    /// <param name="score">The score.</param>
    /// <param name="stepsPerQuarter">The steps of a quarter note, 1 or more; 4 is a grid of sixteenths.</param>
    /// <exception cref="ArgumentException">The score is longer than <see cref="MaxStepCount"/> steps.</exception>
    public static NoteGrid FromScore(MidiScore score, int stepsPerQuarter)
    {
        var notes = GridNote.FromScore(score, stepsPerQuarter);
        var stepCount = notes.Length == 0 ? 0 : notes.Max(note => note.End);
        var (sounding, onsets) = (new UInt128[stepCount], new UInt128[stepCount]);
        foreach (var note in notes)
        {
            var bit = UInt128.One << note.Pitch;
            onsets[note.Start] |= bit;
            foreach (ref var step in sounding.AsSpan(note.Start, note.End - note.Start))
                step |= bit;
        }

        return new NoteGrid(sounding, onsets);
    }

    /// <summary>Merges the voices of a roll. A pitch starts where a voice's state starts it.</summary>
    /// <param name="roll">The piano-roll.</param>
    public static NoteGrid FromRoll(PianoRoll roll)
    {
        ArgumentNullException.ThrowIfNull(roll);
        var (sounding, onsets) = (new UInt128[roll.StepCount], new UInt128[roll.StepCount]);
        for (var step = 0; step < roll.StepCount; step++)
        {
            for (var voice = 0; voice < roll.VoiceCount; voice++)
            {
                if (roll.PitchAt(step, voice) is not (>= 0 and var pitch))
                    continue;
                sounding[step] |= UInt128.One << pitch;
                if (roll.IsOnset(step, voice))
                    onsets[step] |= UInt128.One << pitch;
            }
        }

        return new NoteGrid(sounding, onsets);
    }

    /// <summary>
    /// Cuts the grid into windows that do not overlap. Notes that are tied over a cut start anew; steps after the last whole window are
    /// left out. A grid that is shorter than a window, but not than half of one, is filled up with silence.
    /// </summary>
    /// <param name="bars">The bars of a window; 0 is the whole grid, if it has a step.</param>
    /// <param name="stepsPerBar">The steps of a bar, 1 or more.</param>
    public IReadOnlyList<NoteGrid> Windows(int bars, int stepsPerBar)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bars);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerBar, 1);
        if (bars == 0 || StepCount == 0)
            return StepCount == 0 ? [] : [this];
        var length = checked(bars * stepsPerBar);
        var windows = new List<NoteGrid>();
        for (var start = 0; start <= StepCount - length; start += length)
            windows.Add(Window(start, length));
        if (StepCount < length && StepCount >= length / 2)
            windows.Add(Padded(length));
        return windows;
    }

    /// <summary>The pitches of a step, rising.</summary>
    internal static IEnumerable<int> Pitches(UInt128 bits)
    {
        for (; bits != UInt128.Zero; bits &= bits - 1)
            yield return (int)UInt128.TrailingZeroCount(bits);
    }

    private NoteGrid Window(int start, int length)
    {
        var (part, starts) = (sounding.AsSpan(start, length).ToArray(), onsets.AsSpan(start, length).ToArray());
        starts[0] |= part[0];
        return new NoteGrid(part, starts);
    }

    private NoteGrid Padded(int length)
    {
        var (part, starts) = (new UInt128[length], new UInt128[length]);
        sounding.CopyTo(part, 0);
        onsets.CopyTo(starts, 0);
        return new NoteGrid(part, starts);
    }
}

/// <summary>A note whose times are rounded to a grid of steps.</summary>
/// <param name="Start">The step that it begins at.</param>
/// <param name="End">The step that it ends before; after its start.</param>
/// <param name="Source">The note as it was.</param>
internal readonly record struct GridNote(int Start, int End, NoteEvent Source)
{
    /// <summary>Gets the MIDI pitch, 0 .. 127.</summary>
    public int Pitch => Source.Pitch;

    /// <summary>
    /// The pitched notes of a score on a grid: start and end go to the nearest step, halves up, and each lasts one step or more.
    /// </summary>
    /// <exception cref="ArgumentException">The score is longer than <see cref="NoteGrid.MaxStepCount"/> steps.</exception>
    public static GridNote[] FromScore(MidiScore score, int stepsPerQuarter)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerQuarter, 1);
        int Step(long tick)
        {
            var step = Math.Floor((tick * (double)stepsPerQuarter / score.Division.TicksPerQuarter) + 0.5);
            if (step >= NoteGrid.MaxStepCount)
                throw new UnusableDataException($"The score is too long: a note lies at step {step} of {NoteGrid.MaxStepCount}.");
            return (int)step;
        }

        return
        [
            .. score
                .Notes.Where(note => note.Channel != NoteEvent.PercussionChannel)
                .Select(note =>
                {
                    var start = Step(note.Start);
                    return new GridNote(start, Math.Max(Step(note.End), start + 1), note);
                }),
        ];
    }
}
