using System.Buffers.Binary;
using System.Text;

namespace VoiceKit.Tests.TestKit;

/// <summary>Builds MIDI files byte by byte, so that a test can get any field wrong.</summary>
internal static class MidiBytes
{
    /// <summary>The end-of-track event, at once.</summary>
    public static readonly byte[] End = [0, 0xFF, 0x2F, 0];

    /// <summary>Middle C from tick 0 to 480.</summary>
    public static readonly byte[] Note = [0, 0x90, 60, 64, 0x83, 0x60, 0x80, 60, 0];

    public static byte[] U16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] U32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Chunk(string id, byte[] content, uint? size = null) =>
        [.. Encoding.ASCII.GetBytes(id), .. U32(size ?? (uint)content.Length), .. content];

    public static byte[] Header(int format = 0, int tracks = 1, int division = 480, uint size = 6) =>
        Chunk("MThd", [.. U16(format), .. U16(tracks), .. U16(division)], size);

    public static byte[] Track(params byte[][] events) => Chunk("MTrk", [.. events.SelectMany(item => item)]);

    /// <summary>A file of one track.</summary>
    public static byte[] File(params byte[][] events) => [.. Header(), .. Track(events)];

    public static byte[] Rmid(params byte[][] chunks)
    {
        byte[] content = [.. "RMID"u8, .. chunks.SelectMany(chunk => chunk)];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(content.Length), .. content];
    }

    /// <summary>A chunk of a RIFF file, whose numbers are little-endian.</summary>
    public static byte[] RiffChunk(string id, byte[] content, int? size = null) =>
        [
            .. Encoding.ASCII.GetBytes(id),
            .. BitConverter.GetBytes(size ?? content.Length),
            .. content,
            .. content.Length % 2 == 1 ? (byte[])[0] : [],
        ];
}
