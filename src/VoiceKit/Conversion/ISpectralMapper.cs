using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>Maps a source speaker's spectral features to the target speaker's.</summary>
public interface ISpectralMapper
{
    /// <summary>Maps static features of one utterance, [T, D] to [T, D].</summary>
    Frames Map(Frames source);
}
