using System.Buffers.Binary;
using System.Text;
using VoiceKit.Audio;
using VoiceKit.Files;

namespace VoiceKit.Music;

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
