namespace VoiceKit.Music;

/// <summary>A score as voices.</summary>
/// <param name="Roll">The voices, the highest first.</param>
/// <param name="Dropped">How many notes found no voice.</param>
/// <param name="StepsPerBar">The steps of a bar in the metre that governs most of the score.</param>
public sealed record SplitScore(PianoRoll Roll, int Dropped, int StepsPerBar);

/// <summary>
/// Splits a score into voices of one note at a time. Where it has as many pitched tracks, or channels, as voices, each with one note at a
/// time, those are the voices, ordered by their mean pitch; else notes go to the voices that move least (<see cref="VoiceAssignment"/>).
/// </summary>
/// <remarks>
/// Percussion is left out. Starts and ends go to the nearest step of the grid, and every note lasts one step or more. A note ends where the
/// next of its voice starts.
/// </remarks>
public static class VoiceSplitter
{
    /// <summary>Splits a score.</summary>
    /// <param name="score">The score; one without pitched notes makes a roll of no steps.</param>
    /// <param name="options">The voices and the grid; four voices of sixteenths by default.</param>
    /// <exception cref="ArgumentException">The options are out of range, or the score has more than 2^20 steps.</exception>
    public static SplitScore Split(MidiScore score, VoiceSplitterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(score);
        options ??= new VoiceSplitterOptions();
        options.Validate();
        var notes = GridNote.FromScore(score, options.StepsPerQuarter);
        var halfStep = score.Division.TicksPerQuarter / options.StepsPerQuarter / 2;
        var voices = Parts(notes, note => note.Source.Track, halfStep, options) ?? Parts(notes, note => note.Source.Channel, halfStep, options)
            ?? VoiceAssignment.Assign(notes, options);
        return new SplitScore(Roll(voices, options), notes.Length - voices.Sum(voice => voice.Count), StepsPerBar(score, options.StepsPerQuarter));
    }

    /// <summary>The tracks or channels as voices, or null where they are not as many or not of one note at a time.</summary>
    private static List<GridNote>[]? Parts(GridNote[] notes, Func<GridNote, int> part, double halfStep, VoiceSplitterOptions options)
    {
        var parts = notes.GroupBy(part).ToArray();
        if (parts.Length != options.VoiceCount || parts.Any(notes => OverlapCount(notes, halfStep) > options.LargestOverlap * notes.Count()))
            return null;
        var ordered = parts.OrderByDescending(notes => notes.Average(note => note.Pitch)).ThenBy(notes => notes.Key).ToArray();
        return [.. ordered.Select((notes, voice) => OneAtATime(notes, lowest: voice > 0 && voice == ordered.Length - 1))];
    }

    // Half a step of overlap is how legato is played; the grid does not show it.
    private static int OverlapCount(IEnumerable<GridNote> notes, double halfStep)
    {
        var (count, end) = (0, double.NegativeInfinity);
        foreach (var note in notes.Select(note => note.Source).OrderBy(note => note.Start))
        {
            if (note.Start < end - halfStep)
                count++;
            end = Math.Max(end, note.End);
        }

        return count;
    }

    /// <summary>Of notes that start at the same step the longest stays, as grace notes are short; of equals the outer one.</summary>
    private static List<GridNote> OneAtATime(IEnumerable<GridNote> notes, bool lowest) =>
        [.. notes.GroupBy(note => note.Start).OrderBy(chord => chord.Key).Select(chord =>
            chord.OrderByDescending(note => note.Source.End - note.Source.Start).ThenByDescending(note => lowest ? -note.Pitch : note.Pitch).First())];

    private static PianoRoll Roll(List<GridNote>[] voices, VoiceSplitterOptions options)
    {
        var stepCount = voices.SelectMany(voice => voice).Select(note => note.End).DefaultIfEmpty(0).Max();
        var states = new byte[stepCount * options.VoiceCount];
        for (var voice = 0; voice < voices.Length; voice++)
        {
            for (var i = 0; i < voices[voice].Count; i++)
            {
                var note = voices[voice][i];
                var end = i + 1 < voices[voice].Count ? Math.Min(note.End, voices[voice][i + 1].Start) : note.End;
                states[(note.Start * options.VoiceCount) + voice] = (byte)options.Range.StateOf(note.Pitch);
                for (var step = note.Start + 1; step < end; step++)
                    states[(step * options.VoiceCount) + voice] = PianoRoll.Hold;
            }
        }

        return new PianoRoll(options.Range, options.VoiceCount, options.StepsPerQuarter, states);
    }

    private static int StepsPerBar(MidiScore score, int stepsPerQuarter)
    {
        // The first bar may be an upbeat with a metre of its own, so the longest metre counts, not the first.
        var end = score.Notes.Select(note => note.End).DefaultIfEmpty(0).Max();
        TimeSignature[] metres = [new TimeSignature(0, 4, 4), .. score.TimeSignatures.Where(metre => metre is { Numerator: > 0, Denominator: > 0 })];
        var main = metres.Select((metre, i) => (Metre: metre, Length: (i + 1 < metres.Length ? Math.Min(metres[i + 1].Tick, end) : end) - metre.Tick))
            .GroupBy(part => (part.Metre.Numerator, part.Metre.Denominator))
            .MaxBy(parts => parts.Sum(part => Math.Max(0, part.Length)))!.Key;
        return Math.Max(1, (int)Math.Round(main.Numerator * 4.0 * stepsPerQuarter / main.Denominator));
    }
}
