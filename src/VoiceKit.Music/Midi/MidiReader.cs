using System.Buffers.Binary;
using VoiceKit.Files;

namespace VoiceKit.Music;

/// <summary>Reads one MIDI file: its header and, chunk by chunk, its tracks. All memory follows from bytes that are there.</summary>
/// <param name="bytes">The whole file.</param>
/// <param name="name">The file, for errors.</param>
internal readonly ref struct MidiReader(ReadOnlySpan<byte> bytes, string name)
{
    private const double MaxHours = 24;

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
        return Hours(result) is > MaxHours and var hours
            ? result with
            {
                Warnings = [.. result.Warnings, $"The music lasts {hours:0} hours; its times are probably damaged."],
            }
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

    private static double Hours(MidiScore score) =>
        score
            .Pieces()
            .Where(piece => piece.Notes.Count > 0)
            .Select(piece => new TempoMap(piece).SecondsAt(piece.Notes.Max(note => note.End)) / 3600)
            .DefaultIfEmpty(0)
            .Max();
}

/// <summary>Reads the events of one track into a score.</summary>
/// <param name="bytes">The file up to the track's end, so that positions are those of the file.</param>
/// <param name="start">Where the track's first event is.</param>
/// <param name="name">The file, for errors.</param>
/// <param name="score">What the events go to.</param>
/// <param name="track">The number of the track.</param>
/// <param name="format">The format of the file: tempo and metre belong to a track in format 2 alone.</param>
internal ref struct MidiTrackReader(ReadOnlySpan<byte> bytes, int start, string name, MidiScoreBuilder score, int track, int format)
{
    private const byte SystemExclusive = 0xF0;
    private const byte Continuation = 0xF7;
    private const byte Meta = 0xFF;
    private const long LastTick = uint.MaxValue;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private readonly int pieceTrack = format == 2 ? track : 0;
    private int position = start;
    private long tick;
    private int runningStatus;
    private bool metaSinceStatus;
    private bool exclusiveIsOpen;

    private enum Outcome
    {
        Event,
        CutOff,
        EndOfTrack,
        Unreadable,
    }

    /// <summary>Gets how many whole events there were.</summary>
    public int EventCount { get; private set; }

    /// <param name="isCutOff">Whether the file ends within the track; else an event that does not end in it is an error.</param>
    /// <exception cref="BadFileException">What comes next in the track cannot be told, or makes no sense.</exception>
    public void Read(bool isCutOff)
    {
        var outcome = Outcome.Event;
        while (outcome == Outcome.Event && position < bytes.Length)
        {
            var eventStart = position;
            outcome = ReadEvent();
            if (outcome == Outcome.CutOff && !isCutOff)
                throw Bad(
                    eventStart,
                    $"an event of track {track} goes on past the track's end; the track's length is wrong, or the event's"
                );
            EventCount += outcome is Outcome.Event or Outcome.EndOfTrack ? 1 : 0;
        }

        EndExclusive();
        if (outcome == Outcome.Event)
            Warn("there is no end-of-track event");
        if (outcome == Outcome.EndOfTrack && !isCutOff && position < bytes.Length)
            Warn("what follows its end-of-track event was left out");
        if (score.Notes.EndTrack(tick))
            Warn("notes that never end were ended with the track");
    }

    private Outcome ReadEvent()
    {
        if (!TryReadNumber(out var delta))
            return Outcome.CutOff;
        tick += delta;
        if (tick > LastTick)
            throw Bad(position, $"track {track} is more than {LastTick} ticks long; its times are damaged");
        if (position == bytes.Length)
            return Outcome.CutOff;
        var status = bytes[position];
        if (status < 0x80)
            return ReadChannelEvent(ContinueStatus());
        position++;
        return status switch
        {
            Meta => ReadMeta(),
            SystemExclusive or Continuation => ReadExclusive(status),
            > SystemExclusive => SkipSystemEvent(status),
            _ => ReadChannelEvent(StartStatus(status)),
        };
    }

    private int StartStatus(int status)
    {
        metaSinceStatus = false;
        return runningStatus = status;
    }

    private readonly int ContinueStatus()
    {
        if (runningStatus == 0)
            throw Bad(position, $"an event of track {track} does not say what it is (no status byte, and none before it to go on with)");
        if (metaSinceStatus)
            Warn("an event leaves out its status byte after a meta event, which is not allowed");
        return runningStatus;
    }

    private Outcome ReadChannelEvent(int status)
    {
        EndExclusive();
        var (kind, channel) = (status & 0xF0, status & 0x0F);
        var size = kind is 0xC0 or 0xD0 ? 1 : 2;
        if (bytes.Length - position < size)
            return Outcome.CutOff;
        var data = bytes.Slice(position, size);
        if (data.IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var high)
            throw Bad(
                position + high,
                $"an event of track {track} has the value {data[high]}; keys, velocities and other values end at 127"
            );
        position += size;
        if (kind == 0x90 && data[1] > 0)
            score.Notes.Start(tick, data[0], data[1], channel, track);
        else if (kind is 0x80 or 0x90)
            score.Notes.End(tick, data[0], channel);
        else if (kind == 0xC0)
            score.Programs.Add(new ProgramChange(tick, channel, data[0], track));
        return Outcome.Event;
    }

    private Outcome ReadMeta()
    {
        if (position == bytes.Length)
            return Outcome.CutOff;
        var type = bytes[position++];
        if (!TryReadBlock(out var data))
            return Outcome.CutOff;
        metaSinceStatus = true;
        switch (type)
        {
            case 0x2F:
                return Outcome.EndOfTrack;
            case 0x51:
                TakeTempo(data);
                break;
            case 0x58:
                TakeTimeSignature(data);
                break;
            case 0x59 when data.Length < 2 || (sbyte)data[0] is < -7 or > 7 || data[1] > 1:
                Warn("a key signature is invalid (more than 7 sharps or flats, or neither major nor minor)");
                break;
        }

        return Outcome.Event;
    }

    private readonly void TakeTempo(ReadOnlySpan<byte> data)
    {
        if (data.Length != 3)
            throw Bad(position - data.Length, $"a tempo of track {track} takes {data.Length} of the 3 bytes that a tempo has");
        var length = (data[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
        if (length == 0)
            throw Bad(position - data.Length, $"a tempo of track {track} gives a quarter note no length");
        score.Tempos.Add(new TempoChange(tick, length) { Track = pieceTrack });
    }

    private readonly void TakeTimeSignature(ReadOnlySpan<byte> data)
    {
        if (data.Length >= 2 && data[0] > 0 && data[1] <= TimeSignature.MaxDenominatorPower)
            score.TimeSignatures.Add(new TimeSignature(tick, data[0], 1 << data[1]) { Track = pieceTrack });
        else
            Warn("a time signature that makes no sense was left out");
    }

    private Outcome ReadExclusive(int status)
    {
        runningStatus = 0;
        if (!TryReadBlock(out var data))
            return Outcome.CutOff;
        if (status == SystemExclusive)
            EndExclusive();

        // A long message may come in packets: the first starts with F0, the others with F7, and the last one's data ends with F7.
        if (status == SystemExclusive || exclusiveIsOpen)
            exclusiveIsOpen = data.IsEmpty || data[^1] != Continuation;
        return Outcome.Event;
    }

    private void EndExclusive()
    {
        if (exclusiveIsOpen)
            Warn("a system exclusive message has no end");
        exclusiveIsOpen = false;
    }

    // These belong on a cable. They can be skipped where their length is known; that of F4 and F5 is not.
    private Outcome SkipSystemEvent(int status)
    {
        var size = status switch
        {
            0xF1 or 0xF3 => 1,
            0xF2 => 2,
            0xF4 or 0xF5 => -1,
            _ => 0,
        };
        if (size < 0)
        {
            Warn("what follows a system event of unknown length was left out");
            return Outcome.Unreadable;
        }

        Warn("system events, which do not belong in a file, were skipped");
        if (bytes.Length - position < size)
            return Outcome.CutOff;
        position += size;
        runningStatus = status < 0xF8 ? 0 : runningStatus;
        return Outcome.Event;
    }

    /// <summary>Reads a length and as many bytes; false where the track ends before that.</summary>
    private bool TryReadBlock(out ReadOnlySpan<byte> data)
    {
        data = default;
        if (!TryReadNumber(out var length) || length > bytes.Length - position)
            return false;
        data = bytes.Slice(position, length);
        position += length;
        return true;
    }

    /// <summary>Reads a number of one to four bytes of seven bits each; false where the track ends within it.</summary>
    private bool TryReadNumber(out int value)
    {
        const int mostBytes = 4;
        value = 0;
        for (var i = 0; i < mostBytes; i++)
        {
            if (position == bytes.Length)
                return false;
            var next = bytes[position++];
            value = (value << 7) | (next & 0x7F);
            if (next < 0x80)
                return true;
        }

        throw Bad(position - mostBytes, $"a time or length in track {track} has more than four bytes; the track is damaged here");
    }

    private readonly void Warn(string finding) => score.Warnings.Add(track, finding);

    private readonly BadFileException Bad(int offset, string reason) => new(name, offset, reason);
}

/// <summary>
/// Makes notes of note-ons and note-offs. Of several notes that sound on one key, the first that started ends first: which one a note-off
/// means is nowhere written.
/// </summary>
internal sealed class TrackNotes
{
    private const int None = -1;
    private const int KeyCount = 128;

    private readonly List<NoteEvent> notes = [];

    // The notes that sound on a key are a list: where it starts and ends for every channel and key, and the one after each note.
    private readonly int[] oldest = new int[16 * KeyCount];
    private readonly int[] newest = new int[16 * KeyCount];
    private readonly List<int> next = [];
    private int trackStart;

    public TrackNotes() => Array.Fill(oldest, None);

    public void Start(long tick, int pitch, int velocity, int channel, int track)
    {
        var key = (channel * KeyCount) + pitch;
        if (oldest[key] == None)
            oldest[key] = notes.Count;
        else
            next[newest[key]] = notes.Count;
        newest[key] = notes.Count;
        notes.Add(new NoteEvent(tick, None, pitch, velocity, channel, track));
        next.Add(None);
    }

    /// <summary>Ends the note that has sounded longest on a key; does nothing where none sounds.</summary>
    public void End(long tick, int pitch, int channel)
    {
        var key = (channel * KeyCount) + pitch;
        if (oldest[key] is not None and var index)
        {
            notes[index] = notes[index] with { End = tick };
            oldest[key] = next[index];
        }
    }

    /// <summary>Ends all notes that still sound at the end of a track.</summary>
    /// <returns>Whether there were any.</returns>
    public bool EndTrack(long tick)
    {
        var any = false;
        for (; trackStart < notes.Count; trackStart++)
        {
            var note = notes[trackStart];
            if (note.End != None)
                continue;
            any = true;
            notes[trackStart] = note with { End = tick };
            oldest[(note.Channel * KeyCount) + note.Pitch] = None;
        }

        return any;
    }

    /// <summary>The notes by start, end, pitch, velocity, channel and track.</summary>
    public NoteEvent[] ToSortedArray()
    {
        var sorted = notes.ToArray();
        Array.Sort(sorted, Compare);
        return sorted;
    }

    private static int Compare(NoteEvent a, NoteEvent b)
    {
        var order = a.Start.CompareTo(b.Start);
        order = order != 0 ? order : a.End.CompareTo(b.End);
        order = order != 0 ? order : a.Pitch.CompareTo(b.Pitch);
        order = order != 0 ? order : a.Velocity.CompareTo(b.Velocity);
        order = order != 0 ? order : a.Channel.CompareTo(b.Channel);
        return order != 0 ? order : a.Track.CompareTo(b.Track);
    }
}
