using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Numerics;

namespace VoiceKit.Synthesis;

/// <summary>
/// The mel log spectrum approximation filter: the minimum-phase filter whose log spectrum is that of a mel-cepstrum, at every instant.
/// Imai, Sumita, Furuichi 1983, "Mel log spectrum approximation (MLSA) filter for speech synthesis". It makes speech from an excitation, and
/// with differences of mel-cepstra it changes the spectrum of a recording directly (Kobayashi and Toda 2018).
/// </summary>
/// <remarks>
/// The filter is the cascade exp(b0) exp(F1) exp(F2) of <see href="https://sp-tk.sourceforge.net/">SPTK</see>'s mlsadf. Each exponential is a ratio of
/// polynomials that is close, and stable, only while |F| stays small. Where the frames need more than <see cref="MlsaOptions.SectionLimit"/>, the
/// exponential becomes n equal sections exp(F / n), with n the same over the whole signal, so that no frame can make the filter unstable.
/// One object may serve several threads.
/// </remarks>
public sealed class MlsaFilter
{
    // Together these are 2600 dB: no sound needs it, and e^300 leaves room for what happens inside the sections.
    private const double LargestLogGain = 300;
    private const int SettlePeriod = 256;

    private readonly MlsaOptions options;

    /// <summary>Prepares filters for mel-cepstra of one kind.</summary>
    /// <param name="order">The order m of the mel-cepstra, at least 0.</param>
    /// <param name="alpha">Their all-pass constant, between -1 and 1; see <see cref="Cepstra.FrequencyWarping.AlphaFor"/>.</param>
    /// <param name="options">The approximation; null = the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public MlsaFilter(int order, double alpha, MlsaOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        if (!(Math.Abs(alpha) < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The all-pass constant must lie between -1 and 1.");
        this.options = options ?? new MlsaOptions();
        this.options.Validate();
        (Order, Alpha) = (order, alpha);
    }

    /// <summary>The order m; a mel-cepstrum has m + 1 coefficients, c0 first.</summary>
    public int Order { get; }

    /// <summary>The all-pass constant.</summary>
    public double Alpha { get; }

    /// <summary>Filters a whole signal, from rest. The filter's coefficients b move in straight lines from frame to frame, sample by sample.</summary>
    /// <param name="excitation">The input: an excitation, or a recording to be changed.</param>
    /// <param name="melCepstra">The mel-cepstra, [T, m + 1]. Frame t lies at time t x frame period; the last one holds to the end of the signal.</param>
    /// <param name="framePeriod">The time from one frame to the next, positive; it need not be a whole number of samples.</param>
    /// <returns>As many samples as <paramref name="excitation"/>, at its rate.</returns>
    /// <exception cref="ArgumentException">
    /// The frames have another order, there are none for a signal that is not empty, a coefficient is not finite, or the log gain passes 300 nepers.
    /// </exception>
    public Waveform Filter(Waveform excitation, Frames melCepstra, TimeSpan framePeriod)
    {
        ArgumentNullException.ThrowIfNull(excitation);
        ArgumentNullException.ThrowIfNull(melCepstra);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(framePeriod, TimeSpan.Zero);
        if (melCepstra.Dimension != Order + 1)
            throw new ArgumentException($"The frames have {melCepstra.Dimension} values; {Order + 1} were expected.", nameof(melCepstra));
        if (excitation.Length == 0)
            return excitation;
        if (melCepstra.Count == 0)
            throw new ArgumentException($"There are no frames to filter {excitation.Length} samples with.", nameof(melCepstra));

        var coefficients = MlsaCoefficients.FromMelCepstra(melCepstra, Alpha);
        var (gain, first, higher) = MlsaCoefficients.Bounds(coefficients, Alpha);
        var logGain = gain + first + higher;
        if (!(logGain <= LargestLogGain))
            throw new ArgumentException($"The mel-cepstra reach a log gain of {logGain:g4} nepers; it must be at most {LargestLogGain}.", nameof(melCepstra));
        var stages = MakeStages(coefficients, first, higher);
        return new Waveform(Run(excitation, coefficients, framePeriod.TotalSeconds * excitation.SampleRate, stages), excitation.SampleRate);
    }

    /// <summary>Makes the stages exp(F1) and exp(F2), as far as the order has them, and divides the coefficients by their numbers of sections.</summary>
    private MlsaCascade[] MakeStages(Frames coefficients, double first, double higher)
    {
        var limit = options.EffectiveSectionLimit;
        var firstSections = Math.Max(1, (int)Math.Ceiling(first / limit));
        var higherSections = Math.Max(1, (int)Math.Ceiling(higher / limit));
        for (var t = 0; t < coefficients.Count; t++)
        {
            var b = coefficients[t];
            for (var m = 1; m < b.Length; m++)
                b[m] /= m == 1 ? firstSections : higherSections;
        }

        return Order switch
        {
            0 => [],
            1 => [new MlsaCascade(1, 1, Alpha, options.PadeOrder, firstSections)],
            _ => [new MlsaCascade(1, 1, Alpha, options.PadeOrder, firstSections), new MlsaCascade(2, Order, Alpha, options.PadeOrder, higherSections)],
        };
    }

    private static double[] Run(Waveform excitation, Frames coefficients, double frameShift, MlsaCascade[] stages)
    {
        var input = excitation.Samples;
        var result = new double[input.Length];
        var b = new double[coefficients.Dimension];
        var lastFrame = coefficients.Count - 1;
        for (var i = 0; i < result.Length; i++)
        {
            var position = Math.Min(i / frameShift, lastFrame);
            var t = (int)position;
            TensorPrimitives.Lerp(coefficients[t], coefficients[Math.Min(t + 1, lastFrame)], position - t, b);
            var sample = input[i] * Math.Exp(b[0]);
            foreach (var stage in stages)
            {
                sample = stage.Process(sample, b);
                if (i % SettlePeriod == 0)
                    stage.Settle();
            }

            result[i] = sample;
        }

        return result;
    }
}
