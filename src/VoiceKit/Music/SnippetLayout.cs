namespace VoiceKit.Music;

/// <summary>The grid of the snippets that a model makes.</summary>
public sealed record SnippetLayout
{
    /// <summary>The bars of a snippet.</summary>
    public int BarCount { get; init; } = 4;

    /// <summary>The beats of a bar, a quarter note each.</summary>
    public int BeatsPerBar { get; init; } = 4;

    /// <summary>The steps of a beat; 4 is a grid of sixteenths, 2 one of eighths.</summary>
    public int StepsPerBeat { get; init; } = 4;

    /// <summary>The voices, the highest first.</summary>
    public int VoiceCount { get; init; } = 4;

    /// <summary>The pitches that the voices can have.</summary>
    public PitchRange Range { get; init; } = PitchRange.Choir;

    /// <summary>The beats of a snippet.</summary>
    public int BeatCount => BarCount * BeatsPerBar;

    /// <summary>The steps of a bar.</summary>
    public int StepsPerBar => BeatsPerBar * StepsPerBeat;

    /// <summary>The steps of a snippet.</summary>
    public int StepCount => BeatCount * StepsPerBeat;

    /// <summary>The states of a voice: rest, hold and the pitches.</summary>
    public int StateCount => Range.StateCount;

    /// <summary>The numbers that the states of a beat take: steps x voices x states.</summary>
    internal int BeatWidth => StepsPerBeat * VoiceCount * StateCount;

    /// <summary>Checks the sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range.</exception>
    internal void Validate()
    {
        static void Within(int value, int most, string name)
        {
            if (value < 1 || value > most)
                throw new ArgumentOutOfRangeException(name, value, $"{name} is from 1 to {most}.");
        }

        Within(BarCount, 64, nameof(BarCount));
        Within(BeatsPerBar, 16, nameof(BeatsPerBar));
        Within(StepsPerBeat, 24, nameof(StepsPerBeat));
        Within(VoiceCount, 16, nameof(VoiceCount));
        Within(Range.Count, 128, nameof(Range));
    }
}
