namespace VoiceKit.Music;

/// <summary>How a score is split into voices. Costs are in semitones: what a leap of as many costs.</summary>
public sealed record VoiceSplitterOptions
{
    /// <summary>The number of voices, 1 .. 16; 4 by default.</summary>
    public int VoiceCount { get; init; } = 4;

    /// <summary>The steps of a quarter note, 1 .. 480; 4, sixteenths, by default.</summary>
    public int StepsPerQuarter { get; init; } = 4;

    /// <summary>The pitches of the roll, <see cref="PitchRange.Choir"/> by default; notes outside move by octaves.</summary>
    public PitchRange Range { get; init; } = PitchRange.Choir;

    /// <summary>
    /// The share of a track's notes, 0 .. 1, that may start while another sounds and the track still is a voice; 0.1 by default, for the double
    /// stops of strings. With 0 only tracks of one note at a time are voices.
    /// </summary>
    public double LargestOverlap { get; init; } = 0.1;

    /// <summary>The cost of each note that is held in a voice on the wrong side; 24 by default.</summary>
    public double CrossingCost { get; init; } = 24;

    /// <summary>The cost of the highest note outside the highest voice, and of the lowest outside the lowest; 4 by default.</summary>
    public double OuterVoiceCost { get; init; } = 4;

    /// <summary>The cost of each step by which a held note is cut short; 4 by default, at most 6 steps count.</summary>
    public double CutCost { get; init; } = 4;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(VoiceCount, 1, nameof(VoiceCount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(VoiceCount, 16, nameof(VoiceCount));
        ArgumentOutOfRangeException.ThrowIfLessThan(StepsPerQuarter, 1, nameof(StepsPerQuarter));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StepsPerQuarter, 480, nameof(StepsPerQuarter));
        if (Range.Count == 0)
            throw new ArgumentException("The range holds no pitch.", nameof(Range));
    }
}
