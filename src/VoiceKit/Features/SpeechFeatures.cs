using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Features;

/// <summary>The features of an utterance that a vocoder needs: F0, mel-cepstra and band aperiodicity, frame by frame.</summary>
/// <remarks>A value: checked where it is made, and nothing that it gives can be written to.</remarks>
public sealed class SpeechFeatures
{
    /// <summary>Puts features together.</summary>
    /// <param name="sampleRate">The sampling frequency of the analysed signal in Hz, at least 1.</param>
    /// <param name="f0">F0 in Hz, 0 = unvoiced, [T].</param>
    /// <param name="melCepstrum">Mel-cepstra, c0 first, [T, m + 1], all finite.</param>
    /// <param name="alpha">Their all-pass constant, above -1 and below 1.</param>
    /// <param name="aperiodicity">Band aperiodicity in dB, [T, bands], all finite.</param>
    /// <exception cref="ArgumentException">The numbers of frames differ, or a number is out of range.</exception>
    public SpeechFeatures(int sampleRate, F0Contour f0, Frames melCepstrum, double alpha, Frames aperiodicity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentNullException.ThrowIfNull(f0);
        ArgumentNullException.ThrowIfNull(melCepstrum);
        ArgumentNullException.ThrowIfNull(aperiodicity);
        if (melCepstrum.Count != f0.Count || aperiodicity.Count != f0.Count)
            throw new ArgumentException(
                $"F0 has {f0.Count} frames, the mel-cepstrum {melCepstrum.Count}, the aperiodicity {aperiodicity.Count}: they "
                    + $"must be equal.",
                nameof(f0)
            );
        if (!(Math.Abs(alpha) < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The all-pass constant must lie between -1 and 1.");
        RequireFinite(melCepstrum, nameof(melCepstrum));
        RequireFinite(aperiodicity, nameof(aperiodicity));
        (SampleRate, F0, MelCepstrum, Alpha, Aperiodicity) = (sampleRate, f0, melCepstrum.ToImmutable(), alpha, aperiodicity.ToImmutable());
    }

    /// <summary>Gets the sampling frequency of the analysed signal in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>Gets F0 in Hz, 0 = unvoiced, [T].</summary>
    public F0Contour F0 { get; }

    /// <summary>Gets the mel-cepstra, c0 first, [T, m + 1].</summary>
    public Frames MelCepstrum { get; }

    /// <summary>Gets the order m of the mel-cepstra.</summary>
    public int Order => MelCepstrum.Dimension - 1;

    /// <summary>Gets the all-pass constant of the mel-cepstra.</summary>
    public double Alpha { get; }

    /// <summary>Gets the band aperiodicity in dB (0 = noise), [T, bands].</summary>
    public Frames Aperiodicity { get; }

    /// <summary>Gets the number of frames T.</summary>
    public int Count => F0.Count;

    /// <summary>Makes features with another F0.</summary>
    /// <param name="f0">F0 in Hz, 0 = unvoiced, [T].</param>
    /// <exception cref="ArgumentException">The number of frames differs.</exception>
    public SpeechFeatures WithF0(F0Contour f0) => new(SampleRate, f0, MelCepstrum, Alpha, Aperiodicity);

    /// <summary>Makes features with other mel-cepstra of the same frames.</summary>
    /// <param name="melCepstrum">Mel-cepstra, c0 first, [T, m + 1], all finite.</param>
    /// <exception cref="ArgumentException">The number of frames differs, or a number is not finite.</exception>
    public SpeechFeatures WithMelCepstrum(Frames melCepstrum) => new(SampleRate, F0, melCepstrum, Alpha, Aperiodicity);

    /// <summary>
    /// Makes features of a lower order: the coefficients above it are left out, which gives the same as an analysis of that order.
    /// </summary>
    /// <param name="order">The order, 1 .. this one's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is out of range.</exception>
    public SpeechFeatures WithOrder(int order)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, Order);
        return order == Order ? this : WithMelCepstrum(MelCepstrum.Columns(0, order + 1));
    }

    /// <summary>The mel-cepstra without c0: what is mapped and compared, [T, m].</summary>
    public Frames Statics() => MelCepstrum.Columns(1, MelCepstrum.Dimension - 1);

    /// <summary>The level of every frame in dB: the mean power of its envelope, [T].</summary>
    public double[] Levels() => FrameLevel.Of(MelCepstrum, Alpha);

    private static void RequireFinite(Frames frames, string name)
    {
        for (var t = 0; t < frames.Count; t++)
        {
            foreach (var value in frames[t])
            {
                if (!double.IsFinite(value))
                    throw new ArgumentException($"Frame {t} holds {value}; all values must be finite.", name);
            }
        }
    }
}

/// <summary>The vocoder's features together with the spectra that they code.</summary>
/// <remarks>A value: checked where it is made, and nothing that it gives can be written to.</remarks>
public sealed class SpeechAnalysis
{
    /// <summary>Puts features and spectra together.</summary>
    /// <param name="features">F0, mel-cepstra and band aperiodicity.</param>
    /// <param name="envelope">The power envelope |H|^2, [T, N / 2 + 1].</param>
    /// <param name="aperiodicity">The aperiodicity 0 .. 1, [T, N / 2 + 1].</param>
    /// <exception cref="ArgumentException">The numbers of frames or of bins differ.</exception>
    public SpeechAnalysis(SpeechFeatures features, Frames envelope, Frames aperiodicity)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(aperiodicity);
        if (envelope.Count != features.Count || (aperiodicity.Count, aperiodicity.Dimension) != (envelope.Count, envelope.Dimension))
            throw new ArgumentException(
                $"The features have {features.Count} frames, the envelope {envelope.Count} x {envelope.Dimension} values, the "
                    + $"aperiodicity {aperiodicity.Count} x {aperiodicity.Dimension}: they must be equal.",
                nameof(envelope)
            );
        (Features, Envelope, Aperiodicity) = (features, envelope.ToImmutable(), aperiodicity.ToImmutable());
    }

    /// <summary>Gets F0, mel-cepstra and band aperiodicity.</summary>
    public SpeechFeatures Features { get; }

    /// <summary>Gets the power envelope |H|^2, [T, N / 2 + 1].</summary>
    public Frames Envelope { get; }

    /// <summary>Gets the aperiodicity 0 .. 1, [T, N / 2 + 1].</summary>
    public Frames Aperiodicity { get; }
}

/// <summary>The features of an utterance, and its whole spectra some frames at a time: they take a hundred times the memory.</summary>
/// <param name="features">The features.</param>
/// <param name="signal">The utterance without offset.</param>
/// <param name="cheapTrick">The estimator of the envelope.</param>
/// <param name="d4c">The estimator of the aperiodicity.</param>
/// <param name="gain">The factor of the envelope that gives it the utterance's level.</param>
internal sealed class UtteranceSpectra(SpeechFeatures features, Waveform signal, CheapTrick cheapTrick, D4C d4c, double gain)
{
    /// <summary>The number of frames of spectra that exist at a time.</summary>
    public const int PieceFrames = 2000;

    public SpeechFeatures Features { get; } = features;

    /// <summary>The power envelope and the aperiodicity, [up to 2000, N / 2 + 1] at a time, in order.</summary>
    public IEnumerable<(Frames Envelope, Frames Aperiodicity)> Pieces()
    {
        for (var start = 0; start < Features.Count; start += PieceFrames)
        {
            var count = Math.Min(PieceFrames, Features.Count - start);
            var envelope = cheapTrick.Estimate(signal, Features.F0, start, count).ToBuffer();
            TensorPrimitives.Multiply(envelope.Values, gain, envelope.Values);
            yield return (envelope, d4c.Expand(Features.Aperiodicity.Slice(start, count), cheapTrick.FftLength));
        }
    }
}
