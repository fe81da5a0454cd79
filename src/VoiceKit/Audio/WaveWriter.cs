using System.Buffers.Binary;

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
