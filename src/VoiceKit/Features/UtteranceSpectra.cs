using System.Numerics.Tensors;
using VoiceKit.Aperiodicity;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Numerics;

namespace VoiceKit.Features;

/// <summary>The features of an utterance, and its whole spectra some frames at a time: they take a hundred times the memory.</summary>
/// <param name="features">The features.</param>
/// <param name="signal">The utterance without offset.</param>
/// <param name="cheapTrick">The estimator of the envelope.</param>
/// <param name="d4c">The estimator of the aperiodicity.</param>
/// <param name="gain">The factor of the envelope that gives it the utterance's level.</param>
internal sealed class UtteranceSpectra(SpeechFeatures features, Waveform signal, CheapTrick cheapTrick, D4C d4c, double gain)
{
    /// <summary>How many frames of spectra exist at a time.</summary>
    public const int PieceFrames = 2000;

    public SpeechFeatures Features { get; } = features;

    /// <summary>The power envelope and the aperiodicity, [up to 2000, N / 2 + 1] at a time, in order.</summary>
    public IEnumerable<(Frames Envelope, Frames Aperiodicity)> Pieces()
    {
        for (var start = 0; start < Features.Count; start += PieceFrames)
        {
            var count = Math.Min(PieceFrames, Features.Count - start);
            var envelope = cheapTrick.Estimate(signal, Features.F0, start, count);
            TensorPrimitives.Multiply(envelope.Values, gain, envelope.Values);
            yield return (envelope, d4c.Expand(Features.Aperiodicity.Slice(start, count), cheapTrick.FftLength));
        }
    }
}
