namespace VoiceKit.Music;

/// <summary>Turns the ticks of a score into seconds and back. Immutable.</summary>
/// <remarks>
/// A quarter note lasts as long as the last tempo at or before it says, at first half a second (Standard MIDI Files 1.0). Where ticks are
/// fractions of film frames (SMPTE), tempo has no effect.
/// </remarks>
public sealed class TempoMap
{
    private const int InitialMicrosecondsPerQuarter = 500_000;

    // Times are in microseconds times ticks of a quarter note: sums of integers, which double holds without rounding for all real music.
    private readonly double unitsPerSecond;
    private readonly long[] ticks;
    private readonly int[] unitsPerTick;
    private readonly double[] units;

    /// <summary>Creates the map of a score.</summary>
    /// <exception cref="ArgumentException">The score is of format 2, whose tracks have tempos of their own (see
    /// <see cref="MidiScore.Pieces"/>), a tempo is not positive or before tick 0, or the division is not set.</exception>
    public TempoMap(MidiScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        if (score.Format == 2)
            throw new ArgumentException("The tracks of format 2 have tempos of their own; make a map of each of the pieces.", nameof(score));
        if (score.Division.TicksPerQuarter <= 0)
            throw new ArgumentException("The score does not say what a tick is.", nameof(score));
        if (score.Tempos.Any(tempo => tempo.Tick < 0 || tempo.MicrosecondsPerQuarter <= 0))
            throw new ArgumentException("A tempo is not positive or comes before tick 0.", nameof(score));

        var isFilm = score.Division.TicksPerSecond is not null;
        unitsPerSecond = score.Division.TicksPerSecond ?? (1e6 * score.Division.TicksPerQuarter);
        TempoChange[] changes = isFilm
            ? [new TempoChange(0, 1)]
            : [new TempoChange(0, InitialMicrosecondsPerQuarter), .. score.Tempos.OrderBy(tempo => tempo.Tick)];
        ticks = [.. changes.Select(change => change.Tick)];
        unitsPerTick = [.. changes.Select(change => change.MicrosecondsPerQuarter)];
        units = new double[changes.Length];
        for (var i = 1; i < units.Length; i++)
            units[i] = units[i - 1] + ((double)(ticks[i] - ticks[i - 1]) * unitsPerTick[i - 1]);
    }

    /// <summary>The time of a tick, in seconds from the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tick is negative.</exception>
    public double SecondsAt(long tick)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tick);
        var i = LastAtOrBefore(ticks, tick);
        return (units[i] + ((double)(tick - ticks[i]) * unitsPerTick[i])) / unitsPerSecond;
    }

    /// <summary>The tick nearest to a time.</summary>
    /// <param name="seconds">The time from the start, in seconds.</param>
    /// <returns>The tick; <see cref="long.MaxValue"/> where it would be later than that.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or not finite.</exception>
    public long TickAt(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "A time in seconds must be finite and not negative.");
        var time = seconds * unitsPerSecond;
        var i = LastAtOrBefore(units, time);
        var tick = ticks[i] + Math.Round((time - units[i]) / unitsPerTick[i]);
        return tick < long.MaxValue ? (long)tick : long.MaxValue;
    }

    /// <summary>The last place in an ascending list whose first element is at or before all values that are looked for.</summary>
    private static int LastAtOrBefore<T>(T[] ascending, T value)
        where T : IComparable<T>
    {
        var (low, high) = (0, ascending.Length);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (ascending[middle].CompareTo(value) <= 0)
                low = middle;
            else
                high = middle;
        }

        return low;
    }
}
