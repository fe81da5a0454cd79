namespace VoiceKit.Audio;

/// <summary>What <see cref="SignalCheck"/> measured.</summary>
public sealed record SignalReport
{
    /// <summary>The largest magnitude; 1 is full scale.</summary>
    public required double Peak { get; init; }

    /// <summary>The root of the mean square in dB relative to a root mean square of 1, without the offset; negative infinity for silence.</summary>
    public required double LevelDb { get; init; }

    /// <summary>The mean of the samples.</summary>
    public required double DcOffset { get; init; }

    /// <summary>The share of samples at or beyond 16-bit full scale, 0 .. 1.</summary>
    public required double ClippedFraction { get; init; }

    /// <summary>Whether no sample is further than one 16-bit step from the middle of all: silence, with an offset or without.</summary>
    public required bool IsSilent { get; init; }

    /// <summary>Whether the signal is shorter than one analysis frame, <see cref="SignalCheck.ShortestDuration"/>.</summary>
    public required bool IsTooShort { get; init; }

    /// <summary>What makes the signal unfit for speech processing, one plain sentence each; empty for a good recording.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
