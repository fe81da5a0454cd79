using VoiceKit.Numerics;

namespace VoiceKit.Features;

/// <summary>The vocoder's features together with the spectra that they code.</summary>
/// <param name="Features">F0, mel-cepstra and band aperiodicity.</param>
/// <param name="Envelope">The power envelope |H|^2, [T, N / 2 + 1].</param>
/// <param name="Aperiodicity">The aperiodicity 0 .. 1, [T, N / 2 + 1].</param>
public sealed record SpeechAnalysis(SpeechFeatures Features, Frames Envelope, Frames Aperiodicity);
