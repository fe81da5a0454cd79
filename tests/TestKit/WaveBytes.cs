using System.Text;

namespace VoiceKit.Tests.TestKit;

/// <summary>Builds WAV files byte by byte, so that a test can get any field wrong.</summary>
internal static class WaveBytes
{
    public static readonly byte[] GuidTail = Convert.FromHexString("000000001000800000AA00389B71");

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static byte[] U16(params int[] values) => [.. values.SelectMany(value => BitConverter.GetBytes((ushort)value))];

    public static byte[] U32(params uint[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] U64(params ulong[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] I32(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] F32(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] F64(params double[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] Repeat(byte[] unit, int count) => Join([.. Enumerable.Repeat(unit, count)]);

    public static byte[] Sine16(int count, double frequency = 220, int sampleRate = 16000) =>
        U16([.. Enumerable.Range(0, count).Select(i => (int)(8000 * Math.Sin(2 * Math.PI * frequency * i / sampleRate)) & 0xFFFF)]);

    public static byte[] Chunk(string id, byte[] content, uint? size = null, bool pad = true) =>
        Join(Encoding.ASCII.GetBytes(id), U32(size ?? (uint)content.Length), content, pad && content.Length % 2 == 1 ? [0] : []);

    public static byte[] Format(
        int tag = 1,
        int channels = 1,
        uint rate = 16000,
        int bits = 16,
        int? align = null,
        uint? bytesPerSecond = null,
        byte[]? extension = null
    )
    {
        var block = align ?? (channels * ((bits + 7) / 8));
        return Join(U16(tag, channels), U32(rate, bytesPerSecond ?? (uint)(rate * block)), U16(block, bits), extension ?? []);
    }

    public static byte[] Extension(int tag, int validBits, uint mask = 4, byte[]? guidTail = null) =>
        Join(U16(22, validBits), U32(mask), U16(tag), guidTail ?? GuidTail);

    public static byte[] Riff(byte[] body, uint? size = null, string head = "RIFF", string form = "WAVE") =>
        Join(Encoding.ASCII.GetBytes(head), U32(size ?? (uint)(4 + body.Length)), Encoding.ASCII.GetBytes(form), body);

    /// <summary>A whole file of one format and one data chunk.</summary>
    public static byte[] File(byte[] format, byte[] data, uint? dataSize = null, uint? riffSize = null) =>
        Riff(Join(Chunk("fmt ", format), Chunk("data", data, dataSize)), riffSize);
}
