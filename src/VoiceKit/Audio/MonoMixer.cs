using VoiceKit.Files;
using VoiceKit.Numerics;

namespace VoiceKit.Audio;

/// <summary>Collects blocks of interleaved samples as one channel: the mean of all, or one of them.</summary>
internal sealed class MonoMixer
{
    private readonly string name;
    private readonly int channelCount;
    private readonly int? channel;
    private double[] samples;

    /// <param name="name">The file, for errors.</param>
    /// <param name="channelCount">The number of interleaved channels.</param>
    /// <param name="channel">The channel to take, or null for the mean.</param>
    /// <param name="capacity">The number of samples to make room for at once; it must follow from bytes that are there.</param>
    public MonoMixer(string name, int channelCount, int? channel, int capacity = 0)
    {
        if (channel is { } index && (index < 0 || index >= channelCount))
            throw new BadFileException(name, null, $"channel {index} was asked for (counted from 0); the file has {channelCount}");
        this.name = name;
        this.channelCount = channelCount;
        this.channel = channel;
        samples = new double[capacity];
    }

    /// <summary>The number of samples collected.</summary>
    public int Count { get; private set; }

    /// <summary>Adds whole sample frames.</summary>
    public void Add(ReadOnlySpan<double> interleaved)
    {
        var count = interleaved.Length / channelCount;
        if ((long)Count + count > Array.MaxLength)
            throw new BadFileException(name, null, $"there are more than {Array.MaxLength} samples; cut the file into parts");
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
    public IEnumerable<string> Warnings => channelCount > 1 && channel is null ? [$"{channelCount} channels were mixed down to mono."] : [];

    private void RequireFinite(ReadOnlySpan<double> block)
    {
        for (var i = 0; i < block.Length; i++)
        {
            if (!double.IsFinite(block[i]))
                throw new BadFileException(name, null, $"sample {Count + i} (counted from 0) is not a finite number");
        }
    }
}
