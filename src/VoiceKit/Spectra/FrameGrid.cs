namespace VoiceKit.Spectra;

/// <summary>Where the frames of a signal lie: frame t is centred on sample t x <see cref="FrameShift"/> and spans <see cref="FrameLength"/> samples.</summary>
/// <remarks>The first frame is centred on the first sample, so that half of it lies before the signal.</remarks>
public sealed record FrameGrid
{
    /// <summary>Creates a grid.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz, at least 1.</param>
    /// <param name="frameShift">The distance between frames in samples, at least 1.</param>
    /// <param name="frameLength">The length of a frame in samples, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public FrameGrid(int sampleRate, int frameShift, int frameLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameShift, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameLength, 1);
        SampleRate = sampleRate;
        FrameShift = frameShift;
        FrameLength = frameLength;
    }

    /// <summary>The sampling frequency in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>The distance between the centres of two frames, in samples.</summary>
    public int FrameShift { get; }

    /// <summary>The length of a frame, in samples.</summary>
    public int FrameLength { get; }

    /// <summary>The distance between the centres of two frames, in time.</summary>
    public TimeSpan FramePeriod => TimeSpan.FromSeconds((double)FrameShift / SampleRate);

    /// <summary>The number of frames whose centre is at most at the end of the signal: 1 + sampleCount / frameShift, and none for no samples.</summary>
    /// <param name="sampleCount">The length of the signal in samples, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public int FrameCount(int sampleCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sampleCount);
        return sampleCount == 0 ? 0 : 1 + (sampleCount / FrameShift);
    }

    /// <summary>The sample on which frame <paramref name="t"/> is centred.</summary>
    public long CenterSample(int t) => (long)t * FrameShift;

    /// <summary>The first sample of frame <paramref name="t"/>: its centre less half a frame. It is negative for the first frames.</summary>
    public long StartSample(int t) => CenterSample(t) - (FrameLength / 2);

    /// <summary>The time of the centre of frame <paramref name="t"/>, in seconds from the first sample.</summary>
    public double Time(int t) => (double)CenterSample(t) / SampleRate;

    /// <summary>The frame whose centre is nearest to <paramref name="sample"/>; of two, the later one.</summary>
    /// <param name="sample">The index of a sample, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public int FrameAt(long sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        return checked((int)((sample + (FrameShift / 2)) / FrameShift));
    }

    /// <summary>The frame whose centre is nearest to a time in seconds from the first sample; of two, the later one.</summary>
    /// <param name="seconds">The time in seconds, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or not a number.</exception>
    public int FrameAtTime(double seconds)
    {
        if (!(seconds >= 0))
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "The time must not be negative.");
        return checked((int)Math.Floor((seconds * SampleRate / FrameShift) + 0.5));
    }
}
