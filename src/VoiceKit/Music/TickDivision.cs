namespace VoiceKit.Music;

/// <summary>What a tick of a MIDI file is: a fraction of a quarter note, or of a frame of film.</summary>
public readonly record struct TickDivision
{
    private TickDivision(double ticksPerQuarter, double? ticksPerSecond) =>
        (TicksPerQuarter, TicksPerSecond) = (ticksPerQuarter, ticksPerSecond);

    /// <summary>The ticks of a quarter note. With film frames, those of a quarter at 120 a minute, half a second.</summary>
    public double TicksPerQuarter { get; }

    /// <summary>The ticks of a second with film frames, where tempo has no effect; else null.</summary>
    public double? TicksPerSecond { get; }

    /// <summary>A tick as a fraction of a quarter note.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not 1 .. 32767.</exception>
    public static TickDivision Quarter(int ticksPerQuarter)
    {
        if (ticksPerQuarter is < 1 or > 32767)
            throw new ArgumentOutOfRangeException(nameof(ticksPerQuarter), ticksPerQuarter, "A quarter note has 1 .. 32767 ticks.");
        return new TickDivision(ticksPerQuarter, null);
    }

    /// <summary>A tick as a fraction of a frame of film (SMPTE).</summary>
    /// <param name="framesPerSecond">24, 25, 29 (29.97, drop frame) or 30.</param>
    /// <param name="ticksPerFrame">1 .. 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static TickDivision Film(int framesPerSecond, int ticksPerFrame)
    {
        if (framesPerSecond is not (24 or 25 or 29 or 30))
            throw new ArgumentOutOfRangeException(nameof(framesPerSecond), framesPerSecond, "Film has 24, 25, 29 or 30 frames a second.");
        if (ticksPerFrame is < 1 or > 255)
            throw new ArgumentOutOfRangeException(nameof(ticksPerFrame), ticksPerFrame, "A frame has 1 .. 255 ticks.");
        var rate = (framesPerSecond == 29 ? 30000.0 / 1001 : framesPerSecond) * ticksPerFrame;
        return new TickDivision(framesPerSecond * ticksPerFrame / 2.0, rate);
    }
}
