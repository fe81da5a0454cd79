namespace VoiceKit.Batches;

/// <summary>The exception for inputs whose results would replace each other, or an input.</summary>
public sealed class BatchConflictException(string message) : Exception(message);
