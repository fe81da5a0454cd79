namespace VoiceKit.Music;

/// <summary>The notes of a grid, by start and pitch, and what is measured on them.</summary>
internal sealed class NoteTable
{
    // The twelve major scales, then the twelve (natural) minor ones: bit c is pitch class c.
    private static readonly int[] Scales = [.. Rotations(0b101010110101), .. Rotations(0b010110101101)];

    public NoteTable(NoteGrid grid)
    {
        var notes = new List<(int Step, int Pitch, int Length)>();
        for (var step = 0; step < grid.StepCount; step++)
        {
            foreach (var pitch in NoteGrid.Pitches(grid.Onsets[step] & grid.Sounding[step]))
            {
                var bit = UInt128.One << pitch;
                var end = step + 1;
                while (end < grid.StepCount && (grid.Sounding[end] & ~grid.Onsets[end] & bit) != UInt128.Zero)
                    end++;
                notes.Add((step, pitch, end - step));
            }
        }

        Notes = notes;
    }

    /// <summary>A note ends where its pitch falls silent or starts again.</summary>
    public IReadOnlyList<(int Step, int Pitch, int Length)> Notes { get; }

    /// <summary>The figures of lengths, pitches and positions.</summary>
    public IEnumerable<(string Name, double Value)> Figures(int stepsPerBar, int beatsPerBar)
    {
        if (Notes.Count == 0)
            yield break;
        yield return ("QN2_len>=2", Share(note => note.Length >= 2));
        yield return ("QN3_len>=3", Share(note => note.Length >= 3));
        yield return ("len1_frag", Share(note => note.Length == 1));
        yield return ("mean_len", Notes.Average(note => note.Length));

        var pitches = new double[128];
        var classes = new double[12];
        foreach (var (_, pitch, _) in Notes)
        {
            pitches[pitch]++;
            classes[pitch % 12]++;
        }

        yield return ("pitch_range", Notes.Max(note => note.Pitch) - Notes.Min(note => note.Pitch));
        yield return ("n_pitches", pitches.Count(count => count > 0));
        yield return ("n_pc", classes.Count(count => count > 0));
        yield return ("PCE", Entropy(classes));
        yield return ("pitch_entropy", Entropy(pitches));
        yield return ("scale_consistency", Scales.Max(scale => Share(note => (scale >> (note.Pitch % 12) & 1) != 0)));

        var beat = stepsPerBar / beatsPerBar;
        var half = Math.Max(1, beat / 2);
        yield return ("onset_on_beat", Share(note => note.Step % stepsPerBar % beat == 0));
        yield return ("onset_on_8th", Share(note => note.Step % stepsPerBar % half == 0));
    }

    private double Share(Func<(int Step, int Pitch, int Length), bool> condition) => Notes.Count(condition) / (double)Notes.Count;

    /// <summary>Shannon's entropy of counts, in bits.</summary>
    private double Entropy(double[] counts) => -counts.Where(count => count > 0).Sum(count => count / Notes.Count * Math.Log2(count / Notes.Count));

    private static IEnumerable<int> Rotations(int scale) => Enumerable.Range(0, 12).Select(k => ((scale << k) | (scale >> (12 - k))) & 0xFFF);
}
