using VoiceKit.Audio;
using VoiceKit.Numerics;

namespace VoiceKit.Spectra;

/// <summary>The bands and the coefficients of a <see cref="MelFrequencyCepstrum"/>.</summary>
public sealed record MelFrequencyCepstrumOptions
{
    /// <summary>Gets or sets the mel spectrogram; its logarithm is taken in any case.</summary>
    public MelSpectrogramOptions Spectrogram { get; init; } = new();

    /// <summary>Gets or sets the number of coefficients, c0 first: 1 .. the number of filters; 13 by default.</summary>
    public int CoefficientCount { get; init; } = 13;

    /// <summary>
    /// Gets or sets the length L of the lifter 1 + L / 2 sin(pi k / L) that evens out the coefficients' sizes, at least 0; 0 (the default)
    /// for none.
    /// </summary>
    public int Lifter { get; init; }
}

/// <summary>Mel-frequency cepstral coefficients: the orthonormal DCT-II of the natural logarithm of a mel spectrogram.</summary>
/// <remarks>
/// c[k] = l[k] s[k] sum over m &lt; M of log S[m] cos(pi k (m + 1/2) / M), with s[0] = sqrt(1 / M), s[k] = sqrt(2 / M), and the lifter l:
/// S. B. Davis and P. Mermelstein, IEEE Trans. ASSP 28(4), 1980, equation 1; the lifter is the HTK book's (5.12). librosa and torchaudio
/// take 10 log10 where this takes the natural logarithm: their coefficients are 4.343 times as large.
/// </remarks>
public sealed class MelFrequencyCepstrum
{
    private readonly MelSpectrogram spectrogram;
    private readonly FrameBuffer basis;

    /// <summary>Prepares the spectrogram and the cosines.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz, at least 1.</param>
    /// <param name="options">The bands and the coefficients.</param>
    /// <exception cref="ArgumentException">A number is out of range; the sentence names it.</exception>
    public MelFrequencyCepstrum(int sampleRate, MelFrequencyCepstrumOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        spectrogram = new MelSpectrogram(sampleRate, options.Spectrogram with { Logarithm = true });
        var filterCount = spectrogram.Filterbank.FilterCount;
        if (options.CoefficientCount < 1 || options.CoefficientCount > filterCount)
            throw new ArgumentException(
                $"The number of coefficients is {options.CoefficientCount}; it must be in 1 .. {filterCount}.",
                nameof(options)
            );
        if (options.Lifter < 0)
            throw new ArgumentException($"The lifter is {options.Lifter}; it must not be negative.", nameof(options));

        Options = options;
        basis = new FrameBuffer(options.CoefficientCount, filterCount);
        for (var k = 0; k < basis.Count; k++)
        {
            var lifter = options.Lifter == 0 ? 1 : 1 + (options.Lifter / 2.0 * double.SinPi((double)k / options.Lifter));
            var scale = lifter * Math.Sqrt((k == 0 ? 1.0 : 2.0) / filterCount);
            for (var m = 0; m < filterCount; m++)
                basis[k][m] = scale * double.CosPi(k * (m + 0.5) / filterCount);
        }
    }

    /// <summary>Gets the options.</summary>
    public MelFrequencyCepstrumOptions Options { get; }

    /// <summary>Gets the frames' places in the signal.</summary>
    public FrameGrid Grid => spectrogram.Grid;

    /// <summary>Computes the coefficients of a signal.</summary>
    /// <param name="signal">The samples, at this object's sampling frequency.</param>
    /// <returns>The coefficients, c0 first, [T, coefficientCount].</returns>
    public Frames Compute(ReadOnlySpan<double> signal) => Transform(spectrogram.Compute(signal));

    /// <summary>Computes the coefficients of a waveform.</summary>
    /// <inheritdoc cref="Compute(ReadOnlySpan{double})"/>
    /// <exception cref="ArgumentException">The waveform has another sampling frequency.</exception>
    public Frames Compute(Waveform waveform) => Transform(spectrogram.Compute(waveform));

    private FrameBuffer Transform(Frames logarithms)
    {
        var result = new FrameBuffer(logarithms.Count, basis.Count);
        for (var t = 0; t < result.Count; t++)
        {
            for (var k = 0; k < basis.Count; k++)
                result[t][k] = Reductions.Dot(logarithms[t], basis[k]);
        }

        return result;
    }
}
