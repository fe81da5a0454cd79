using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>A recording that is read part by part, as one channel: its length costs no memory. For one thread at a time.</summary>
public sealed class AudioReader : IDisposable
{
    private const int BlockSamples = 1 << 16;
    private readonly ISampleSource source;
    private readonly string name;
    private readonly int? channel;
    private readonly long first;

    internal AudioReader(ISampleSource source, string name, int? channel = null)
        : this(source, name, channel, 0, source.Length)
    {
    }

    private AudioReader(ISampleSource source, string name, int? channel, long first, long length)
    {
        MonoMixer.RequireChannel(name, source.ChannelCount, channel);
        (this.source, this.name, this.channel, this.first, Length) = (source, name, channel, first, length);
    }

    /// <summary>The sampling frequency in Hz.</summary>
    public int SampleRate => source.SampleRate;

    /// <summary>The number of channels of the file.</summary>
    public int ChannelCount => source.ChannelCount;

    /// <summary>The number of samples.</summary>
    public long Length { get; }

    /// <summary>What the whole file holds, of which this may be a part.</summary>
    internal AudioDescription File => new(source.SampleRate, source.ChannelCount, source.Length);

    /// <summary>The length in time.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Length / SampleRate);

    /// <summary>How the file stores its samples, in words, such as "16-bit PCM".</summary>
    public string Encoding => source.Encoding;

    /// <summary>What was odd about the file, one plain sentence each; empty for a faultless mono file.</summary>
    public IReadOnlyList<string> Warnings => [.. source.Warnings, .. MonoMixer.Describe(ChannelCount, channel)];

    /// <summary>A waveform as a stream.</summary>
    /// <param name="waveform">The waveform.</param>
    public static AudioReader Of(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        return new AudioReader(new WaveformSource(waveform), "the waveform");
    }

    /// <summary>Reads samples.</summary>
    /// <param name="start">The first one, at least 0.</param>
    /// <param name="count">How many; what lies beyond the end is not read.</param>
    /// <exception cref="ArgumentOutOfRangeException">The first sample lies outside of the recording.</exception>
    /// <exception cref="BadFileException">A sample is not finite, or the file has become shorter.</exception>
    public Waveform Read(long start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        count = (int)Math.Min(count, Length - start);
        var mixer = new MonoMixer(name, ChannelCount, channel, count, first + start);
        foreach (var block in Interleaved(start, count))
            mixer.Add(block.Span);
        return mixer.ToWaveform(SampleRate);
    }

    /// <summary>Reads the whole recording.</summary>
    /// <exception cref="BadFileException">It has more samples than fit in memory at all, a sample is not finite, or the file has become shorter.</exception>
    public Waveform ReadAll() => Length <= Array.MaxLength ? Read(0, (int)Length) : throw new BadFileException(name, null, TooLong(Length));

    /// <summary>The recording in blocks, one after the other.</summary>
    /// <param name="blockLength">The samples of each block but the last; 65,536 by default.</param>
    public IEnumerable<Waveform> Blocks(int blockLength = BlockSamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockLength, 1);
        for (var start = 0L; start < Length; start += blockLength)
            yield return Read(start, blockLength);
    }

    /// <summary>A part of the recording as a recording; both are closed by closing either.</summary>
    /// <param name="start">The first sample.</param>
    /// <param name="end">The sample after the last one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie within the recording.</exception>
    public AudioReader Part(long start, long end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Length);
        return new AudioReader(source, name, channel, first + start, end - start);
    }

    /// <summary>One channel of the same recording; both are closed by closing either.</summary>
    /// <param name="index">The channel, counted from 0.</param>
    /// <exception cref="BadFileException">The file has no such channel.</exception>
    public AudioReader OneChannel(int index) => new(source, name, index, first, Length);

    /// <summary>Closes the file.</summary>
    public void Dispose() => source.Dispose();

    /// <summary>The samples of all channels, interleaved, in blocks that are valid until the next is asked for.</summary>
    internal IEnumerable<ReadOnlyMemory<double>> Interleaved(long start, long count)
    {
        var frames = (int)Math.Min(count, Math.Max(1, BlockSamples / ChannelCount));
        var block = new double[frames * ChannelCount];
        for (var end = start + count; start < end;)
        {
            var wanted = (int)Math.Min(frames, end - start);
            var decoded = source.Decode(first + start, block.AsSpan(0, wanted * ChannelCount));
            if (decoded == 0)
                throw new BadFileException(name, null, "the file became shorter while it was read");
            yield return block.AsMemory(0, decoded * ChannelCount);
            start += decoded;
        }
    }

    internal static string TooLong(long length) => $"there are {length} samples; at most {Array.MaxLength} can be read at once: cut the file into parts";
}
