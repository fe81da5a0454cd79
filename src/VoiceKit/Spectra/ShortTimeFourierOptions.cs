namespace VoiceKit.Spectra;

/// <summary>The frames, the window and the transform length of a <see cref="ShortTimeFourierTransform"/>.</summary>
public sealed record ShortTimeFourierOptions
{
    /// <summary>The length of the window in samples, at least 1; 1024 by default (46 ms at 22050 Hz).</summary>
    public int FrameLength { get; init; } = 1024;

    /// <summary>The distance between frames in samples, at least 1; 256 by default.</summary>
    public int FrameShift { get; init; } = 256;

    /// <summary>The transform length: a power of two, at least the frame length; by default (null) the smallest such.</summary>
    public int? FftLength { get; init; }

    /// <summary>The window, in its periodic form; Hann by default.</summary>
    public WindowFunction Window { get; init; } = WindowFunction.Hann;

    /// <summary>The frames of given times at a sampling frequency.</summary>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="frameLength">The window's length, cut to whole samples, at least one.</param>
    /// <param name="framePeriod">The time from one frame to the next, rounded to samples, at least one.</param>
    public static ShortTimeFourierOptions OfTimes(int sampleRate, TimeSpan frameLength, TimeSpan framePeriod) => new()
    {
        FrameLength = Math.Max(1, (int)(frameLength.TotalSeconds * sampleRate)),
        FrameShift = Math.Max(1, (int)Math.Round(framePeriod.TotalSeconds * sampleRate)),
    };
}
