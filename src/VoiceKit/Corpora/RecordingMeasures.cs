namespace VoiceKit.Corpora;

/// <summary>What was measured in a recording. With 2 .. 8 channels peak, clipping, offset and loudness are those of all channels, else those of their mean.</summary>
public sealed record RecordingMeasures
{
    /// <summary>The sampling frequency in Hz.</summary>
    public required int SampleRate { get; init; }

    /// <summary>The number of channels.</summary>
    public required int ChannelCount { get; init; }

    /// <summary>How the file stores its samples, in words.</summary>
    public required string Encoding { get; init; }

    /// <summary>The length in time.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The largest magnitude of any channel; 1 is full scale.</summary>
    public required double Peak { get; init; }

    /// <summary>The mean of the samples, of the channel where it is largest.</summary>
    public required double DcOffset { get; init; }

    /// <summary>The share of samples at or beyond 16-bit full scale, 0 .. 1.</summary>
    public required double ClippedFraction { get; init; }

    /// <summary>The integrated loudness in LUFS: see <see cref="Audio.Loudness"/>. Negative infinity in silence.</summary>
    public required double Loudness { get; init; }

    /// <summary>The power of the speech over that of the noise in dB: see <see cref="Audio.SpeechActivity.SignalToNoiseDb"/>. Null where it cannot be told.</summary>
    public required double? SignalToNoiseDb { get; init; }

    /// <summary>The time before the first speech.</summary>
    public required TimeSpan LeadingSilence { get; init; }

    /// <summary>The time after the last speech.</summary>
    public required TimeSpan TrailingSilence { get; init; }

    /// <summary>The SHA-256 of rate and decoded samples, as hexadecimal digits: equal for equal content in whatever container.</summary>
    public required string ContentHash { get; init; }
}
