using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceKit.Music;

/// <summary>Collects the events of one track and writes them by time.</summary>
/// <param name="track">The number of the track, for errors.</param>
internal sealed class MidiTrackWriter(int track)
{
    private const long LongestDelta = (1 << 28) - 1;

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
        var isWritable = BitOperations.IsPow2(denominator) && denominator <= 1 << TimeSignature.LargestDenominatorPower;
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
            if (delta > LongestDelta)
                throw new ArgumentException($"Track {track} has {delta} ticks between two events; a MIDI file can say at most {LongestDelta}.");
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
