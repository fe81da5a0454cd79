namespace VoiceKit.Music;

/// <summary>Makes other music of a roll: transposed, or as a score to be written or played.</summary>
public static class RollTransforms
{
    private const int TicksPerQuarter = 480;

    /// <summary>Moves all notes by an interval. Those that leave the range move by octaves, each as a whole.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="semitones">How far up, -127 .. 127.</param>
    public static PianoRoll Transpose(this PianoRoll roll, int semitones)
    {
        ArgumentNullException.ThrowIfNull(roll);
        ArgumentOutOfRangeException.ThrowIfLessThan(semitones, -127);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(semitones, 127);
        byte[] states =
        [
            .. roll
                .States.ToArray()
                .Select(state =>
                    state < PianoRoll.FirstPitch
                        ? state
                        : (byte)roll.Range.StateOf(roll.Range.Lowest + state - PianoRoll.FirstPitch + semitones)
                ),
        ];
        return new PianoRoll(roll.Range, roll.VoiceCount, roll.StepsPerQuarter, states);
    }

    /// <summary>
    /// Writes a roll as a score with one track and one channel a voice, percussion's channel skipped, at 480 ticks a quarter.
    /// <see cref="VoiceSplitter"/> makes the same roll of it, but for silence at the end, which no note shows, where every voice sounds and
    /// higher voices are higher on average.
    /// </summary>
    /// <param name="roll">The roll: at most 15 voices and 480 steps a quarter.</param>
    /// <param name="quartersPerMinute">The tempo, 4 .. 1000.</param>
    /// <param name="program">The General MIDI program, 0 .. 127.</param>
    /// <param name="velocity">How hard keys are struck, 1 .. 127.</param>
    /// <param name="beatsPerBar">The quarters of a bar, 1 .. 255.</param>
    public static MidiScore ToScore(this PianoRoll roll, double quartersPerMinute, int program = 0, int velocity = 80, int beatsPerBar = 4)
    {
        ArgumentNullException.ThrowIfNull(roll);
        Require(roll.VoiceCount, 1, 15, nameof(roll));
        Require(roll.StepsPerQuarter, 1, TicksPerQuarter, nameof(roll));
        Require(quartersPerMinute, 4, 1000, nameof(quartersPerMinute));
        Require(program, 0, 127, nameof(program));
        Require(velocity, 1, 127, nameof(velocity));
        Require(beatsPerBar, 1, 255, nameof(beatsPerBar));
        long Tick(int step) => (long)Math.Round(step * (double)TicksPerQuarter / roll.StepsPerQuarter);
        var notes = new List<NoteEvent>();
        for (var voice = 0; voice < roll.VoiceCount; voice++)
        {
            for (var step = 0; step < roll.StepCount; step++)
            {
                if (!roll.IsOnset(step, voice))
                    continue;
                var end = step + 1;
                while (end < roll.StepCount && roll[end, voice] == PianoRoll.Hold)
                    end++;
                notes.Add(new NoteEvent(Tick(step), Tick(end), roll.PitchAt(step, voice), velocity, Channel(voice), voice));
            }
        }

        return new MidiScore(
            1,
            roll.VoiceCount,
            TickDivision.Quarter(TicksPerQuarter),
            [.. notes.OrderBy(note => note.Start).ThenBy(note => note.End).ThenBy(note => note.Pitch)],
            [new TempoChange(0, (int)Math.Round(60e6 / quartersPerMinute))],
            [new TimeSignature(0, beatsPerBar, 4)],
            [.. Enumerable.Range(0, roll.VoiceCount).Select(voice => new ProgramChange(0, Channel(voice), program, voice))],
            []
        );
    }

    private static int Channel(int voice) => voice < NoteEvent.PercussionChannel ? voice : voice + 1;

    private static void Require(double value, double least, double most, string name)
    {
        // NaN is neither.
        if (!(value >= least && value <= most))
            throw new ArgumentOutOfRangeException(name, value, $"The value must be {least} .. {most}.");
    }
}
