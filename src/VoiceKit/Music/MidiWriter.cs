using System.Buffers.Binary;

namespace VoiceKit.Music;

/// <summary>Writes a score as a MIDI file.</summary>
internal static class MidiWriter
{
    private const int MostTracks = ushort.MaxValue;

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
        var last = score.Notes.Select(note => note.Track).Concat(score.Programs.Select(program => program.Track))
            .Concat(score.Format == 2 ? score.Tempos.Select(tempo => tempo.Track).Concat(score.TimeSignatures.Select(item => item.Track)) : [])
            .DefaultIfEmpty(0)
            .Max();
        var count = Math.Max(Math.Max(1, score.TrackCount), last + 1L);
        if (count > MostTracks)
            throw new ArgumentException($"There are {count} tracks; a MIDI file has at most {MostTracks}.", nameof(score));

        var tracks = new MidiTrackWriter?[count];
        MidiTrackWriter Track(int track) => track < 0
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

        throw new ArgumentException("The division is none of a MIDI file's.", nameof(division));
    }
}
