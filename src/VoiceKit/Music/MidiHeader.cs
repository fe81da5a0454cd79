using System.Buffers.Binary;
using VoiceKit.Files;

namespace VoiceKit.Music;

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
