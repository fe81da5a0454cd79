using System.Numerics.Tensors;
using VoiceKit.Aperiodicity;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Features;

/// <summary>From a waveform to the features of a vocoder: F0, spectral envelope (as mel-cepstrum) and aperiodicity. Safe across threads.</summary>
public sealed class FeatureExtractor(FeatureOptions? options = null)
{
    // Envelopes are large and at once turned into mel-cepstra: this many frames of them exist at a time.
    private const int PieceFrames = 2000;
    private const int LowestSampleRate = 1000;
    private const double SilentPower = 1e-12;
    private readonly FeatureOptions options = options ?? new FeatureOptions();

    /// <summary>Extracts the features of one utterance.</summary>
    /// <exception cref="ArgumentException">The sample rate is below 1000 Hz.</exception>
    public SpeechFeatures Extract(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var f0 = EstimateF0(waveform);
        var cheapTrick = CheapTrickFor(waveform.SampleRate);
        var transform = MelCepstrumFor(waveform.SampleRate, cheapTrick.FftLength);
        var pieces = new List<Frames>();
        var power = 0.0;
        for (var start = 0; start < f0.Count; start += PieceFrames)
        {
            var envelope = cheapTrick.Estimate(waveform, f0, start, Math.Min(PieceFrames, f0.Count - start));
            power += EnvelopePower(envelope);
            pieces.Add(transform.FromEnvelope(envelope));
        }

        var melCepstrum = Frames.Concatenate(pieces);
        AddToFirst(melCepstrum, Math.Log(LevelGain(waveform, power / f0.Count)) / 2);
        var bands = new D4C(waveform.SampleRate).EstimateBands(waveform, f0);
        return new SpeechFeatures(waveform.SampleRate, f0, melCepstrum, transform.Alpha, bands);
    }

    /// <summary>Extracts the features of one utterance and keeps the whole spectra.</summary>
    public SpeechAnalysis Analyze(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var f0 = EstimateF0(waveform);
        var cheapTrick = CheapTrickFor(waveform.SampleRate);
        var transform = MelCepstrumFor(waveform.SampleRate, cheapTrick.FftLength);
        var envelope = cheapTrick.Estimate(waveform, f0);
        TensorPrimitives.Multiply(envelope.Values, LevelGain(waveform, EnvelopePower(envelope) / f0.Count), envelope.Values);
        var d4c = new D4C(waveform.SampleRate);
        var bands = d4c.EstimateBands(waveform, f0);
        var features = new SpeechFeatures(waveform.SampleRate, f0, transform.FromEnvelope(envelope), transform.Alpha, bands);
        return new SpeechAnalysis(features, envelope, d4c.Expand(bands, cheapTrick.FftLength));
    }

    /// <summary>
    /// CheapTrick's smoothing and recovery leave an envelope of about 1 dB more power than the signal has. One gain for the whole utterance
    /// takes that back, so that what is synthesised from features is as loud as what was analysed.
    /// </summary>
    private static double LevelGain(Waveform waveform, double meanEnvelopePower)
    {
        var signalPower = waveform.Length == 0 ? 0 : Reductions.SumOfSquares(waveform.Samples) / waveform.Length;
        return signalPower > SilentPower && meanEnvelopePower > 0 ? signalPower / meanEnvelopePower : 1;
    }

    /// <summary>The sum over frames of the mean of |H|^2 over frequency: the power of the signal that an envelope describes.</summary>
    private static double EnvelopePower(Frames envelope)
    {
        var sum = 0.0;
        for (var t = 0; t < envelope.Count; t++)
            sum += FrameLevel.PowerOf(envelope[t]);
        return sum;
    }

    private static void AddToFirst(Frames melCepstrum, double value)
    {
        for (var t = 0; t < melCepstrum.Count; t++)
            melCepstrum[t][0] += value;
    }

    private F0Contour EstimateF0(Waveform waveform)
    {
        if (waveform.SampleRate < LowestSampleRate)
            throw new ArgumentException($"The sample rate is {waveform.SampleRate} Hz; features need at least {LowestSampleRate} Hz.", nameof(waveform));
        var range = options.F0Range ?? F0RangeFinder.Find([waveform]);
        IF0Estimator estimator = options.F0Method == F0Method.Harvest
            ? new Harvest(new HarvestOptions { Range = range, FramePeriod = options.FramePeriod })
            : new Dio(new DioOptions { Range = range, FramePeriod = options.FramePeriod });
        return new SegmentedF0Estimator(estimator).Estimate(waveform);
    }

    private CheapTrick CheapTrickFor(int sampleRate)
    {
        var standard = new CheapTrickOptions();
        return new CheapTrick(sampleRate, standard with { F0Floor = Math.Min(standard.F0Floor, options.F0Range?.Floor ?? standard.F0Floor) });
    }

    private MelCepstrum MelCepstrumFor(int sampleRate, int fftLength) =>
        new(fftLength, options.Order ?? FeatureOptions.OrderFor(sampleRate), options.Alpha ?? FrequencyWarping.AlphaFor(sampleRate));
}
