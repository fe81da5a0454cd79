namespace VoiceKit.Music;

/// <summary>How the pitches of a grid sound together, and how the highest of them moves.</summary>
internal sealed class TextureTable
{
    // 0, 3, 4, 5, 7, 8 and 9 semitones.
    private const int Consonances = 0b1110111001;

    public TextureTable(NoteGrid grid)
    {
        PitchCounts = [.. grid.Sounding.ToArray().Select(bits => (int)UInt128.PopCount(bits))];
        Intervals = new double[12];
        var moves = new List<int>();
        var last = -1;
        foreach (var bits in grid.Sounding)
        {
            int[] pitches = [.. NoteGrid.Pitches(bits)];
            if (pitches.Length == 0)
                continue;
            for (var high = 1; high < pitches.Length; high++)
            {
                for (var low = 0; low < high; low++)
                    Intervals[(pitches[high] - pitches[low]) % 12]++;
            }

            if (last >= 0 && pitches[^1] != last)
                moves.Add(pitches[^1] - last);
            last = pitches[^1];
        }

        TopMoves = moves;
    }

    /// <summary>The number of pitches that sound at each step.</summary>
    public int[] PitchCounts { get; }

    /// <summary>Pairs of pitches that sound together, by interval modulo 12.</summary>
    public double[] Intervals { get; }

    /// <summary>The moves of the highest pitch in semitones, silence and repetition skipped.</summary>
    public IReadOnlyList<int> TopMoves { get; }

    /// <summary>The figures of polyphony and silence.</summary>
    public IEnumerable<(string Name, double Value)> DensityFigures()
    {
        double steps = PitchCounts.Length;
        int[] counts = [.. PitchCounts.Where(count => count > 0)];
        if (counts.Length > 0)
        {
            var mean = counts.Average();
            yield return ("polyphony", mean);
            yield return ("poly_rate>=2", counts.Count(count => count >= 2) / steps);
            yield return ("poly_rate>2_muspy", counts.Count(count => count > 2) / steps);
            yield return ("poly_sd", Math.Sqrt(counts.Average(count => (count - mean) * (count - mean))));
        }

        yield return ("silent_steps", (steps - counts.Length) / steps);
    }

    /// <summary>The figures of intervals: those that sound together, and those of the top line.</summary>
    public IEnumerable<(string Name, double Value)> IntervalFigures()
    {
        var pairs = Intervals.Sum();
        if (pairs > 0)
            yield return ("consonance", Intervals.Where((_, interval) => (Consonances >> interval & 1) != 0).Sum() / pairs);
        if (TopMoves.Count > 0)
        {
            yield return ("mel_step_rate<=2", TopMoves.Count(move => Math.Abs(move) <= 2) / (double)TopMoves.Count);
            yield return ("mel_mean_leap", TopMoves.Average(move => Math.Abs(move)));
        }
    }
}
