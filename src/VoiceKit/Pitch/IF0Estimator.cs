using VoiceKit.Audio;

namespace VoiceKit.Pitch;

/// <summary>Estimates the fundamental frequency of a signal.</summary>
public interface IF0Estimator
{
    /// <summary>Returns F0 at times 0, frame period, 2 x frame period, ...; 0 where unvoiced.</summary>
    F0Contour Estimate(Waveform waveform);
}
