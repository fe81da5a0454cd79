namespace VoiceKit.Corpora;

/// <summary>A part of a recording.</summary>
/// <param name="Start">Where it starts, in seconds from the recording's start; not negative.</param>
/// <param name="End">Where it ends, in seconds; above <paramref name="Start"/>. Positive infinity is the recording's end.</param>
public readonly record struct TimeSegment(double Start, double End);
