namespace VoiceKit.Music;

/// <summary>The grid of the snippets that a model makes.</summary>
public sealed record SnippetLayout
{
    /// <summary>Gets or sets the bars of a snippet.</summary>
    public int BarCount { get; init; } = 4;

    /// <summary>Gets or sets the beats of a bar, a quarter note each.</summary>
    public int BeatsPerBar { get; init; } = 4;

    /// <summary>Gets or sets the steps of a beat; 4 is a grid of sixteenths, 2 one of eighths.</summary>
    public int StepsPerBeat { get; init; } = 4;

    /// <summary>Gets or sets the voices, the highest first.</summary>
    public int VoiceCount { get; init; } = 4;

    /// <summary>Gets or sets the pitches that the voices can have.</summary>
    public PitchRange Range { get; init; } = PitchRange.Choir;

    /// <summary>Gets the beats of a snippet.</summary>
    public int BeatCount => BarCount * BeatsPerBar;

    /// <summary>Gets the steps of a bar.</summary>
    public int StepsPerBar => BeatsPerBar * StepsPerBeat;

    /// <summary>Gets the steps of a snippet.</summary>
    public int StepCount => BeatCount * StepsPerBeat;

    /// <summary>Gets the states of a voice: rest, hold and the pitches.</summary>
    public int StateCount => Range.StateCount;

    /// <summary>The numbers that the states of a beat take: steps x voices x states.</summary>
    internal int BeatWidth => StepsPerBeat * VoiceCount * StateCount;

    /// <summary>Checks the sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range.</exception>
    internal void Validate()
    {
        static void Within(int value, int most, string name)
        {
            if (value < 1 || value > most)
                throw new ArgumentOutOfRangeException(name, value, $"{name} is from 1 to {most}.");
        }

        Within(BarCount, 64, nameof(BarCount));
        Within(BeatsPerBar, 16, nameof(BeatsPerBar));
        Within(StepsPerBeat, 24, nameof(StepsPerBeat));
        Within(VoiceCount, 16, nameof(VoiceCount));
        Within(Range.Count, 128, nameof(Range));
    }
}

/// <summary>Cuts pieces into windows of equal length to train on.</summary>
public static class TrainingWindows
{
    /// <summary>
    /// Cuts pieces into windows from their starts on. Notes that are held over a window's first step start there. Windows in which the
    /// voices are silent for more than half of their steps, all voices together, are left out, and so is what is left at a piece's end.
    /// </summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="stepCount">The steps of a window, 1 or more.</param>
    /// <param name="hop">The steps between the starts of windows, 1 or more; by default a bar of four quarters of the piece.</param>
    public static IReadOnlyList<PianoRoll> Cut(IEnumerable<PianoRoll> pieces, int stepCount, int? hop = null)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepCount, 1);
        if (hop is { } steps)
            ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1, nameof(hop));
        var windows = new List<PianoRoll>();
        foreach (var piece in pieces)
        {
            for (var start = 0; start <= piece.StepCount - stepCount; start += hop ?? (4 * piece.StepsPerQuarter))
            {
                var window = piece.Slice(start, stepCount);
                if (SoundingRatio(window) >= 0.5)
                    windows.Add(window);
            }
        }

        return windows;
    }

    private static double SoundingRatio(PianoRoll window)
    {
        var count = 0;
        for (var step = 0; step < window.StepCount; step++)
        {
            for (var voice = 0; voice < window.VoiceCount; voice++)
                count += window.PitchAt(step, voice) >= 0 ? 1 : 0;
        }

        return count / (double)window.States.Length;
    }
}
