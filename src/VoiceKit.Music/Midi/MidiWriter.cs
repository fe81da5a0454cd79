using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceKit.Music;

/// <summary>Writes a score as a MIDI file.</summary>
internal static class MidiWriter
{
    private const int MaxTracks = ushort.MaxValue;

    public static void Write(Stream stream, MidiScore score)
    {
        var division = DivisionBytes(score.Division);
        var tracks = Tracks(score);
        Span<byte> header = stackalloc byte[14];
        "MThd"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], 6);
        BinaryPrimitives.WriteUInt16BigEndian(header[8..], (ushort)(score.Format == 2 ? 2 : 1));
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)tracks.Length);
        BinaryPrimitives.WriteUInt16BigEndian(header[12..], division);
        stream.Write(header);
        for (var track = 0; track < tracks.Length; track++)
            (tracks[track] ?? new MidiTrackWriter(track)).WriteChunk(stream);
    }

    // All of it is checked before the first byte is written: what the caller's stream gets is a whole file.
    private static MidiTrackWriter?[] Tracks(MidiScore score)
    {
        var last = score
            .Notes.Select(note => note.Track)
            .Concat(score.Programs.Select(program => program.Track))
            .Concat(
                score.Format == 2 ? score.Tempos.Select(tempo => tempo.Track).Concat(score.TimeSignatures.Select(item => item.Track)) : []
            )
            .DefaultIfEmpty(0)
            .Max();
        var count = Math.Max(Math.Max(1, score.TrackCount), last + 1L);
        if (count > MaxTracks)
            throw new ArgumentException($"There are {count} tracks; a MIDI file has at most {MaxTracks}.", nameof(score));

        var tracks = new MidiTrackWriter?[count];
        MidiTrackWriter Track(int track) =>
            track < 0
                ? throw new ArgumentException($"There is no track {track}.", nameof(score))
                : tracks[track] ??= new MidiTrackWriter(track);

        var isPieces = score.Format == 2;
        foreach (var tempo in score.Tempos)
            Track(isPieces ? tempo.Track : 0).Add(tempo);
        foreach (var signature in score.TimeSignatures)
            Track(isPieces ? signature.Track : 0).Add(signature);
        foreach (var program in score.Programs)
            Track(program.Track).Add(program);
        foreach (var note in score.Notes)
            Track(note.Track).Add(note);
        foreach (var track in tracks)
            track?.Finish();
        return tracks;
    }

    private static ushort DivisionBytes(TickDivision division)
    {
        if (division.TicksPerSecond is null)
        {
            return division.TicksPerQuarter >= 1
                ? (ushort)division.TicksPerQuarter
                : throw new ArgumentException("The score does not say what a tick is.", nameof(division));
        }

        // 30 frames of 40 ticks are 24 frames of 50 ticks: any pair that gives the same ticks is right.
        foreach (var frames in (ReadOnlySpan<int>)[25, 24, 30, 29])
        {
            var ticks = 2 * division.TicksPerQuarter / frames;
            if (ticks is >= 1 and <= 255 && ticks == Math.Floor(ticks) && TickDivision.Film(frames, (int)ticks) == division)
                return (ushort)((-frames << 8) | (int)ticks);
        }

        throw new ArgumentException("The division is not valid in a MIDI file.", nameof(division));
    }
}

/// <summary>Collects the events of one track and writes them by time.</summary>
/// <param name="track">The number of the track, for errors.</param>
internal sealed class MidiTrackWriter(int track)
{
    private const long MaxDelta = (1 << 28) - 1;

    private readonly List<TrackEvent> events = [];
    private readonly List<byte> content = [];

    /// <summary>
    /// What comes first at one tick. Notes end before others start, so that a key can be struck again at once; a note without length
    /// starts and ends between the two.
    /// </summary>
    private enum Rank
    {
        Meta,
        NoteOff,
        Program,
        NoteWithoutLength,
        NoteOn,
    }

    public void Add(TempoChange tempo)
    {
        var length = tempo.MicrosecondsPerQuarter;
        if (length is < 1 or > 0xFFFFFF)
            throw new ArgumentException($"A quarter note of {length} microseconds is not 1 .. 16777215.");
        Add(tempo.Tick, Rank.Meta, 0xFF, 0x51, 3, (byte)(length >> 16), (byte)(length >> 8), (byte)length);
    }

    public void Add(TimeSignature signature)
    {
        var (_, numerator, denominator) = signature;
        var isWritable = BitOperations.IsPow2(denominator) && denominator <= 1 << TimeSignature.MaxDenominatorPower;
        if (numerator is < 1 or > 255 || !isWritable)
            throw new ArgumentException($"A MIDI file cannot hold the time signature {numerator}/{denominator}.");

        // A click of the metronome is 24 MIDI clocks, a quarter note; eight 32nds make a quarter note.
        Add(signature.Tick, Rank.Meta, 0xFF, 0x58, 4, (byte)numerator, (byte)BitOperations.Log2((uint)denominator), 24, 8);
    }

    public void Add(ProgramChange program)
    {
        if (program is not { Channel: >= 0 and <= 15, Program: >= 0 and <= 127 })
            throw new ArgumentException($"{program} is out of range.");
        Add(program.Tick, Rank.Program, (byte)(0xC0 | program.Channel), (byte)program.Program);
    }

    public void Add(NoteEvent note)
    {
        if (note is not { Pitch: >= 0 and <= 127, Velocity: >= 1 and <= 127, Channel: >= 0 and <= 15 } || note.End < note.Start)
            throw new ArgumentException($"{note} is out of range.");
        byte[] on = [(byte)(0x90 | note.Channel), (byte)note.Pitch, (byte)note.Velocity];
        byte[] off = [(byte)(0x80 | note.Channel), (byte)note.Pitch, 64];
        var isEmpty = note.End == note.Start;
        Add(note.Start, isEmpty ? Rank.NoteWithoutLength : Rank.NoteOn, on);
        Add(note.End, isEmpty ? Rank.NoteWithoutLength : Rank.NoteOff, off);
    }

    /// <summary>Puts the events in order.</summary>
    /// <exception cref="ArgumentException">There are too many ticks between two of them.</exception>
    public void Finish()
    {
        var last = 0L;
        foreach (var item in events.OrderBy(item => item.Tick).ThenBy(item => item.Rank))
        {
            var delta = item.Tick - last;
            if (delta > MaxDelta)
                throw new ArgumentException($"Track {track} has {delta} ticks between two events; a MIDI file can say at most {MaxDelta}.");
            WriteNumber((int)delta);
            content.AddRange(item.Bytes);
            last = item.Tick;
        }
    }

    /// <summary>Writes the track, with its end at the last event.</summary>
    public void WriteChunk(Stream stream)
    {
        ReadOnlySpan<byte> end = [0, 0xFF, 0x2F, 0];
        Span<byte> header = stackalloc byte[MidiHeader.ChunkHeaderSize];
        "MTrk"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], (uint)(content.Count + end.Length));
        stream.Write(header);
        stream.Write(CollectionsMarshal.AsSpan(content));
        stream.Write(end);
    }

    private void Add(long tick, Rank rank, params byte[] bytes)
    {
        if (tick is < 0 or > uint.MaxValue)
            throw new ArgumentException($"An event of track {track} is at tick {tick}, not at 0 .. {uint.MaxValue}.");
        events.Add(new TrackEvent(tick, rank, bytes));
    }

    private void WriteNumber(int value)
    {
        for (var shift = 21; shift > 0; shift -= 7)
        {
            if (value >> shift > 0)
                content.Add((byte)(0x80 | ((value >> shift) & 0x7F)));
        }

        content.Add((byte)(value & 0x7F));
    }

    private readonly record struct TrackEvent(long Tick, Rank Rank, byte[] Bytes);
}
