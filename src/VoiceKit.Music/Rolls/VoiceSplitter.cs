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
        var voices =
            Parts(notes, note => note.Source.Track, halfStep, options)
            ?? Parts(notes, note => note.Source.Channel, halfStep, options)
            ?? VoiceAssignment.Assign(notes, options);
        return new SplitScore(
            Roll(voices, options),
            notes.Length - voices.Sum(voice => voice.Count),
            StepsPerBar(score, options.StepsPerQuarter)
        );
    }

    /// <summary>The tracks or channels as voices, or null where they are not as many or not of one note at a time.</summary>
    private static List<GridNote>[]? Parts(GridNote[] notes, Func<GridNote, int> part, double halfStep, VoiceSplitterOptions options)
    {
        var parts = notes.GroupBy(part).ToArray();
        if (
            parts.Length != options.VoiceCount
            || parts.Any(notes => OverlapCount(notes, halfStep) > options.LargestOverlap * notes.Count())
        )
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
        [
            .. notes
                .GroupBy(note => note.Start)
                .OrderBy(chord => chord.Key)
                .Select(chord =>
                    chord
                        .OrderByDescending(note => note.Source.End - note.Source.Start)
                        .ThenByDescending(note => lowest ? -note.Pitch : note.Pitch)
                        .First()
                ),
        ];

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
        TimeSignature[] metres =
        [
            new TimeSignature(0, 4, 4),
            .. score.TimeSignatures.Where(metre => metre is { Numerator: > 0, Denominator: > 0 }),
        ];
        var main = metres
            .Select((metre, i) => (Metre: metre, Length: (i + 1 < metres.Length ? Math.Min(metres[i + 1].Tick, end) : end) - metre.Tick))
            .GroupBy(part => (part.Metre.Numerator, part.Metre.Denominator))
            .MaxBy(parts => parts.Sum(part => Math.Max(0, part.Length)))!
            .Key;
        return Math.Max(1, (int)Math.Round(main.Numerator * 4.0 * stepsPerQuarter / main.Denominator));
    }
}

/// <summary>The settings of <see cref="VoiceSplitter"/>. A cost is given as the number of semitones of a leap that costs as much.</summary>
public sealed record VoiceSplitterOptions
{
    /// <summary>Gets or sets the number of voices, 1 .. 16; 4 by default.</summary>
    public int VoiceCount { get; init; } = 4;

    /// <summary>Gets or sets the steps of a quarter note, 1 .. 480; 4, sixteenths, by default.</summary>
    public int StepsPerQuarter { get; init; } = 4;

    /// <summary>Gets or sets the pitches of the roll, <see cref="PitchRange.Choir"/> by default; notes outside move by octaves.</summary>
    public PitchRange Range { get; init; } = PitchRange.Choir;

    /// <summary>
    /// Gets or sets the share of a track's notes, 0 .. 1, that may start while another sounds and the track still is a voice; 0.1 by
    /// default, for the double stops of strings. With 0 only tracks of one note at a time are voices.
    /// </summary>
    public double LargestOverlap { get; init; } = 0.1;

    /// <summary>Gets or sets the cost of each note that is held in a voice on the wrong side; 24 by default.</summary>
    public double CrossingCost { get; init; } = 24;

    /// <summary>
    /// Gets or sets the cost of the highest note outside the highest voice, and of the lowest outside the lowest; 4 by default.
    /// </summary>
    public double OuterVoiceCost { get; init; } = 4;

    /// <summary>Gets or sets the cost of each step by which a held note is cut short; 4 by default, at most 6 steps count.</summary>
    public double CutCost { get; init; } = 4;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(VoiceCount, 1, nameof(VoiceCount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(VoiceCount, 16, nameof(VoiceCount));
        ArgumentOutOfRangeException.ThrowIfLessThan(StepsPerQuarter, 1, nameof(StepsPerQuarter));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StepsPerQuarter, 480, nameof(StepsPerQuarter));
        if (Range.Count == 0)
            throw new ArgumentException("The range holds no pitch.", nameof(Range));
    }
}

/// <summary>
/// Gives the notes of a score without voices to voices, from start to end. Notes that start together keep their order, the highest in the
/// highest of their voices; among the orders that are left, the one of least cost is found by dynamic programming. A note costs the
/// distance from the pitch that its voice had last, more where it lies across a note that another voice holds or cuts off the one of its
/// own, and more where the highest note is not in the highest voice or the lowest not in the lowest one. What costs more than to be left
/// out is dropped: inner notes first.
/// </summary>
internal sealed class VoiceAssignment
{
    private const double InnerDropCost = 60;
    private const double OuterDropCost = 240;
    private const int MaxCut = 6;

    private readonly VoiceSplitterOptions options;
    private readonly List<GridNote>[] voices;
    private readonly double[] lastPitches;

    private VoiceAssignment(GridNote[] notes, VoiceSplitterOptions options)
    {
        this.options = options;
        voices = [.. Enumerable.Range(0, options.VoiceCount).Select(_ => new List<GridNote>())];

        // A voice that has not sounded yet is expected where its share of the score's pitches lies.
        int[] pitches = [.. notes.Select(note => note.Pitch).OrderDescending()];
        lastPitches =
        [
            .. voices.Select((_, voice) => pitches.Length == 0 ? 0.0 : pitches[(int)((voice + 0.5) * pitches.Length / voices.Length)]),
        ];
    }

    /// <summary>The notes of each voice, by start; those missing were dropped.</summary>
    public static List<GridNote>[] Assign(GridNote[] notes, VoiceSplitterOptions options)
    {
        var assignment = new VoiceAssignment(notes, options);
        foreach (var chord in notes.GroupBy(note => note.Start).OrderBy(chord => chord.Key))
            assignment.Place(chord.Key, [.. chord.OrderByDescending(note => note.Pitch)]);
        return assignment.voices;
    }

    private void Place(int step, GridNote[] chord)
    {
        GridNote?[] held = [.. voices.Select(voice => voice.Count > 0 && voice[^1].End > step ? voice[^1] : (GridNote?)null)];
        int[] sounding = [.. held.OfType<GridNote>().Concat(chord).Select(note => note.Pitch)];
        var (highest, lowest) = (sounding.Max(), sounding.Min());

        // best[n, v]: the least cost of the notes from n on in the voices from v on.
        var best = new double[chord.Length + 1, voices.Length + 1];
        for (var n = chord.Length - 1; n >= 0; n--)
        {
            for (var v = voices.Length; v >= 0; v--)
            {
                best[n, v] = best[n + 1, v] + DropCost(chord[n]);
                if (v < voices.Length)
                    best[n, v] = Math.Min(best[n, v], Math.Min(best[n, v + 1], best[n + 1, v + 1] + Cost(chord[n], v)));
            }
        }

        for (int n = 0, v = 0; n < chord.Length && v < voices.Length;)
        {
            if (best[n, v] == best[n + 1, v + 1] + Cost(chord[n], v))
            {
                voices[v].Add(chord[n]);
                lastPitches[v++] = chord[n++].Pitch;
            }
            else if (best[n, v] == best[n, v + 1])
            {
                v++;
            }
            else
            {
                n++;
            }
        }

        double DropCost(GridNote note) => note.Pitch == highest || note.Pitch == lowest ? OuterDropCost : InnerDropCost;

        double Cost(GridNote note, int voice)
        {
            var cost = Math.Abs(note.Pitch - lastPitches[voice]);
            for (var other = 0; other < held.Length; other++)
            {
                if (held[other] is not { } neighbour)
                    continue;
                if (other == voice)
                    cost += options.CutCost * Math.Min(neighbour.End - step, MaxCut);
                else if (other < voice ? neighbour.Pitch < note.Pitch : neighbour.Pitch > note.Pitch)
                    cost += options.CrossingCost;
            }

            // One note alone is both the highest and the lowest: it says nothing about its voice.
            if (highest > lowest && ((note.Pitch == highest && voice > 0) || (note.Pitch == lowest && voice < voices.Length - 1)))
                cost += options.OuterVoiceCost;
            return cost;
        }
    }
}
