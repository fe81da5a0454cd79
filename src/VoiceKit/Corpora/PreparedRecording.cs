using VoiceKit.Audio;

namespace VoiceKit.Corpora;

/// <summary>What <see cref="RecordingPreparer"/> made of a recording.</summary>
/// <param name="Pieces">The pieces in order, at least one.</param>
/// <param name="Warnings">What was done beyond what was asked, or could not be done, one plain sentence each.</param>
/// <param name="Notes">What was cut off, one plain sentence each.</param>
public sealed record PreparedRecording(IReadOnlyList<PreparedPiece> Pieces, IReadOnlyList<string> Warnings, IReadOnlyList<string> Notes);

/// <summary>One piece of a prepared recording.</summary>
/// <param name="Start">Where it starts in the recording.</param>
/// <param name="Waveform">Its samples.</param>
public sealed record PreparedPiece(TimeSpan Start, Waveform Waveform);
