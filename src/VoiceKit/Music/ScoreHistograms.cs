namespace VoiceKit.Music;

/// <summary>What a score counts: five histograms, which add up over scores.</summary>
public sealed class ScoreHistograms
{
    private static readonly int[] LengthLimits = [1, 2, 3, 4, 6, 8, 12, 16];

    private ScoreHistograms(double[] noteLengths, double[] polyphony, double[] intervals, double[] melody, double[] positions) =>
        (NoteLengths, Polyphony, Intervals, Melody, Positions) = (noteLengths, polyphony, intervals, melody, positions);

    /// <summary>The bins of <see cref="NoteLengths"/>, in steps.</summary>
    public static IReadOnlyList<string> LengthNames { get; } = ["1", "2", "3", "4", "5-6", "7-8", "9-12", "13-16", ">16"];

    /// <summary>Notes by length: 1, 2, 3, 4, 5-6, 7-8, 9-12, 13-16 and more than 16 steps.</summary>
    public IReadOnlyList<double> NoteLengths { get; }

    /// <summary>Steps by the number of pitches that sound: 0 .. 11, 12 or more.</summary>
    public IReadOnlyList<double> Polyphony { get; }

    /// <summary>Pairs of pitches that sound together, by their interval modulo an octave: 0 .. 11 semitones.</summary>
    public IReadOnlyList<double> Intervals { get; }

    /// <summary>Moves of the highest pitch, by semitones: -12 or less .. +12 or more.</summary>
    public IReadOnlyList<double> Melody { get; }

    /// <summary>Starts of notes by the step of the bar.</summary>
    public IReadOnlyList<double> Positions { get; }

    /// <summary>The histograms by their short names: len, poly, interval, mel, pos.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyList<double>>> ByName =>
    [
        KeyValuePair.Create("len", NoteLengths),
        KeyValuePair.Create("poly", Polyphony),
        KeyValuePair.Create("interval", Intervals),
        KeyValuePair.Create("mel", Melody),
        KeyValuePair.Create("pos", Positions),
    ];

    /// <summary>A histogram as shares of its sum; zeros where nothing was counted.</summary>
    public static double[] Shares(IReadOnlyList<double> histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var sum = Math.Max(1, histogram.Sum());
        return [.. histogram.Select(count => count / sum)];
    }

    /// <summary>The sums of the histograms of several scores.</summary>
    /// <param name="parts">The histograms, all with the same bar.</param>
    /// <param name="stepsPerBar">The steps of a bar.</param>
    internal static ScoreHistograms Sum(IReadOnlyCollection<ScoreHistograms> parts, int stepsPerBar)
    {
        double[] Add(int length, Func<ScoreHistograms, IReadOnlyList<double>> histogram)
        {
            var sum = new double[length];
            foreach (var counts in parts.Select(histogram))
            {
                for (var i = 0; i < length; i++)
                    sum[i] += counts[i];
            }

            return sum;
        }

        return new ScoreHistograms(
            Add(LengthNames.Count, part => part.NoteLengths),
            Add(13, part => part.Polyphony),
            Add(12, part => part.Intervals),
            Add(25, part => part.Melody),
            Add(stepsPerBar, part => part.Positions));
    }

    /// <summary>Counts a score's figures.</summary>
    internal static ScoreHistograms Count(NoteTable notes, TextureTable texture, int stepsPerBar)
    {
        var histograms = Sum([], stepsPerBar);
        foreach (var note in notes.Notes)
        {
            Increment(histograms.NoteLengths, LengthLimits.Count(limit => note.Length > limit));
            Increment(histograms.Positions, note.Step % stepsPerBar);
        }

        foreach (var count in texture.PitchCounts)
            Increment(histograms.Polyphony, Math.Min(count, 12));
        foreach (var move in texture.TopMoves)
            Increment(histograms.Melody, Math.Clamp(move, -12, 12) + 12);
        for (var i = 0; i < 12; i++)
            Increment(histograms.Intervals, i, texture.Intervals[i]);
        return histograms;
    }

    // Only the method above, which makes the arrays, writes to them.
    private static void Increment(IReadOnlyList<double> histogram, int bin, double by = 1) => ((double[])histogram)[bin] += by;
}
