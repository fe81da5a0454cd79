namespace VoiceKit.Music;

/// <summary>A note whose times are rounded to a grid of steps.</summary>
/// <param name="Start">The step that it begins at.</param>
/// <param name="End">The step that it ends before; after its start.</param>
/// <param name="Source">The note as it was.</param>
internal readonly record struct GridNote(int Start, int End, NoteEvent Source)
{
    /// <summary>The MIDI pitch, 0 .. 127.</summary>
    public int Pitch => Source.Pitch;

    /// <summary>
    /// The pitched notes of a score on a grid: start and end go to the nearest step, halves up, and each lasts one step or more.
    /// </summary>
    /// <exception cref="ArgumentException">The score is longer than <see cref="NoteGrid.LargestStepCount"/> steps.</exception>
    public static GridNote[] FromScore(MidiScore score, int stepsPerQuarter)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerQuarter, 1);
        int Step(long tick)
        {
            var step = Math.Floor((tick * (double)stepsPerQuarter / score.Division.TicksPerQuarter) + 0.5);
            if (step >= NoteGrid.LargestStepCount)
                throw new ArgumentException($"The score is too long: a note lies at step {step} of {NoteGrid.LargestStepCount}.", nameof(score));
            return (int)step;
        }

        return [.. score.Notes.Where(note => note.Channel != NoteEvent.PercussionChannel).Select(note =>
        {
            var start = Step(note.Start);
            return new GridNote(start, Math.Max(Step(note.End), start + 1), note);
        })];
    }
}
