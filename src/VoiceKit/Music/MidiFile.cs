using VoiceKit.Files;

namespace VoiceKit.Music;

/// <summary>Reads and writes standard MIDI files (Standard MIDI Files 1.0, MMA RP-001).</summary>
/// <remarks>
/// Read are formats 0, 1 and 2, bare or in a RIFF wrapper (RMID, MMA RP-029), with ticks of a quarter note or of a film frame. Taken are
/// notes, tempo, metre and programs; all else is skipped. Files that are damaged but clear (cut short, without ends of tracks or notes)
/// are read with warnings. Time and memory are bounded by the bytes present, whatever the lengths in the file say.
/// </remarks>
public static class MidiFile
{
    private const int LargestSize = 256 << 20;

    /// <summary>Reads the MIDI file at <paramref name="path"/>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is no MIDI file whose notes are clear, is larger than 256 MiB, or is a directory, pipe
    /// or device.</exception>
    public static MidiScore Read(string path)
    {
        using var stream = InputFile.Open(path);
        return Read(stream, path);
    }

    /// <summary>Reads a MIDI file from <paramref name="stream"/>, from its position to its end.</summary>
    /// <param name="stream">The stream, which need not seek.</param>
    /// <param name="name">What to call the stream in errors.</param>
    /// <exception cref="BadFileException">The stream is no MIDI file whose notes are clear, or is larger than 256 MiB.</exception>
    public static MidiScore Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        using var bytes = new MemoryStream();
        var block = new byte[1 << 16];
        for (int count; (count = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false)) > 0;)
        {
            // What is no MIDI file is refused before the rest of it, perhaps hours of sound, fills the memory.
            if (bytes.Length == 0)
                MidiContainer.RequireMidi(block.AsSpan(0, count), name);
            if (bytes.Length + count > LargestSize)
                throw new BadFileException(name, LargestSize, "the file is larger than 256 MiB; there is no such music");
            bytes.Write(block, 0, count);
        }

        return Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), name);
    }

    /// <summary>Reads a MIDI file that is in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="BadFileException">The bytes are no MIDI file whose notes are clear.</exception>
    public static MidiScore Read(ReadOnlySpan<byte> bytes, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new MidiReader(bytes, name).Read();
    }

    /// <summary>Writes <paramref name="score"/> to the file at <paramref name="path"/>, whole or not at all.</summary>
    /// <exception cref="ArgumentException">The score holds what a MIDI file cannot; see <see cref="Write(Stream, MidiScore)"/>.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, MidiScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        AtomicFile.Write(path, stream => Write(stream, score));
    }

    /// <summary>
    /// Writes <paramref name="score"/> to <paramref name="stream"/>, which need not seek, in format 1, or in format 2 where its tracks are
    /// pieces of their own. Every track keeps its number; in format 1 the first also holds the tempo and the metre.
    /// </summary>
    /// <exception cref="ArgumentException">A key, velocity, channel, program, tempo, metre, track or division is out of range, an event comes
    /// before tick 0, after tick 2^32 - 1 or more than 2^28 - 1 ticks after the one before it in its track.</exception>
    /// <remarks>
    /// What is written is read back equal, apart from one thing that MIDI cannot say: of notes of one key, channel and track that sound at
    /// the same time, the first that starts is taken to end first.
    /// </remarks>
    public static void Write(Stream stream, MidiScore score)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(score);
        MidiWriter.Write(stream, score);
    }
}
