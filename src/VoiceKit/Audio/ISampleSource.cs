using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>Interleaved samples that are decoded from any place on.</summary>
internal interface ISampleSource : IDisposable
{
    /// <summary>The sampling frequency in Hz.</summary>
    int SampleRate { get; }

    /// <summary>The number of interleaved channels.</summary>
    int ChannelCount { get; }

    /// <summary>The number of samples of one channel.</summary>
    long Length { get; }

    /// <summary>Gets the storage format of the samples, in words.</summary>
    string Encoding { get; }

    /// <summary>Gets the warnings, one plain sentence each.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>Decodes samples of all channels, interleaved.</summary>
    /// <param name="start">The first sample of each channel.</param>
    /// <param name="destination">As many whole frames as are wanted, all within <see cref="Length"/>.</param>
    /// <returns>How many frames were decoded, at least one; 0 where the file has become shorter.</returns>
    int Decode(long start, Span<double> destination);
}

/// <summary>The samples of a waveform in memory.</summary>
internal sealed class WaveformSource(Waveform waveform) : ISampleSource
{
    public int SampleRate => waveform.SampleRate;

    public int ChannelCount => 1;

    public long Length => waveform.Length;

    public string Encoding => "samples in memory";

    public IReadOnlyList<string> Warnings => [];

    public int Decode(long start, Span<double> destination)
    {
        waveform.Samples.Slice((int)start, destination.Length).CopyTo(destination);
        return destination.Length;
    }

    public void Dispose() { }
}

/// <summary>Some samples in a row.</summary>
/// <param name="Start">The first one's index.</param>
/// <param name="End">The index after the last one's.</param>
public readonly record struct SampleRange(long Start, long End)
{
    /// <summary>Gets the number of samples.</summary>
    public long Length => End - Start;
}

/// <summary>
/// A signal that is made part by part, and written when all of it is known: its level decides how. What is too long for memory lies in a
/// temporary file.
/// </summary>
/// <param name="sampleRate">The sampling frequency in Hz.</param>
/// <param name="temporaryFolder">An existing folder for the temporary file.</param>
public sealed class SampleSpool(int sampleRate, string temporaryFolder) : IDisposable
{
    private const int BlockSamples = 1 << 14;
    private readonly SpillStream samples = new(temporaryFolder);
    private readonly SignalMeter meter = new(sampleRate);

    /// <summary>Gets the sampling frequency in Hz.</summary>
    public int SampleRate { get; } = sampleRate;

    /// <summary>Gets the number of samples so far.</summary>
    public long Length => meter.Length;

    /// <summary>Gets what was measured in the samples so far.</summary>
    public SignalReport Report => meter.Report();

    /// <summary>Gets or sets the factor that the samples are written with; 1 by default.</summary>
    public double Gain { get; set; } = 1;

    /// <summary>Adds samples.</summary>
    /// <param name="block">The samples.</param>
    /// <exception cref="ArgumentException">A sample is not finite.</exception>
    /// <exception cref="TemporaryFileException">The temporary file cannot be written.</exception>
    public void Append(ReadOnlySpan<double> block)
    {
        if (!double.IsFinite(TensorPrimitives.MaxMagnitude(block.IsEmpty ? [0] : block)))
            throw new ArgumentException("A sample is not finite.", nameof(block));
        meter.Add(block);
        samples.Write(MemoryMarshal.AsBytes(block));
    }

    /// <summary>All samples times the gain, in blocks that are valid until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<double>> Blocks()
    {
        var stream = samples.Rewind();
        var block = new double[BlockSamples];
        for (var left = Length; left > 0;)
        {
            var count = (int)Math.Min(left, BlockSamples);
            stream.ReadExactly(MemoryMarshal.AsBytes(block.AsSpan(0, count)));
            if (Gain != 1)
                TensorPrimitives.Multiply(block.AsSpan(0, count), Gain, block);
            yield return block.AsMemory(0, count);
            left -= count;
        }
    }

    /// <summary>Deletes the temporary file.</summary>
    public void Dispose() => samples.Dispose();
}
