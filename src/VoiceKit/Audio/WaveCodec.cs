using System.Diagnostics.CodeAnalysis;

namespace VoiceKit.Audio;

/// <summary>How a WAV file stores a sample.</summary>
public enum WaveCodec
{
    /// <summary>Linear integers: unsigned up to 8 bits, signed two's complement above.</summary>
    Pcm,

    /// <summary>IEEE 754 floating point, 32 or 64 bits.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "It is the field's word for this sample type.")]
    Float,

    /// <summary>ITU-T G.711 A-law, 8 bits.</summary>
    ALaw,

    /// <summary>ITU-T G.711 mu-law, 8 bits.</summary>
    MuLaw,
}
