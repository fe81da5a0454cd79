using System.Buffers.Binary;
using VoiceKit.Files;

namespace VoiceKit.Music;

/// <summary>Reads one MIDI file: its header and, chunk by chunk, its tracks. All memory follows from bytes that are there.</summary>
/// <param name="bytes">The whole file.</param>
/// <param name="name">The file, for errors.</param>
internal readonly ref struct MidiReader(ReadOnlySpan<byte> bytes, string name)
{
    private const double LongestHours = 24;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private readonly MidiScoreBuilder score = new();

    public MidiScore Read()
    {
        var (start, end) = MidiContainer.Locate(bytes, name, score.Warnings);
        var header = MidiHeader.Parse(bytes[..end], start, name);
        var trackCount = ReadTracks(bytes[..end], header);
        if (trackCount == 0 && header.TrackCount > 0)
            throw new BadFileException(name, header.End, "the file holds no track of music");
        WarnAboutCounts(header, trackCount);
        var result = score.Build(header, trackCount);
        return Hours(result) is > LongestHours and var hours
            ? result with { Warnings = [.. result.Warnings, $"The music lasts {hours:0} hours; its times are probably damaged."] }
            : result;
    }

    private int ReadTracks(ReadOnlySpan<byte> content, MidiHeader header)
    {
        var count = 0;
        long position = header.End;
        while (position + MidiHeader.ChunkHeaderSize <= content.Length)
        {
            var chunk = content[(int)position..];
            var size = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
            position += MidiHeader.ChunkHeaderSize;
            if (chunk.StartsWith("MTrk"u8) && count == header.TrackCount)
            {
                score.Warnings.Add($"More tracks follow than the {count} that the header promises; they were left out.");
                break;
            }

            if (chunk.StartsWith("MTrk"u8))
                ReadTrack(content, (int)position, size, count++, header.Format);
            position += size;
        }

        return count;
    }

    private void ReadTrack(ReadOnlySpan<byte> content, int start, uint size, int track, int format)
    {
        var left = content.Length - start;
        if (size > left)
            score.Warnings.Add($"Track {track} says it has {size} bytes; {left} are left.");
        var reader = new MidiTrackReader(content[..(start + (int)Math.Min(size, left))], start, name, score, track, format);
        reader.Read(isCutOff: size > left);
        if (size > left && track == 0 && reader.EventCount == 0)
            throw new BadFileException(name, content.Length, "the file ends before its first event");
    }

    private void WarnAboutCounts(MidiHeader header, int trackCount)
    {
        if (header.TrackCount == 0)
            score.Warnings.Add("The header promises no tracks.");
        else if (trackCount < header.TrackCount)
            score.Warnings.Add($"The header promises {header.TrackCount} tracks; {trackCount} are there.");
        if (header.Format == 0 && trackCount > 1)
            score.Warnings.Add($"The file is of format 0, which has one track; its {trackCount} were taken to sound together.");
        if (header.Format == 2)
            score.Warnings.Add("The tracks are pieces of their own (format 2), not parts that sound together.");
    }

    private static double Hours(MidiScore score) => score.Pieces()
        .Where(piece => piece.Notes.Count > 0)
        .Select(piece => new TempoMap(piece).SecondsAt(piece.Notes.Max(note => note.End)) / 3600)
        .DefaultIfEmpty(0)
        .Max();
}
