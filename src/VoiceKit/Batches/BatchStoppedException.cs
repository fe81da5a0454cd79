namespace VoiceKit.Batches;

/// <summary>The exception for what every further item would meet too, such as a full disk: the batch stops.</summary>
/// <param name="cause">What happened.</param>
internal sealed class BatchStoppedException(Exception cause) : Exception(cause.Message, cause);
