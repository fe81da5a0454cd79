using System.Buffers.Binary;

namespace VoiceKit.Audio;

/// <summary>Encodes and writes mono WAV files.</summary>
internal static class WaveWriter
{
    private const int BlockSamples = 1 << 14;

    /// <summary>Writes header and samples; returns the number of clipped samples.</summary>
    public static long Write(Stream stream, Waveform waveform, WaveEncoding encoding)
    {
        var sampleBytes = WaveHeader.SampleBytes(encoding);
        if (encoding == WaveEncoding.Float32)
            RequireFloatRange(waveform.Samples);
        stream.Write(WaveHeader.Create(encoding, waveform.SampleRate, waveform.Length));

        var clipped = 0L;
        var bytes = new byte[Math.Min(BlockSamples, waveform.Length) * sampleBytes];
        for (var start = 0; start < waveform.Length; start += BlockSamples)
        {
            var samples = waveform.Samples.Slice(start, Math.Min(BlockSamples, waveform.Length - start));
            clipped += Encode(samples, encoding, bytes);
            stream.Write(bytes.AsSpan(0, samples.Length * sampleBytes));
        }

        if ((long)waveform.Length * sampleBytes % 2 == 1)
            stream.WriteByte(0);
        return clipped;
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
