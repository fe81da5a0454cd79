using System.Buffers.Binary;
using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>Encodes and writes mono WAV files.</summary>
internal static class WaveWriter
{
    private const int BlockSamples = 1 << 14;

    /// <summary>Writes header and samples; returns the number of clipped samples.</summary>
    public static long Write(Stream stream, Waveform waveform, WaveEncoding encoding)
    {
        if (encoding == WaveEncoding.Float32)
            RequireFloatRange(waveform.Samples);
        stream.Write(WaveHeader.Create(encoding, waveform.SampleRate, waveform.Length));
        var clipped = 0L;
        for (var start = 0; start < waveform.Length; start += BlockSamples)
            clipped += WriteBlock(stream, waveform.Samples.Slice(start, Math.Min(BlockSamples, waveform.Length - start)), encoding);
        Pad(stream, waveform.Length, encoding);
        return clipped;
    }

    /// <summary>Writes header and samples; returns the number of clipped samples.</summary>
    public static long Write(Stream stream, SampleSpool spool, WaveEncoding encoding)
    {
        stream.Write(WaveHeader.Create(encoding, spool.SampleRate, spool.Length));
        var clipped = 0L;
        foreach (var block in spool.Blocks())
        {
            if (encoding == WaveEncoding.Float32)
                RequireFloatRange(block.Span);
            clipped += WriteBlock(stream, block.Span, encoding);
        }

        Pad(stream, spool.Length, encoding);
        return clipped;
    }

    private static long WriteBlock(Stream stream, ReadOnlySpan<double> samples, WaveEncoding encoding)
    {
        var bytes = new byte[samples.Length * WaveHeader.SampleBytes(encoding)];
        var clipped = Encode(samples, encoding, bytes);
        stream.Write(bytes);
        return clipped;
    }

    // Chunks have an even number of bytes.
    private static void Pad(Stream stream, long length, WaveEncoding encoding)
    {
        if (length * WaveHeader.SampleBytes(encoding) % 2 == 1)
            stream.WriteByte(0);
    }

    private static long Encode(ReadOnlySpan<double> samples, WaveEncoding encoding, Span<byte> destination)
    {
        if (encoding == WaveEncoding.Float32)
        {
            for (var i = 0; i < samples.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(destination[(4 * i)..], (float)samples[i]);
            return 0;
        }

        var sampleBytes = WaveHeader.SampleBytes(encoding);
        double fullScale = 1 << ((8 * sampleBytes) - 1);
        var clipped = 0L;
        for (var i = 0; i < samples.Length; i++)
        {
            var rounded = Math.Round(samples[i] * fullScale);
            var kept = Math.Clamp(rounded, -fullScale, fullScale - 1);
            clipped += kept == rounded ? 0 : 1;
            var value = (int)kept;
            var sample = destination.Slice(sampleBytes * i, sampleBytes);
            BinaryPrimitives.WriteInt16LittleEndian(sample, (short)value);
            if (sampleBytes == 3)
                sample[2] = (byte)(value >> 16);
        }

        return clipped;
    }

    private static void RequireFloatRange(ReadOnlySpan<double> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            if (!float.IsFinite((float)samples[i]))
                throw new ArgumentException($"Sample {i} is {samples[i]}, which 32-bit float cannot hold.", nameof(samples));
        }
    }
}

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
            throw new UnusableDataException(
                $"{sampleCount} samples of {sampleBytes} bytes pass the 4 GiB that a WAV file can hold: write fewer samples, or "
                    + $"smaller ones."
            );
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
    public static int SampleBytes(WaveEncoding encoding) =>
        encoding switch
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
