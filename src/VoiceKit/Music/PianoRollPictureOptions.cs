namespace VoiceKit.Music;

/// <summary>How a piano-roll is drawn.</summary>
public sealed record PianoRollPictureOptions
{
    /// <summary>The headline; "" (the default) leaves it out.</summary>
    public string Title { get; init; } = "";

    /// <summary>The names of the voices in the legend, the highest first; null (the default) takes Soprano, Alto, Tenor and Bass for four voices
    /// and numbers for others. Without effect for a MIDI score, whose voices are its tracks or channels.</summary>
    public IReadOnlyList<string>? VoiceNames { get; init; }

    /// <summary>The quarters of a bar of a <see cref="PianoRoll"/>, 1 .. 64; 4 by default. A MIDI score has its own metre.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public int QuartersPerBar
    {
        get;
        init => field = value is >= 1 and <= 64 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A bar must have 1 .. 64 quarters.");
    } = 4;

    /// <summary>The width in pixels, 300 .. 10000; null (the default) takes 1200 for up to five bars of four quarters, and more for more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is out of its range.</exception>
    public int? Width
    {
        get;
        init => field = value is null or >= 300 and <= 10000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The picture must be 300 .. 10000 pixels wide.");
    }
}
