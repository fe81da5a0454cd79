namespace VoiceKit.Music;

/// <summary>How a score is made audible.</summary>
public sealed record RenderOptions
{
    /// <summary>The lowest sample rate in Hz.</summary>
    public const int LowestSampleRate = 8000;

    /// <summary>The highest sample rate in Hz.</summary>
    public const int HighestSampleRate = 96000;

    /// <summary>The longest sound that is rendered, with its tail.</summary>
    public static TimeSpan LongestDuration { get; } = TimeSpan.FromHours(1);

    /// <summary>The sample rate in Hz, <see cref="LowestSampleRate"/> .. <see cref="HighestSampleRate"/>; 44100 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of its range.</exception>
    public int SampleRate
    {
        get;
        init => field = value is >= LowestSampleRate and <= HighestSampleRate
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The sample rate must be {LowestSampleRate} .. {HighestSampleRate} Hz.");
    } = 44100;

    /// <summary>The built-in instrument of every note; null (the default) takes for each note the one nearest to its MIDI program. A soundfont's own
    /// instruments are always chosen by program.</summary>
    public Instrument? Instrument { get; init; }

    /// <summary>How much of the room is heard, 0 (nothing) .. 1; 0.3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of its range.</exception>
    public double Reverb
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The reverb must be 0 .. 1.");
    } = 0.3;

    /// <summary>How long the sound goes on after the last note's end, 0 .. 60 s; 2 s by default. It fades out before that.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tail is out of its range.</exception>
    public TimeSpan Tail
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromMinutes(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The tail must be 0 .. 60 s.");
    } = TimeSpan.FromSeconds(2);
}
