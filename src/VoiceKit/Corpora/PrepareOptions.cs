using VoiceKit.Audio;

namespace VoiceKit.Corpora;

/// <summary>What <see cref="RecordingPreparer"/> does to a recording.</summary>
public sealed record PrepareOptions
{
    /// <summary>The sample rate of the result in Hz, 1 .. <see cref="WaveFormat.HighestSampleRate"/>; null, the default, keeps the recording's.</summary>
    public int? SampleRate { get; init; }

    /// <summary>Whether silence at both ends, and around the cuts of long recordings, is taken away. True by default.</summary>
    public bool Trim { get; init; } = true;

    /// <summary>The silence that stays on each side of speech, 0 .. 10 s. The default is 100 ms.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The integrated loudness of the result in LUFS, -70 .. 0; null leaves the level. The default is -23, as EBU R 128 has it.</summary>
    public double? LoudnessTarget { get; init; } = -23;

    /// <summary>The longest piece that a recording is split into, at least 1 s and four margins; null, the default, does not split.</summary>
    public TimeSpan? LongestPiece { get; init; }

    /// <summary>Throws where a value is out of its range.</summary>
    internal void Validate()
    {
        if (SampleRate is < 1 or > WaveFormat.HighestSampleRate)
            throw new ArgumentOutOfRangeException(nameof(SampleRate), SampleRate, $"The sample rate must be 1 .. {WaveFormat.HighestSampleRate} Hz.");
        if (Margin < TimeSpan.Zero || Margin > TimeSpan.FromSeconds(10))
            throw new ArgumentOutOfRangeException(nameof(Margin), Margin, "The margin must be 0 .. 10 s.");
        if (LoudnessTarget is { } target && !(target is >= -70 and <= 0))
            throw new ArgumentOutOfRangeException(nameof(LoudnessTarget), LoudnessTarget, "The loudness must be -70 .. 0 LUFS.");
        if (LongestPiece is { } longest && (longest < TimeSpan.FromSeconds(1) || longest < 4 * Margin))
            throw new ArgumentOutOfRangeException(nameof(LongestPiece), LongestPiece, "The longest piece must have at least 1 s, and four times the margin.");
    }
}
