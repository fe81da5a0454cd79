namespace VoiceKit.Music;

/// <summary>The pitches that a piano-roll can hold, one state each besides rest and hold.</summary>
public readonly record struct PitchRange
{
    /// <summary>Creates a range.</summary>
    /// <param name="lowest">The lowest MIDI pitch, 0 .. 127.</param>
    /// <param name="count">The number of pitches, 12 or more, so that every pitch class has one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is too small or leaves 0 .. 127.</exception>
    public PitchRange(int lowest, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lowest);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 12);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 128 - lowest);
        (Lowest, Count) = (lowest, count);
    }

    /// <summary>The range of four-part singing, C2 .. A5: with rest and hold, 48 states.</summary>
    public static PitchRange Choir => new(36, 46);

    /// <summary>The lowest MIDI pitch.</summary>
    public int Lowest { get; }

    /// <summary>The number of pitches.</summary>
    public int Count { get; }

    /// <summary>The highest MIDI pitch.</summary>
    public int Highest => Lowest + Count - 1;

    /// <summary>The number of states of a voice: rest, hold and the pitches.</summary>
    public int StateCount => Count + PianoRoll.FirstPitch;

    /// <summary>The state that starts a pitch. Pitches outside the range move by octaves into it.</summary>
    public int StateOf(int pitch)
    {
        while (pitch < Lowest)
            pitch += 12;
        while (pitch > Highest)
            pitch -= 12;
        return pitch - Lowest + PianoRoll.FirstPitch;
    }
}
