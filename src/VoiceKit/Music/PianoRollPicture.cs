using VoiceKit.Pictures;

namespace VoiceKit.Music;

/// <summary>Pictures of piano-rolls: a keyboard on the left, bars and beats across, a colour for each voice.</summary>
/// <remarks>Every note has a dark edge where it starts, so a repeated note and a held one differ. Where voices are in unison, they share the row.</remarks>
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

    /// <summary>Draws a MIDI score, a colour for each track, or for each channel where only one track has notes. Percussion is left out.</summary>
    /// <param name="score">The score; one without notes gives an empty quarter.</param>
    /// <param name="options">The settings; null takes the default ones.</param>
    public static Canvas Draw(MidiScore score, PianoRollPictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(score);
        return new PianoRollPainter(RollNotes.Of(score), options ?? new PianoRollPictureOptions()).Paint();
    }

    /// <summary>Writes a piano-roll as PNG; the stream stays open.</summary>
    public static void Write(Stream stream, PianoRoll roll, PianoRollPictureOptions? options = null) => PngWriter.Write(stream, Draw(roll, options));

    /// <summary>Writes a MIDI score as PNG; the stream stays open.</summary>
    public static void Write(Stream stream, MidiScore score, PianoRollPictureOptions? options = null) => PngWriter.Write(stream, Draw(score, options));
}
