using System.Buffers.Binary;

namespace VoiceKit.Audio;

/// <summary>The bytes before the samples of a mono WAV file.</summary>
internal static class WaveHeader
{
    /// <summary>The most bytes that come before the samples.</summary>
    public const int Longest = 64;

    /// <exception cref="ArgumentException">The file would pass the 4 GiB that its 32-bit sizes can tell.</exception>
    public static byte[] Create(WaveEncoding encoding, int sampleRate, long sampleCount)
    {
        var sampleBytes = SampleBytes(encoding);
        var isFloat = encoding == WaveEncoding.Float32;

        // Anything but PCM has an extension size and a fact chunk. 24-bit PCM stays with the plain header, which every reader knows.
        var formatSize = isFloat ? 18 : 16;
        var factSize = isFloat ? 12 : 0;
        var headerSize = 12 + 8 + formatSize + factSize + 8;
        var dataSize = sampleCount * sampleBytes;
        var riffSize = headerSize - 8 + dataSize + (dataSize & 1);
        if (riffSize > uint.MaxValue)
        {
            throw new ArgumentException(
                $"{sampleCount} samples of {sampleBytes} bytes pass the 4 GiB that a WAV file can hold: write fewer samples, or smaller ones.", nameof(sampleCount));
        }

        var header = new byte[headerSize];
        var rest = header.AsSpan();
        Put(ref rest, "RIFF"u8, (uint)riffSize);
        PutId(ref rest, "WAVE"u8);
        Put(ref rest, "fmt "u8, (uint)formatSize);
        Put16(ref rest, isFloat ? WaveCodecTags.Float : WaveCodecTags.Pcm);
        Put16(ref rest, 1);
        Put32(ref rest, (uint)sampleRate);
        Put32(ref rest, (uint)(sampleRate * (long)sampleBytes));
        Put16(ref rest, sampleBytes);
        Put16(ref rest, 8 * sampleBytes);
        if (isFloat)
        {
            Put16(ref rest, 0);
            Put(ref rest, "fact"u8, 4);
            Put32(ref rest, (uint)sampleCount);
        }

        Put(ref rest, "data"u8, (uint)dataSize);
        return header;
    }

    /// <summary>The bytes of one sample.</summary>
    public static int SampleBytes(WaveEncoding encoding) => encoding switch
    {
        WaveEncoding.Pcm16 => 2,
        WaveEncoding.Pcm24 => 3,
        WaveEncoding.Float32 => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "There is no such encoding."),
    };

    private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> id, uint size)
    {
        PutId(ref rest, id);
        Put32(ref rest, size);
    }

    private static void PutId(ref Span<byte> rest, ReadOnlySpan<byte> id)
    {
        id.CopyTo(rest);
        rest = rest[id.Length..];
    }

    private static void Put16(ref Span<byte> rest, int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)value);
        rest = rest[2..];
    }

    private static void Put32(ref Span<byte> rest, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(rest, value);
        rest = rest[4..];
    }
}
