using System.Diagnostics.CodeAnalysis;

namespace VoiceKit.Audio;

/// <summary>The sample types that <see cref="WaveFile"/> writes.</summary>
public enum WaveEncoding
{
    /// <summary>16-bit integers; full scale is 32768.</summary>
    Pcm16,

    /// <summary>24-bit integers; full scale is 8388608.</summary>
    Pcm24,

    /// <summary>32-bit floating point; values beyond -1 .. 1 are kept.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "It is the field's word for this sample type.")]
    Float32,
}
