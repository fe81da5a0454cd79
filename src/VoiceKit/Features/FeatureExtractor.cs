using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Features;

/// <summary>
/// From a waveform to the features of a vocoder: F0, spectral envelope (as mel-cepstrum) and aperiodicity. Safe across threads.
/// </summary>
/// <param name="options">The settings; null for the defaults.</param>
public sealed class FeatureExtractor(FeatureOptions? options = null)
{
    internal const int MinSampleRate = 1000;
    private const double SilentPower = 1e-12;
    private readonly FeatureOptions options = options ?? new FeatureOptions();

    /// <summary>Gets the settings.</summary>
    public FeatureOptions Options => options;

    /// <summary>Extracts the features of one utterance. A constant offset of the samples counts for nothing.</summary>
    /// <param name="waveform">The signal.</param>
    /// <exception cref="ArgumentException">The sample rate is below 1000 Hz.</exception>
    public SpeechFeatures Extract(Waveform waveform) => Begin(waveform).Features;

    /// <summary>Extracts the features of one utterance and keeps the whole spectra.</summary>
    /// <param name="waveform">The signal.</param>
    /// <exception cref="ArgumentException">The sample rate is below 1000 Hz.</exception>
    public SpeechAnalysis Analyze(Waveform waveform)
    {
        var spectra = Begin(waveform);
        var pieces = spectra.Pieces().ToArray();
        return new SpeechAnalysis(
            spectra.Features,
            Frames.Concatenate([.. pieces.Select(piece => piece.Envelope)]),
            Frames.Concatenate([.. pieces.Select(piece => piece.Aperiodicity)])
        );
    }

    /// <summary>
    /// Extracts the features of one utterance; its spectra are computed again when they are asked for, some frames at a time.
    /// </summary>
    /// <param name="waveform">The utterance.</param>
    /// <param name="range">Where to look for F0; null for the options' range, or the utterance's own.</param>
    internal UtteranceSpectra Begin(Waveform waveform, F0Range? range = null)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        RequireRate(waveform.SampleRate);
        var signal = waveform.WithoutOffset(waveform.DcOffset);
        range ??= options.F0Range ?? F0RangeFinder.Find([signal]);
        var f0 = EstimateF0(signal, range);
        var cheapTrick = CheapTrickFor(signal.SampleRate, range);
        var transform = MelCepstrumFor(signal.SampleRate, cheapTrick.FftLength);
        var pieces = new List<Frames>();
        var power = 0.0;
        for (var start = 0; start < f0.Count; start += UtteranceSpectra.PieceFrames)
        {
            var envelope = cheapTrick.Estimate(signal, f0, start, Math.Min(UtteranceSpectra.PieceFrames, f0.Count - start));
            power += EnvelopePower(envelope);
            pieces.Add(transform.FromEnvelope(envelope));
        }

        var melCepstrum = Frames.Concatenate(pieces).ToBuffer();
        var gain = LevelGain(signal, power / f0.Count);
        AddToFirst(melCepstrum, Math.Log(gain) / 2);
        var d4c = new D4C(signal.SampleRate);
        var features = new SpeechFeatures(signal.SampleRate, f0, melCepstrum, transform.Alpha, d4c.EstimateBands(signal, f0));
        return new UtteranceSpectra(features, signal, cheapTrick, d4c, gain);
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

    private static void AddToFirst(FrameBuffer melCepstrum, double value)
    {
        for (var t = 0; t < melCepstrum.Count; t++)
            melCepstrum[t][0] += value;
    }

    internal static void RequireRate(int sampleRate)
    {
        if (sampleRate < MinSampleRate)
            throw new UnusableDataException($"The sample rate is {sampleRate} Hz; features need at least {MinSampleRate} Hz.");
    }

    private F0Contour EstimateF0(Waveform waveform, F0Range range)
    {
        IF0Estimator estimator =
            options.F0Method == F0Method.Harvest
                ? new Harvest(new HarvestOptions { Range = range, FramePeriod = options.FramePeriod })
                : new Dio(new DioOptions { Range = range, FramePeriod = options.FramePeriod });
        return new SegmentedF0Estimator(estimator).Estimate(waveform);
    }

    /// <summary>
    /// The transform is as long as the lowest F0 needs that was asked for; a range that was found in a recording, and not asked for in the
    /// options, does not change the number of bins.
    /// </summary>
    private CheapTrick CheapTrickFor(int sampleRate, F0Range range)
    {
        var standard = new CheapTrickOptions();
        return new CheapTrick(
            sampleRate,
            standard with
            {
                F0Floor = Math.Min(standard.F0Floor, options.F0Range is null ? standard.F0Floor : range.Floor),
            }
        );
    }

    private MelCepstrum MelCepstrumFor(int sampleRate, int fftLength) =>
        new(fftLength, options.Order ?? FeatureOptions.OrderFor(sampleRate), options.Alpha ?? FrequencyWarping.AlphaFor(sampleRate));
}

/// <summary>The F0 estimators to choose from.</summary>
public enum F0Method
{
    /// <summary><see cref="Harvest"/>: robust, voices more.</summary>
    Harvest,

    /// <summary><see cref="Dio"/> with <see cref="StoneMask"/>: fastest.</summary>
    Dio,
}

/// <summary>The settings of <see cref="FeatureExtractor"/>.</summary>
public sealed record FeatureOptions
{
    /// <summary>Gets or sets the time from one frame to the next; 5 ms by default.</summary>
    public TimeSpan FramePeriod { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Gets or sets the order of the mel-cepstrum; null (the default) chooses by sample rate: see <see cref="OrderFor"/>.
    /// </summary>
    public int? Order { get; init; }

    /// <summary>
    /// Gets or sets the all-pass constant; null (the default) chooses by sample rate: see <see cref="FrequencyWarping.AlphaFor"/>.
    /// </summary>
    public double? Alpha { get; init; }

    /// <summary>Gets or sets the F0 estimator; Harvest by default.</summary>
    public F0Method F0Method { get; init; } = F0Method.Harvest;

    /// <summary>Gets or sets where to look for F0; null (the default) finds the range of each recording in a first pass.</summary>
    public F0Range? F0Range { get; init; }

    /// <summary>
    /// The settings with room for the detail of envelopes, which voice training measures and conversion keeps: an order of 60 instead of
    /// 24.
    /// </summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    internal FeatureOptions WithDetail(int sampleRate) => this with { Order = DetailOrderFor(Order ?? OrderFor(sampleRate), sampleRate) };

    /// <summary>
    /// The order up to which mel-cepstra hold all detail that is heard, for a model of an order: 60 for 24. Resynthesis with it is as
    /// natural as with whole envelopes.
    /// </summary>
    internal static int DetailOrderFor(int order, int sampleRate) =>
        Math.Max(order, Math.Min(order * 5 / 2, CheapTrick.FftLengthFor(sampleRate, new CheapTrickOptions().F0Floor) / 2));

    /// <summary>The usual order at a rate in Hz: 24 up to 16 kHz, 34 up to 24 kHz, 44 above.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    public static int OrderFor(int sampleRate) =>
        sampleRate <= 16000 ? 24
        : sampleRate <= 24000 ? 34
        : 44;
}
