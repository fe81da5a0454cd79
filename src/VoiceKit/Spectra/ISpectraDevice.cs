using VoiceKit.Audio;
using VoiceKit.Compute;
using VoiceKit.Numerics;

namespace VoiceKit.Spectra;

/// <summary>A device that can take over the spectra of whole signals, in single precision. The CPU is none: <see cref="MelSpectrogram"/> is its way. Not for several threads at once.</summary>
public interface ISpectraDevice
{
    /// <summary>The mel spectrogram of a signal, within 1e-4 of the largest power of <see cref="MelSpectrogram"/>'s.</summary>
    /// <param name="waveform">The signal.</param>
    /// <param name="options">The transform, the filters and the scale.</param>
    /// <returns>The powers, or their natural logarithms, [T, M].</returns>
    /// <exception cref="ArgumentException">A number is out of range; the sentence names it.</exception>
    /// <exception cref="DeviceMemoryException">The signal is too long for the device.</exception>
    /// <exception cref="DeviceException">The device fails.</exception>
    Frames Mel(Waveform waveform, MelSpectrogramOptions options);
}
