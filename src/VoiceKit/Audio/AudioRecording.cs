namespace VoiceKit.Audio;

/// <summary>What was read from an audio file.</summary>
/// <param name="Waveform">The signal, mono.</param>
/// <param name="ChannelCount">The number of channels in the file.</param>
/// <param name="Encoding">How the file stores its samples, in words, such as "16-bit PCM".</param>
/// <param name="Warnings">What was odd about the file, one plain sentence each; empty for a faultless mono file.</param>
public record AudioRecording(Waveform Waveform, int ChannelCount, string Encoding, IReadOnlyList<string> Warnings);
