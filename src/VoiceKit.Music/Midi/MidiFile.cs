using System.Buffers.Binary;
using System.Text;
using VoiceKit.Audio;
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
    private const int MaxSize = 256 << 20;

    /// <summary>Reads the MIDI file at <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
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
            if (bytes.Length + count > MaxSize)
                throw new BadFileException(name, MaxSize, "the file is larger than 256 MiB; there is no such music");
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
    /// <param name="path">The file.</param>
    /// <param name="score">The score.</param>
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
    /// <param name="stream">The stream to write to.</param>
    /// <param name="score">The score.</param>
    /// <exception cref="ArgumentException">A key, velocity, channel, program, tempo, metre, track or division is out of range, an event
    /// comes before tick 0, after tick 2^32 - 1 or more than 2^28 - 1 ticks after the one before it in its track.</exception>
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

/// <summary>Tells a MIDI file from others, and finds it within a RIFF wrapper (RMID, MMA RP-029).</summary>
internal static class MidiContainer
{
    private const int RiffHeaderSize = 12;
    private const int ChunkHeaderSize = 8;

    /// <summary>Makes sure that a file starts as a MIDI file does, bare or wrapped.</summary>
    /// <exception cref="BadFileException">It is something else; the reason says what.</exception>
    public static void RequireMidi(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.StartsWith("MThd"u8) || IsWrapped(bytes))
            return;
        if (bytes.StartsWith("RIFF"u8) && bytes.Length >= RiffHeaderSize)
            throw new BadFileException(name, 8, $"a MIDI file was expected; this RIFF file is of form {Show(bytes[8..RiffHeaderSize])}");
        var signature = FileSignature.Identify(bytes[..Math.Min(bytes.Length, FileSignature.Length)]);
        throw new BadFileException(name, 0, $"a MIDI file was expected; this is {signature.Description}");
    }

    /// <summary>The place of the MIDI file: all of a bare one, the data chunk of a wrapper.</summary>
    /// <exception cref="BadFileException">The file is no MIDI file, or a wrapper without one.</exception>
    public static (int Start, int End) Locate(ReadOnlySpan<byte> bytes, string name, MidiWarnings warnings)
    {
        RequireMidi(bytes, name);
        if (!IsWrapped(bytes))
            return (0, bytes.Length);
        long position = RiffHeaderSize;
        while (position + ChunkHeaderSize <= bytes.Length)
        {
            var header = bytes.Slice((int)position, ChunkHeaderSize);
            var size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            position += ChunkHeaderSize;
            if (!header.StartsWith("data"u8))
            {
                position += size + (size % 2);
                continue;
            }

            if (!bytes[(int)position..].StartsWith("MThd"u8))
                throw new BadFileException(name, position, "the data in the RIFF wrapper is no MIDI file");
            warnings.Add("The MIDI file is in a RIFF wrapper (RMID); sounds that the wrapper may bring along are not used.");
            return ((int)position, (int)Math.Min(position + size, bytes.Length));
        }

        throw new BadFileException(name, bytes.Length, "the RIFF wrapper (RMID) holds no MIDI file");
    }

    private static bool IsWrapped(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= RiffHeaderSize && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("RMID"u8);

    private static string Show(ReadOnlySpan<byte> id) =>
        id.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? "0x" + Convert.ToHexString(id) : Encoding.ASCII.GetString(id);
}

/// <summary>The first chunk of a MIDI file.</summary>
/// <param name="Format">0, 1 or 2.</param>
/// <param name="TrackCount">How many tracks it promises.</param>
/// <param name="Division">What a tick is.</param>
/// <param name="End">Where the next chunk starts in the file.</param>
internal readonly record struct MidiHeader(int Format, int TrackCount, TickDivision Division, int End)
{
    /// <summary>The size of the id and the length that precede every chunk's content.</summary>
    public const int ChunkHeaderSize = 8;

    private const int ContentSize = 6;

    /// <param name="bytes">The file up to the end of its MIDI content.</param>
    /// <param name="start">Where the header's id, MThd, stands.</param>
    /// <param name="name">The file, for errors.</param>
    /// <exception cref="BadFileException">The header is cut off, or a number in it makes no sense.</exception>
    public static MidiHeader Parse(ReadOnlySpan<byte> bytes, int start, string name)
    {
        if (bytes.Length < start + ChunkHeaderSize + ContentSize)
            throw new BadFileException(name, bytes.Length, "the file ends within its header");
        var size = BinaryPrimitives.ReadUInt32BigEndian(bytes[(start + 4)..]);
        var content = bytes[(start + ChunkHeaderSize)..];
        if (size < ContentSize)
            throw new BadFileException(name, start + 4, $"the header says it has {size} bytes; a MIDI file's has 6 or more");
        if (size > content.Length)
            throw new BadFileException(name, start + 4, $"the header says it has {size} bytes; {content.Length} are left");

        var format = BinaryPrimitives.ReadUInt16BigEndian(content);
        if (format > 2)
            throw new BadFileException(name, start + 8, $"this is a MIDI file of format {format}; there are only formats 0, 1 and 2");
        var division = ParseDivision(content[4..], start + 12, name);
        return new MidiHeader(format, BinaryPrimitives.ReadUInt16BigEndian(content[2..]), division, start + ChunkHeaderSize + (int)size);
    }

    private static TickDivision ParseDivision(ReadOnlySpan<byte> bytes, int offset, string name)
    {
        var division = BinaryPrimitives.ReadInt16BigEndian(bytes);
        if (division == 0)
            throw new BadFileException(name, offset, "a quarter note has 0 ticks, so no note has a length");
        if (division > 0)
            return TickDivision.Quarter(division);
        var (frames, ticks) = (-(sbyte)bytes[0], (int)bytes[1]);
        if (frames is not (24 or 25 or 29 or 30))
            throw new BadFileException(name, offset, $"time is given in film frames, {frames} a second; there are only 24, 25, 29 and 30");
        if (ticks == 0)
            throw new BadFileException(name, offset, "a film frame has 0 ticks, so no note has a length");
        return TickDivision.Film(frames, ticks);
    }
}

/// <summary>
/// Collects what is odd in a MIDI file. What recurs in many tracks is said once: 65535 tracks must not give as many lines.
/// </summary>
internal sealed class MidiWarnings
{
    private readonly List<string> ofFile = [];
    private readonly Dictionary<string, (int First, int Last, int Count)> ofTracks = [];

    public void Add(string sentence) => ofFile.Add(sentence);

    /// <param name="track">The number of the track. Tracks come in order.</param>
    /// <param name="finding">What is odd, without a full stop.</param>
    public void Add(int track, string finding)
    {
        var (first, last, count) = ofTracks.GetValueOrDefault(finding, (track, -1, 0));
        ofTracks[finding] = (first, track, track == last ? count : count + 1);
    }

    public IReadOnlyList<string> ToList() =>
        [
            .. ofFile,
            .. ofTracks.Select(item =>
                $"Track {item.Value.First}{(item.Value.Count > 1 ? $" and {item.Value.Count - 1} more" : "")}: {item.Key}."
            ),
        ];
}
