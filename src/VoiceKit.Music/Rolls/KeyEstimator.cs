namespace VoiceKit.Music;

/// <summary>
/// Estimates the key of music: the profile of Krumhansl and Kessler ("Tracing the dynamic changes in perceived tonal organization in a
/// spatial representation of musical keys", 1982) that correlates best with how long each pitch class sounds.
/// </summary>
public static class KeyEstimator
{
    // How well each pitch class above the tonic fits, as listeners rated it.
    private static readonly double[] Major = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
    private static readonly double[] Minor = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

    /// <summary>The key of a roll.</summary>
    /// <param name="roll">The piano-roll.</param>
    public static MusicalKey Estimate(PianoRoll roll)
    {
        ArgumentNullException.ThrowIfNull(roll);
        var durations = new double[12];
        for (var step = 0; step < roll.StepCount; step++)
        {
            for (var voice = 0; voice < roll.VoiceCount; voice++)
            {
                if (roll.PitchAt(step, voice) is >= 0 and var pitch)
                    durations[pitch % 12]++;
            }
        }

        return Estimate(durations);
    }

    /// <summary>The key of a score; percussion does not count.</summary>
    /// <param name="score">The score.</param>
    public static MusicalKey Estimate(MidiScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        var durations = new double[12];
        foreach (var note in score.Notes.Where(note => note.Channel != NoteEvent.PercussionChannel))
            durations[note.Pitch % 12] += note.End - note.Start;
        return Estimate(durations);
    }

    /// <summary>
    /// The key that fits durations best. Without any difference between them there is no key: C major with correlation 0.
    /// </summary>
    /// <param name="durations">How long each of the 12 pitch classes sounds, C first, in any unit.</param>
    /// <exception cref="ArgumentException">There are not 12 durations.</exception>
    public static MusicalKey Estimate(ReadOnlySpan<double> durations)
    {
        if (durations.Length != 12)
            throw new ArgumentException($"There are {durations.Length} durations; 12 were expected, one a pitch class.", nameof(durations));
        var best = new MusicalKey(0, true, double.NegativeInfinity);
        for (var tonic = 0; tonic < 12; tonic++)
        {
            foreach (var isMajor in (ReadOnlySpan<bool>)[true, false])
            {
                var correlation = Correlation(durations, isMajor ? Major : Minor, tonic);
                if (correlation > best.Correlation)
                    best = new MusicalKey(tonic, isMajor, correlation);
            }
        }

        return double.IsNegativeInfinity(best.Correlation) ? new MusicalKey(0, true, 0) : best;
    }

    private static double Correlation(ReadOnlySpan<double> durations, double[] profile, int tonic)
    {
        var (meanX, meanY) = (0.0, profile.Average());
        foreach (var duration in durations)
            meanX += duration / 12;
        double xy = 0,
            xx = 0,
            yy = 0;
        for (var i = 0; i < 12; i++)
        {
            var (x, y) = (durations[(i + tonic) % 12] - meanX, profile[i] - meanY);
            (xy, xx, yy) = (xy + (x * y), xx + (x * x), yy + (y * y));
        }

        // Rounding leaves a little even of equal durations.
        return xx <= 1e-24 * meanX * meanX ? double.NegativeInfinity : xy / Math.Sqrt(xx * yy);
    }
}

/// <summary>A key, and how well music fits it.</summary>
/// <param name="Tonic">The pitch class of the tonic, 0 .. 11; 0 is C.</param>
/// <param name="IsMajor">Major, or else minor.</param>
/// <param name="Correlation">The correlation with the key's profile, -1 .. 1; 0 where the music has no key.</param>
public readonly record struct MusicalKey(int Tonic, bool IsMajor, double Correlation)
{
    private static readonly string[] PitchClasses = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

    /// <summary>
    /// Gets the semitones, -5 .. +6, that bring a major key to C major and a minor one to A minor: both have the white keys.
    /// </summary>
    public int TranspositionToC
    {
        get
        {
            var up = (24 - Tonic - (IsMajor ? 0 : 3)) % 12;
            return up > 6 ? up - 12 : up;
        }
    }

    /// <summary>The name of the key, such as "Eb major".</summary>
    public override string ToString() => $"{PitchClasses[Tonic]} {(IsMajor ? "major" : "minor")}";
}
