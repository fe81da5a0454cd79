using VoiceKit.Music;

namespace VoiceKit.Pictures;

/// <summary>Pictures of piano-rolls: a keyboard on the left, bars and beats across, a colour for each voice.</summary>
/// <remarks>Every note has a dark edge where it starts, so a repeated note and a held one differ. Where voices are in unison, they share
/// the row.</remarks>
public static class PianoRollPicture
{
    /// <summary>Draws a piano-roll.</summary>
    /// <param name="roll">The roll; one without steps gives an empty quarter.</param>
    /// <param name="options">The settings; null takes the default ones.</param>
    public static Canvas Draw(PianoRoll roll, PianoRollPictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(roll);
        var settings = options ?? new PianoRollPictureOptions();
        return new PianoRollPainter(RollNotes.Of(roll, settings), settings).Paint();
    }

    /// <summary>
    /// Draws a MIDI score, a colour for each track, or for each channel where only one track has notes. Percussion is left out.
    /// </summary>
    /// <param name="score">The score; one without notes gives an empty quarter.</param>
    /// <param name="options">The settings; null takes the default ones.</param>
    public static Canvas Draw(MidiScore score, PianoRollPictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(score);
        return new PianoRollPainter(RollNotes.Of(score), options ?? new PianoRollPictureOptions()).Paint();
    }

    /// <summary>Writes a piano-roll as PNG; the stream stays open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="roll">The piano-roll.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    public static void Write(Stream stream, PianoRoll roll, PianoRollPictureOptions? options = null) =>
        PngWriter.Write(stream, Draw(roll, options));

    /// <summary>Writes a MIDI score as PNG; the stream stays open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="score">The score.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    public static void Write(Stream stream, MidiScore score, PianoRollPictureOptions? options = null) =>
        PngWriter.Write(stream, Draw(score, options));
}

/// <summary>The settings of <see cref="PianoRollPicture"/>.</summary>
public sealed record PianoRollPictureOptions
{
    /// <summary>Gets or sets the headline; "" (the default) leaves it out.</summary>
    public string Title { get; init; } = "";

    /// <summary>
    /// Gets or sets the names of the voices in the legend, the highest first; null (the default) takes Soprano, Alto, Tenor and Bass for
    /// four voices and numbers for others. Without effect for a MIDI score, whose voices are its tracks or channels.
    /// </summary>
    public IReadOnlyList<string>? VoiceNames { get; init; }

    /// <summary>Gets the quarters of a bar of a <see cref="PianoRoll"/>, 1 .. 64; 4 by default. A MIDI score has its own metre.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public int QuartersPerBar
    {
        get;
        init =>
            field = value is >= 1 and <= 64
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "A bar must have 1 .. 64 quarters.");
    } = 4;

    /// <summary>
    /// Gets the width in pixels, 300 .. 10000; null (the default) takes 1200 for up to five bars of four quarters, and more for more.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is out of its range.</exception>
    public int? Width
    {
        get;
        init =>
            field = value is null or >= 300 and <= 10000
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "The picture must be 300 .. 10000 pixels wide.");
    }
}
