namespace VoiceKit.Files;

/// <summary>The exception for files that are whole and together cannot be worked with, such as too little speech, or sentences that do not match.</summary>
/// <param name="message">What is wrong, and what to do, in plain words.</param>
public sealed class UnusableDataException(string message) : Exception(message);
