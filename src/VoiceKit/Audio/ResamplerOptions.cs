namespace VoiceKit.Audio;

/// <summary>How sharp the filter of a <see cref="Resampler"/> is. The defaults are below the noise of 16-bit audio.</summary>
public sealed record ResamplerOptions
{
    /// <summary>
    /// The highest frequency that passes unchanged, as a share of the lower of the two Nyquist frequencies: 0.5 .. 0.99. What lies above
    /// that Nyquist frequency is stopped. The filter's length, and the time it takes, grow with 1 / (1 - passband). The default is 0.92.
    /// </summary>
    public double Passband { get; init; } = 0.92;

    /// <summary>How far aliases and images are pushed down, in dB: 40 .. 160. The default is 110.</summary>
    public double StopbandDecibels { get; init; } = 110;

    /// <summary>Throws where a value is out of its range.</summary>
    internal void Validate()
    {
        if (Passband is not (>= 0.5 and <= 0.99))
            throw new ArgumentOutOfRangeException(nameof(Passband), Passband, "The passband must be 0.5 .. 0.99.");
        if (StopbandDecibels is not (>= 40 and <= 160))
            throw new ArgumentOutOfRangeException(nameof(StopbandDecibels), StopbandDecibels, "The stopband must be 40 .. 160 dB.");
    }
}
