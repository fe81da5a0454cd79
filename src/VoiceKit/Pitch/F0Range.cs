namespace VoiceKit.Pitch;

/// <summary>The range in which an estimator looks for F0.</summary>
public sealed record F0Range
{
    /// <summary>The widest range that covers speech: 71 .. 800 Hz, WORLD's defaults.</summary>
    public static F0Range Speech { get; } = new(71, 800);

    /// <summary>Creates a range.</summary>
    /// <param name="floor">The lowest F0 in Hz, at least 20.</param>
    /// <param name="ceiling">The highest F0 in Hz, above <paramref name="floor"/>, at most 4000.</param>
    public F0Range(double floor, double ceiling)
    {
        if (!(floor >= 20 && ceiling > floor && ceiling <= 4000))
            throw new ArgumentOutOfRangeException(nameof(floor), $"The F0 range {floor} .. {ceiling} Hz must lie within 20 .. 4000 Hz, floor below ceiling.");
        Floor = floor;
        Ceiling = ceiling;
    }

    /// <summary>The lowest F0 in Hz.</summary>
    public double Floor { get; }

    /// <summary>The highest F0 in Hz.</summary>
    public double Ceiling { get; }

    /// <summary>The smallest range that holds both.</summary>
    /// <param name="other">Another range.</param>
    public F0Range Union(F0Range other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new F0Range(Math.Min(Floor, other.Floor), Math.Max(Ceiling, other.Ceiling));
    }
}
