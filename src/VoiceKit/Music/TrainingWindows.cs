namespace VoiceKit.Music;

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
                if (SoundingShare(window) >= 0.5)
                    windows.Add(window);
            }
        }

        return windows;
    }

    private static double SoundingShare(PianoRoll window)
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
