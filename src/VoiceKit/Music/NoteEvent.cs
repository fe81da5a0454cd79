namespace VoiceKit.Music;

/// <summary>A note of a score.</summary>
/// <param name="Start">Where it begins, in ticks.</param>
/// <param name="End">Where it ends, in ticks; not before its start.</param>
/// <param name="Pitch">The MIDI key, 0 .. 127; 60 is middle C.</param>
/// <param name="Velocity">How hard the key is struck, 1 .. 127.</param>
/// <param name="Channel">The MIDI channel, 0 .. 15; 9 is percussion.</param>
/// <param name="Track">The number of the track, from 0.</param>
public readonly record struct NoteEvent(long Start, long End, int Pitch, int Velocity, int Channel, int Track)
{
    /// <summary>The channel of percussion: its keys are instruments, not pitches.</summary>
    public const int PercussionChannel = 9;
}
