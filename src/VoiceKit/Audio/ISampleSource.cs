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

    /// <summary>How the samples are stored, in words.</summary>
    string Encoding { get; }

    /// <summary>What was odd, one plain sentence each.</summary>
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

    public void Dispose()
    {
    }
}
