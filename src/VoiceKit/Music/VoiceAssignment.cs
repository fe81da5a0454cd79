namespace VoiceKit.Music;

/// <summary>
/// Gives the notes of a score without voices to voices, from start to end. Notes that start together keep their order, the highest in the
/// highest of their voices; among the orders that are left, the one of least cost is found by dynamic programming. A note costs the distance
/// from the pitch that its voice had last, more where it lies across a note that another voice holds or cuts off the one of its own, and
/// more where the highest note is not in the highest voice or the lowest not in the lowest one. What costs more than to be left out is dropped:
/// inner notes first.
/// </summary>
internal sealed class VoiceAssignment
{
    private const double InnerDropCost = 60;
    private const double OuterDropCost = 240;
    private const int LongestCut = 6;

    private readonly VoiceSplitterOptions options;
    private readonly List<GridNote>[] voices;
    private readonly double[] lastPitches;

    private VoiceAssignment(GridNote[] notes, VoiceSplitterOptions options)
    {
        this.options = options;
        voices = [.. Enumerable.Range(0, options.VoiceCount).Select(_ => new List<GridNote>())];

        // A voice that has not sounded yet is expected where its share of the score's pitches lies.
        int[] pitches = [.. notes.Select(note => note.Pitch).OrderDescending()];
        lastPitches = [.. voices.Select((_, voice) => pitches.Length == 0 ? 0.0 : pitches[(int)((voice + 0.5) * pitches.Length / voices.Length)])];
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
                    cost += options.CutCost * Math.Min(neighbour.End - step, LongestCut);
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
