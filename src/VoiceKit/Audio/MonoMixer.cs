using VoiceKit.Files;
using VoiceKit.Numerics;

namespace VoiceKit.Audio;

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

    /// <summary>The number of samples collected.</summary>
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
        return new Waveform(samples, sampleRate);
    }

    /// <summary>The warning that tells of a mixdown, if there was one.</summary>
    public IEnumerable<string> Warnings => Describe(channelCount, channel);

    /// <summary>The warning that tells of a mixdown, if there is one.</summary>
    public static IEnumerable<string> Describe(int channelCount, int? channel) => channelCount > 1 && channel is null ? [$"{channelCount} channels were mixed down to mono."] : [];

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
