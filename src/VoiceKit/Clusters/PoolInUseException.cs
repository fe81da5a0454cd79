namespace VoiceKit.Clusters;

/// <summary>The exception for a pool's folder that a living training works with: to be tried again when that one has ended.</summary>
/// <param name="message">Which folder, and what to do.</param>
public sealed class PoolInUseException(string message) : IOException(message);
