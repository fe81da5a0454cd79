using VoiceKit.Files;
using VoiceKit.Numerics;

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
        : this(source, name, channel, 0, source.Length) { }

    private AudioReader(ISampleSource source, string name, int? channel, long first, long length)
    {
        MonoMixer.RequireChannel(name, source.ChannelCount, channel);
        (this.source, this.name, this.channel, this.first, Length) = (source, name, channel, first, length);
    }

    /// <summary>Gets the sampling frequency in Hz.</summary>
    public int SampleRate => source.SampleRate;

    /// <summary>Gets the number of channels of the file.</summary>
    public int ChannelCount => source.ChannelCount;

    /// <summary>Gets the number of samples.</summary>
    public long Length { get; }

    /// <summary>Gets the description of the whole file, of which this may be a part.</summary>
    internal AudioDescription File => new(source.SampleRate, source.ChannelCount, source.Length);

    /// <summary>Gets the length in time.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Length / SampleRate);

    /// <summary>Gets how the file stores its samples, in words, such as "16-bit PCM".</summary>
    public string Encoding => source.Encoding;

    /// <summary>Gets what was odd about the file, one plain sentence each; empty for a faultless mono file.</summary>
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
    /// <exception cref="BadFileException">It has more samples than fit in memory at all, a sample is not finite, or the file has become
    /// shorter.</exception>
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

    internal static string TooLong(long length) =>
        $"there are {length} samples; at most {Array.MaxLength} can be read at once: cut the file into parts";
}

/// <summary>A part of a long recording that is worked on by itself.</summary>
/// <param name="From">The first sample that is read: there is some sound around the part, so that its ends are not those of a
/// recording.</param>
/// <param name="Start">The first sample of the part.</param>
/// <param name="End">The sample after the part's last one: the start of the next part.</param>
/// <param name="To">The sample after the last one that is read.</param>
public readonly record struct RecordingPiece(long From, long Start, long End, long To)
{
    /// <summary>Reads the part and what is around it.</summary>
    /// <param name="stream">The recording.</param>
    public Waveform Read(AudioReader stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.Read(From, (int)(To - From));
    }
}

/// <summary>Cuts long recordings into pieces, in pauses, so that memory does not grow with the recording.</summary>
public static class RecordingPieces
{
    private const int QuietFrames = 20;
    private static readonly TimeSpan MaxPiece = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>Gets the longest recording that is one piece: 10 minutes.</summary>
    public static TimeSpan MaxWhole => TimeSpan.FromMinutes(10);

    /// <summary>Determines whether a recording is worked on as a whole.</summary>
    /// <param name="stream">The recording.</param>
    public static bool IsWhole(AudioReader stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.Length <= MaxWhole.TotalSeconds * stream.SampleRate;
    }

    /// <summary>
    /// The pieces of a recording in order: the whole, or pieces of 3 1/3 to 5 minutes, each cut off at the quietest fifth of a second of
    /// its last third.
    /// </summary>
    /// <param name="stream">The recording.</param>
    /// <param name="step">Pieces start on a multiple of this many samples.</param>
    public static IEnumerable<RecordingPiece> Of(AudioReader stream, int step = 1)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        if (IsWhole(stream))
        {
            yield return new RecordingPiece(0, 0, stream.Length, stream.Length);
            yield break;
        }

        var margin = ((long)(Margin.TotalSeconds * stream.SampleRate) + step - 1) / step * step;
        var longest = (long)(MaxPiece.TotalSeconds * stream.SampleRate);
        for (var start = 0L; start < stream.Length;)
        {
            var end =
                stream.Length - start <= longest
                    ? stream.Length
                    : QuietPlace(stream, start + (2 * longest / 3), start + longest) / step * step;
            end = end > start ? end : Math.Min(stream.Length, start + step);
            yield return new RecordingPiece(Math.Max(0, start - margin), start, end, Math.Min(stream.Length, end + margin));
            start = end;
        }
    }

    /// <summary>The middle of the quietest frames in a row within a range.</summary>
    private static long QuietPlace(AudioReader stream, long start, long end)
    {
        var levels = new FrameLevels(stream.Read(start, (int)(end - start)));
        return start + levels.Start((levels.Quietest(QuietFrames, 0, levels.Count) ?? 0) + (QuietFrames / 2));
    }
}

/// <summary>Collects blocks of interleaved samples as one channel: the mean of all, or one of them.</summary>
internal sealed class MonoMixer
{
    private readonly string name;
    private readonly int channelCount;
    private readonly int? channel;
    private readonly long first;
    private double[] samples;

    /// <param name="name">The file, for errors.</param>
    /// <param name="channelCount">The number of interleaved channels.</param>
    /// <param name="channel">The channel to take, or null for the mean.</param>
    /// <param name="capacity">The number of samples to make room for at once; it must follow from bytes that are there.</param>
    /// <param name="first">The index in the file of the first sample, for errors.</param>
    public MonoMixer(string name, int channelCount, int? channel, int capacity = 0, long first = 0)
    {
        RequireChannel(name, channelCount, channel);
        this.name = name;
        this.channelCount = channelCount;
        this.channel = channel;
        this.first = first;
        samples = new double[capacity];
    }

    /// <summary>Gets the number of samples collected.</summary>
    public int Count { get; private set; }

    /// <summary>Adds whole sample frames.</summary>
    public void Add(ReadOnlySpan<double> interleaved)
    {
        var count = interleaved.Length / channelCount;
        if ((long)Count + count > Array.MaxLength)
            throw new BadFileException(name, null, AudioReader.TooLong((long)Count + count));
        if (Count + count > samples.Length)
            Array.Resize(ref samples, (int)Math.Min(Array.MaxLength, Math.Max(2L * samples.Length, Count + count)));

        var destination = samples.AsSpan(Count, count);
        if (channelCount == 1)
        {
            interleaved.CopyTo(destination);
        }
        else
        {
            for (var i = 0; i < count; i++)
            {
                var frame = interleaved.Slice(i * channelCount, channelCount);
                destination[i] = channel is { } index ? frame[index] : Reductions.Sum(frame) / channelCount;
            }
        }

        RequireFinite(destination);
        Count += count;
    }

    /// <summary>The signal collected; the mixer must not be used afterwards.</summary>
    public Waveform ToWaveform(int sampleRate)
    {
        Array.Resize(ref samples, Count);
        return Waveform.Wrap(samples, sampleRate);
    }

    /// <summary>Gets the warning that tells of a mixdown, if there was one.</summary>
    public IEnumerable<string> Warnings => Describe(channelCount, channel);

    /// <summary>The warning that tells of a mixdown, if there is one.</summary>
    public static IEnumerable<string> Describe(int channelCount, int? channel) =>
        channelCount > 1 && channel is null ? [$"{channelCount} channels were mixed down to mono."] : [];

    /// <summary>Makes sure that a file has a channel.</summary>
    /// <param name="name">The file, for the error.</param>
    /// <param name="channelCount">The number of its channels.</param>
    /// <param name="channel">The channel, counted from 0; null for the mean of all.</param>
    /// <exception cref="BadFileException">It has not.</exception>
    public static void RequireChannel(string name, int channelCount, int? channel)
    {
        if (channel < 0 || channel >= channelCount)
            throw new BadFileException(name, null, $"channel {channel} was asked for (counted from 0); the file has {channelCount}");
    }

    private void RequireFinite(ReadOnlySpan<double> block)
    {
        for (var i = 0; i < block.Length; i++)
        {
            if (!double.IsFinite(block[i]))
                throw new BadFileException(name, null, $"sample {first + Count + i} (counted from 0) is not a finite number");
        }
    }
}
