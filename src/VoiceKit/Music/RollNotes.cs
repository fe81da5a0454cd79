namespace VoiceKit.Music;

/// <summary>A note to draw.</summary>
/// <param name="Start">Where it begins, in quarters.</param>
/// <param name="End">Where it ends, in quarters.</param>
/// <param name="Pitch">The MIDI pitch.</param>
/// <param name="Voice">Which colour it has.</param>
internal readonly record struct RollNote(double Start, double End, int Pitch, int Voice);

/// <summary>What a piano-roll picture shows.</summary>
/// <param name="Notes">The notes.</param>
/// <param name="Voices">The names of the voices.</param>
/// <param name="Bars">Where bars begin, in quarters, the first at 0.</param>
/// <param name="Beats">Where beats begin, in quarters.</param>
/// <param name="Length">The length in quarters, above 0.</param>
internal sealed record RollNotes(IReadOnlyList<RollNote> Notes, IReadOnlyList<string> Voices, IReadOnlyList<double> Bars, IReadOnlyList<double> Beats, double Length)
{
    // A metre's lines are not drawn beyond this: they would be closer than pixels.
    private const int MostBeats = 200_000;

    private static readonly string[] Choir = ["Soprano", "Alto", "Tenor", "Bass"];

    /// <summary>The notes of a roll.</summary>
    public static RollNotes Of(PianoRoll roll, PianoRollPictureOptions options)
    {
        var notes = new List<RollNote>();
        var quarter = (double)roll.StepsPerQuarter;
        for (var voice = 0; voice < roll.VoiceCount; voice++)
        {
            var start = 0;
            for (var step = 0; step <= roll.StepCount; step++)
            {
                var ends = step == roll.StepCount || roll.IsOnset(step, voice) || roll.PitchAt(step, voice) < 0;
                if (!ends)
                    continue;
                if (step > start && roll.PitchAt(start, voice) >= 0)
                    notes.Add(new(start / quarter, step / quarter, roll.PitchAt(start, voice), voice));
                start = step;
            }
        }

        var names = options.VoiceNames ?? (roll.VoiceCount == Choir.Length ? Choir : []);
        var voices = Enumerable.Range(0, roll.VoiceCount).Select(voice => voice < names.Count ? names[voice] : $"Voice {voice + 1}");
        var length = Math.Max(roll.StepCount, 1) / quarter;
        var (bars, beats) = Grid([], quarter => quarter, length, options.QuartersPerBar);
        return new(notes, [.. voices], bars, beats, length);
    }

    /// <summary>The notes of a score, but for percussion; one voice for each track, or for each channel where only one track has notes.</summary>
    public static RollNotes Of(MidiScore score)
    {
        var ticks = score.Division.TicksPerQuarter;
        var pitched = score.Notes.Where(note => note.Channel != NoteEvent.PercussionChannel).ToArray();
        var byTrack = pitched.Select(note => note.Track).Distinct().Count() > 1;
        var keys = pitched.Select(note => byTrack ? note.Track : note.Channel).Distinct().Order().ToList();
        var notes = pitched.Select(note => new RollNote(note.Start / ticks, note.End / ticks, note.Pitch, keys.IndexOf(byTrack ? note.Track : note.Channel)));
        var length = pitched.Select(note => note.End / ticks).DefaultIfEmpty(0).Max();
        var (bars, beats) = Grid(score.TimeSignatures, tick => tick / ticks, Math.Max(length, 1), quartersPerBar: 4);
        return new([.. notes], [.. keys.Select(key => byTrack ? $"Track {key + 1}" : $"Channel {key + 1}")], bars, beats, Math.Max(length, 1));
    }

    // A change of metre starts a bar wherever it stands.
    private static (List<double> Bars, List<double> Beats) Grid(
        IReadOnlyList<TimeSignature> metres, Func<double, double> quartersAt, double length, int quartersPerBar)
    {
        var (bars, beats) = (new List<double>(), new List<double>());
        var (start, beatsPerBar, beat) = (0.0, quartersPerBar, 1.0);
        for (var i = 0; i <= metres.Count; i++)
        {
            var end = i < metres.Count ? Math.Min(quartersAt(metres[i].Tick), length) : length;
            for (var n = 0; start + (n * beat) < end - 1e-9 && beats.Count < MostBeats; n++)
            {
                beats.Add(start + (n * beat));
                if (n % beatsPerBar == 0)
                    bars.Add(start + (n * beat));
            }

            if (i < metres.Count)
                (start, beatsPerBar, beat) = (end, Math.Max(metres[i].Numerator, 1), 4.0 / Math.Max(metres[i].Denominator, 1));
        }

        return (bars, beats);
    }
}
