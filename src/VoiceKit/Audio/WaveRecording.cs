namespace VoiceKit.Audio;

/// <summary>What was read from a WAV file.</summary>
/// <param name="Waveform">The signal, mono.</param>
/// <param name="Format">How the file stores its samples.</param>
/// <param name="Warnings">What was odd about the file, one plain sentence each; empty for a faultless mono file.</param>
public sealed record WaveRecording(Waveform Waveform, WaveFormat Format, IReadOnlyList<string> Warnings)
    : AudioRecording(Waveform, (Format ?? throw new ArgumentNullException(nameof(Format))).ChannelCount, Format.ToString(), Warnings);
