namespace VoiceKit.Music;

/// <summary>A note in time.</summary>
/// <param name="Start">Where it begins, in seconds from the start of the score.</param>
/// <param name="End">Where it ends, in seconds.</param>
/// <param name="Program">The General MIDI program of its channel where it begins.</param>
/// <param name="Note">The note of the score.</param>
internal readonly record struct PlayedNote(double Start, double End, int Program, NoteEvent Note);
