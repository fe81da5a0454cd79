using System.Numerics;

namespace VoiceKit.Music;

/// <summary>
/// Objective figures of a piece of music, as those of MuseGAN (Dong et al. 2018), mgeval (Yang and Lerch 2020) and muspy. They say how music
/// is made, not how good it is: compare them with those of a reference.
/// </summary>
public sealed class ScoreMetrics
{
    private ScoreMetrics(IReadOnlyDictionary<string, double> figures, ScoreHistograms histograms) => (Figures, Histograms) = (figures, histograms);

    /// <summary>
    /// The names of the figures. EB_empty_bar, silent_steps, onset_on_*, QN*, len1_frag, poly_rate*, consonance, scale_consistency,
    /// groove_consistency and mel_step_rate are shares, 0 .. 1; PCE and pitch_entropy bits; mean_len steps; pitch_range and mel_mean_leap
    /// semitones; density pitches a step; beat_TD a distance of tonal centroids; the others numbers.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "EB_empty_bar", "UPC_per_bar", "notes", "notes_per_bar", "density", "QN2_len>=2", "QN3_len>=3", "len1_frag", "mean_len", "pitch_range",
        "n_pitches", "n_pc", "PCE", "pitch_entropy", "scale_consistency", "onset_on_beat", "onset_on_8th", "polyphony", "poly_rate>=2",
        "poly_rate>2_muspy", "poly_sd", "silent_steps", "groove_consistency", "consonance", "mel_step_rate<=2", "mel_mean_leap", "beat_TD",
    ];

    /// <summary>The figures by name. Those without a meaning, such as the mean length of no notes, are left out.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; }

    /// <summary>The counts behind the figures.</summary>
    public ScoreHistograms Histograms { get; }

    /// <summary>A figure by its name; NaN where it is left out.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="Names"/>.</exception>
    public double this[string name] => Figures.TryGetValue(name, out var value) ? value
        : Names.Contains(name) ? double.NaN : throw new ArgumentException($"There is no figure '{name}'.", nameof(name));

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
                .. BarFigures(window, notes, stepsPerBar), .. notes.Figures(stepsPerBar, beatsPerBar), .. texture.DensityFigures(),
                .. texture.IntervalFigures(), ("beat_TD", TonalDistance.Mean(window, stepsPerBar / beatsPerBar)),
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
            var different = Enumerable.Range(stepsPerBar, window.StepCount - stepsPerBar)
                .Count(step => window.Onsets[step] != UInt128.Zero != (window.Onsets[step - stepsPerBar] != UInt128.Zero));
            yield return ("groove_consistency", 1 - (different / (double)(window.StepCount - stepsPerBar)));
        }
    }

    private static int PitchClasses(UInt128 bits) => NoteGrid.Pitches(bits).Aggregate(0, (classes, pitch) => classes | (1 << (pitch % 12)));
}
