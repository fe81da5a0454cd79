namespace VoiceKit.Files;

/// <summary>The exception where what was set aside in a temporary file cannot be written: the disk's fault, and not the input's.</summary>
/// <param name="folder">The folder of the temporary file.</param>
/// <param name="cause">What happened.</param>
public sealed class TemporaryFileException(string folder, Exception cause) : IOException($"{folder}: a temporary file cannot be written here: {cause?.Message}", cause);
