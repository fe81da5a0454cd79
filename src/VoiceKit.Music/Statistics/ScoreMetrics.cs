using System.Numerics;

namespace VoiceKit.Music;

/// <summary>
/// Objective figures of a piece of music, as those of MuseGAN (Dong et al. 2018), mgeval (Yang and Lerch 2020) and muspy. They say how
/// music is made, not how good it is: compare them with those of a reference.
/// </summary>
public sealed class ScoreMetrics
{
    private ScoreMetrics(IReadOnlyDictionary<string, double> figures, ScoreHistograms histograms) =>
        (Figures, Histograms) = (figures, histograms);

    /// <summary>
    /// Gets the names of the figures. EB_empty_bar, silent_steps, onset_on_*, QN*, len1_frag, poly_rate*, consonance, scale_consistency,
    /// groove_consistency and mel_step_rate are shares, 0 .. 1; PCE and pitch_entropy bits; mean_len steps; pitch_range and mel_mean_leap
    /// semitones; density pitches a step; beat_TD a distance of tonal centroids; the others numbers.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "EB_empty_bar",
        "UPC_per_bar",
        "notes",
        "notes_per_bar",
        "density",
        "QN2_len>=2",
        "QN3_len>=3",
        "len1_frag",
        "mean_len",
        "pitch_range",
        "n_pitches",
        "n_pc",
        "PCE",
        "pitch_entropy",
        "scale_consistency",
        "onset_on_beat",
        "onset_on_8th",
        "polyphony",
        "poly_rate>=2",
        "poly_rate>2_muspy",
        "poly_sd",
        "silent_steps",
        "groove_consistency",
        "consonance",
        "mel_step_rate<=2",
        "mel_mean_leap",
        "beat_TD",
    ];

    /// <summary>Gets the figures by name. Those without a meaning, such as the mean length of no notes, are left out.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; }

    /// <summary>Gets the counts behind the figures.</summary>
    public ScoreHistograms Histograms { get; }

    /// <summary>Gets a figure by its name; NaN where it is left out.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="Names"/>.</exception>
    public double this[string name] =>
        Figures.TryGetValue(name, out var value) ? value
        : Names.Contains(name) ? double.NaN
        : throw new ArgumentException($"There is no figure '{name}'.", nameof(name));

    /// <summary>Measures a window of a piece, or a whole piece.</summary>
    /// <param name="window">What is measured; of an empty grid, only the number of notes is known.</param>
    /// <param name="stepsPerBar">The steps of a bar; 16 are the sixteenths of a 4/4 bar.</param>
    /// <param name="beatsPerBar">The beats of a bar, 1 .. <paramref name="stepsPerBar"/>.</param>
    public static ScoreMetrics Measure(NoteGrid window, int stepsPerBar = 16, int beatsPerBar = 4)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentOutOfRangeException.ThrowIfLessThan(beatsPerBar, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerBar, beatsPerBar);
        var notes = new NoteTable(window);
        var texture = new TextureTable(window);
        var figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["notes"] = notes.Notes.Count };
        if (window.StepCount > 0)
        {
            IEnumerable<(string Name, double Value)> all =
            [
                .. BarFigures(window, notes, stepsPerBar),
                .. notes.Figures(stepsPerBar, beatsPerBar),
                .. texture.DensityFigures(),
                .. texture.IntervalFigures(),
                ("beat_TD", TonalDistance.Mean(window, stepsPerBar / beatsPerBar)),
            ];
            foreach (var (name, value) in all.Where(figure => !double.IsNaN(figure.Value)))
                figures.Add(name, value);
        }

        return new ScoreMetrics(figures, ScoreHistograms.Count(notes, texture, stepsPerBar));
    }

    private static IEnumerable<(string Name, double Value)> BarFigures(NoteGrid window, NoteTable notes, int stepsPerBar)
    {
        var pitches = new UInt128[(window.StepCount + stepsPerBar - 1) / stepsPerBar];
        for (var step = 0; step < window.StepCount; step++)
            pitches[step / stepsPerBar] |= window.Sounding[step];
        yield return ("EB_empty_bar", pitches.Average(bits => bits == UInt128.Zero ? 1 : 0));
        yield return ("UPC_per_bar", pitches.Average(bits => BitOperations.PopCount((uint)PitchClasses(bits))));
        yield return ("notes_per_bar", notes.Notes.Count / (double)pitches.Length);
        yield return ("density", window.Sounding.ToArray().Sum(bits => (int)UInt128.PopCount(bits)) / (double)window.StepCount);
        if (pitches.Length > 1 && window.StepCount % stepsPerBar == 0)
        {
            // The steps of successive bars that do not agree in whether something starts there.
            var different = Enumerable
                .Range(stepsPerBar, window.StepCount - stepsPerBar)
                .Count(step => window.Onsets[step] != UInt128.Zero != (window.Onsets[step - stepsPerBar] != UInt128.Zero));
            yield return ("groove_consistency", 1 - (different / (double)(window.StepCount - stepsPerBar)));
        }
    }

    private static int PitchClasses(UInt128 bits) => NoteGrid.Pitches(bits).Aggregate(0, (classes, pitch) => classes | (1 << (pitch % 12)));
}

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
        yield return ("QN2_len>=2", Ratio(note => note.Length >= 2));
        yield return ("QN3_len>=3", Ratio(note => note.Length >= 3));
        yield return ("len1_frag", Ratio(note => note.Length == 1));
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
        yield return ("scale_consistency", Scales.Max(scale => Ratio(note => (scale >> (note.Pitch % 12) & 1) != 0)));

        var beat = stepsPerBar / beatsPerBar;
        var half = Math.Max(1, beat / 2);
        yield return ("onset_on_beat", Ratio(note => note.Step % stepsPerBar % beat == 0));
        yield return ("onset_on_8th", Ratio(note => note.Step % stepsPerBar % half == 0));
    }

    private double Ratio(Func<(int Step, int Pitch, int Length), bool> condition) => Notes.Count(condition) / (double)Notes.Count;

    /// <summary>Shannon's entropy of counts, in bits.</summary>
    private double Entropy(double[] counts) =>
        -counts.Where(count => count > 0).Sum(count => count / Notes.Count * Math.Log2(count / Notes.Count));

    private static IEnumerable<int> Rotations(int scale) =>
        Enumerable.Range(0, 12).Select(k => ((scale << k) | (scale >> (12 - k))) & 0xFFF);
}

/// <summary>Figures of simultaneous pitches, and of the movement of the highest.</summary>
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

    /// <summary>Gets the number of pitches that sound at each step.</summary>
    public int[] PitchCounts { get; }

    /// <summary>Pairs of pitches that sound together, by interval modulo 12.</summary>
    public double[] Intervals { get; }

    /// <summary>Gets the moves of the highest pitch in semitones, silence and repetition skipped.</summary>
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

/// <summary>
/// How far harmony moves: the distance of tonal centroids (Harte, Sandler and Gasser, "Detecting harmonic change in musical audio", 2006),
/// whose circles of fifths, minor thirds and major thirds have the radii 1, 1 and 0.5.
/// </summary>
internal static class TonalDistance
{
    /// <summary>The mean distance between successive beats that both sound; NaN where there are none.</summary>
    public static double Mean(NoteGrid grid, int stepsPerBeat)
    {
        var distances = new List<double>();
        double[]? last = null;
        for (var start = 0; start + stepsPerBeat <= grid.StepCount; start += stepsPerBeat)
        {
            var centroid = Centroid(grid.Sounding.Slice(start, stepsPerBeat));
            if (centroid is not null && last is not null)
                distances.Add(Math.Sqrt(centroid.Zip(last, (x, y) => (x - y) * (x - y)).Sum()));
            last = centroid;
        }

        return distances.Count > 0 ? distances.Average() : double.NaN;
    }

    private static double[]? Centroid(ReadOnlySpan<UInt128> beat)
    {
        var centroid = new double[6];
        var count = 0;
        foreach (var bits in beat)
        {
            foreach (var pitch in NoteGrid.Pitches(bits))
            {
                var (fifths, minor, major) = (pitch % 12 * 7 * Math.PI / 6, pitch % 12 * 3 * Math.PI / 2, pitch % 12 * 2 * Math.PI / 3);
                centroid[0] += Math.Sin(fifths);
                centroid[1] += Math.Cos(fifths);
                centroid[2] += Math.Sin(minor);
                centroid[3] += Math.Cos(minor);
                centroid[4] += 0.5 * Math.Sin(major);
                centroid[5] += 0.5 * Math.Cos(major);
                count++;
            }
        }

        return count == 0 ? null : [.. centroid.Select(value => value / count)];
    }
}
