namespace VoiceKit.Music;

/// <summary>
/// Music on a grid: for every step of time and every voice one state, a rest, the hold of what sounds, or the start of a pitch. So a
/// held note and a repeated one differ. Immutable.
/// </summary>
public sealed class PianoRoll
{
    /// <summary>The state of a voice that is silent.</summary>
    public const int Rest = 0;

    /// <summary>The state of a voice whose note, or rest, goes on.</summary>
    public const int Hold = 1;

    /// <summary>The state that starts the lowest pitch; the pitches above follow.</summary>
    public const int FirstPitch = 2;

    private readonly byte[] states;
    private readonly sbyte[] sounding;

    /// <summary>Creates a roll.</summary>
    /// <param name="range">The pitches that have a state.</param>
    /// <param name="voiceCount">The number of voices, the highest first.</param>
    /// <param name="stepsPerQuarter">The steps of a quarter note; 4 is a grid of sixteenths.</param>
    /// <param name="states">The states, [steps, voices]; each below <see cref="PitchRange.StateCount"/>.</param>
    /// <exception cref="ArgumentException">The states do not fill whole steps, or one is out of range.</exception>
    public PianoRoll(PitchRange range, int voiceCount, int stepsPerQuarter, ReadOnlySpan<byte> states)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(voiceCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerQuarter, 1);
        if (states.Length % voiceCount != 0)
            throw new ArgumentException($"{states.Length} states do not fill steps of {voiceCount} voices.", nameof(states));
        if (states.Length > 0 && states.IndexOfAnyInRange((byte)range.StateCount, byte.MaxValue) is >= 0 and var bad)
            throw new ArgumentException($"The state {states[bad]} is not below {range.StateCount}.", nameof(states));
        (Range, VoiceCount, StepsPerQuarter, this.states) = (range, voiceCount, stepsPerQuarter, states.ToArray());
        sounding = new sbyte[states.Length];
        for (var i = 0; i < states.Length; i++)
        {
            sounding[i] = this.states[i] switch
            {
                Rest => -1,
                Hold => i < voiceCount ? (sbyte)-1 : sounding[i - voiceCount],
                var state => (sbyte)(range.Lowest + state - FirstPitch),
            };
        }
    }

    /// <summary>Gets the pitches that have a state.</summary>
    public PitchRange Range { get; }

    /// <summary>Gets the number of voices; voice 0 is the highest.</summary>
    public int VoiceCount { get; }

    /// <summary>Gets the steps of a quarter note.</summary>
    public int StepsPerQuarter { get; }

    /// <summary>Gets the length in steps.</summary>
    public int StepCount => states.Length / VoiceCount;

    /// <summary>Gets all states, [steps, voices].</summary>
    public ReadOnlySpan<byte> States => states;

    /// <summary>Gets the state of a voice at a step.</summary>
    public int this[int step, int voice] => states[Index(step, voice)];

    /// <summary>The MIDI pitch that a voice sounds at a step, or -1 where it is silent.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="voice">The voice, counted from 0 for the highest.</param>
    public int PitchAt(int step, int voice) => sounding[Index(step, voice)];

    /// <summary>Determines whether a note starts in a voice at a step.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="voice">The voice, counted from 0 for the highest.</param>
    public bool IsOnset(int step, int voice) => states[Index(step, voice)] >= FirstPitch;

    /// <summary>A part of the roll. Notes that are held over its first step start there.</summary>
    /// <param name="firstStep">The first step.</param>
    /// <param name="stepCount">The number of steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie within the roll.</exception>
    public PianoRoll Slice(int firstStep, int stepCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstStep);
        ArgumentOutOfRangeException.ThrowIfNegative(stepCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stepCount, StepCount - firstStep);
        var part = states.AsSpan(firstStep * VoiceCount, stepCount * VoiceCount).ToArray();
        for (var voice = 0; voice < VoiceCount && stepCount > 0; voice++)
        {
            var pitch = PitchAt(firstStep, voice);
            part[voice] = (byte)(pitch < 0 ? Rest : Range.StateOf(pitch));
        }

        return new PianoRoll(Range, VoiceCount, StepsPerQuarter, part);
    }

    /// <summary>The same music with states for other pitches; what lies outside moves by octaves.</summary>
    /// <param name="range">The pitches.</param>
    public PianoRoll WithRange(PitchRange range)
    {
        var moved = Array.ConvertAll(states, state => state < FirstPitch ? state : (byte)range.StateOf(Range.Lowest + state - FirstPitch));
        return new PianoRoll(range, VoiceCount, StepsPerQuarter, moved);
    }

    /// <summary>Rolls of the same voices and grid, one after the other.</summary>
    /// <param name="parts">The rolls, in order.</param>
    /// <exception cref="ArgumentException">There is none, or they differ in range, voices or grid.</exception>
    public static PianoRoll Join(IReadOnlyList<PianoRoll> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (
            parts.Count == 0
            || parts.Any(part =>
                part.Range != parts[0].Range || part.VoiceCount != parts[0].VoiceCount || part.StepsPerQuarter != parts[0].StepsPerQuarter
            )
        )
            throw new ArgumentException("Only rolls of the same range, voices and grid can be joined.", nameof(parts));
        return new PianoRoll(parts[0].Range, parts[0].VoiceCount, parts[0].StepsPerQuarter, [.. parts.SelectMany(part => part.states)]);
    }

    private int Index(int step, int voice)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(voice);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, StepCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(voice, VoiceCount);
        return (step * VoiceCount) + voice;
    }
}

/// <summary>The pitches that a piano-roll can hold, one state each besides rest and hold.</summary>
public readonly record struct PitchRange
{
    /// <summary>Creates a range.</summary>
    /// <param name="lowest">The lowest MIDI pitch, 0 .. 127.</param>
    /// <param name="count">The number of pitches, 12 or more, so that every pitch class has one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is too small or leaves 0 .. 127.</exception>
    public PitchRange(int lowest, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lowest);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 12);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 128 - lowest);
        (Lowest, Count) = (lowest, count);
    }

    /// <summary>Gets the range of four-part singing, C2 .. A5: with rest and hold, 48 states.</summary>
    public static PitchRange Choir => new(36, 46);

    /// <summary>Gets the lowest MIDI pitch.</summary>
    public int Lowest { get; }

    /// <summary>Gets the number of pitches.</summary>
    public int Count { get; }

    /// <summary>Gets the highest MIDI pitch.</summary>
    public int Highest => Lowest + Count - 1;

    /// <summary>Gets the number of states of a voice: rest, hold and the pitches.</summary>
    public int StateCount => Count + PianoRoll.FirstPitch;

    /// <summary>The state that starts a pitch. Pitches outside the range move by octaves into it.</summary>
    /// <param name="pitch">The MIDI pitch.</param>
    public int StateOf(int pitch)
    {
        while (pitch < Lowest)
            pitch += 12;
        while (pitch > Highest)
            pitch -= 12;
        return pitch - Lowest + PianoRoll.FirstPitch;
    }
}
