using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Cepstra;

/// <summary>
/// Aperiodicity coded as one value in dB a band, at multiples of 3 kHz (Morise, Yokomori, Ozawa 2016, "WORLD"): 1 band at 16 kHz, 5 at 48
/// kHz. 0 dB is wholly noise; at 0 Hz it is -60 dB and at the Nyquist frequency 0 dB by definition.
/// </summary>
public sealed class BandAperiodicity
{
    private const double WholeAperiodicity = 1 - 1e-12;
    private const double UnvoicedMean = -0.5;
    private readonly int fftLength;
    private readonly double[] axis;
    private readonly double binsPerHertz;

    /// <summary>Prepares codes for spectra of N / 2 + 1 bins.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="fftLength">N.</param>
    public BandAperiodicity(int sampleRate, int fftLength)
    {
        this.fftLength = fftLength;
        binsPerHertz = (double)fftLength / sampleRate;
        var interval = BandInterval(sampleRate);
        axis = [.. Enumerable.Range(0, BandCountFor(sampleRate) + 1).Select(i => i * interval), sampleRate / 2.0];
    }

    /// <summary>Gets the number of bands.</summary>
    public int BandCount => axis.Length - 2;

    /// <summary>The number of bands at a rate in Hz.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    public static int BandCountFor(int sampleRate) =>
        (int)(Math.Min(15000, (sampleRate / 2.0) - BandInterval(sampleRate)) / BandInterval(sampleRate));

    /// <summary>The distance of the bands in Hz: 3000, or less where the rate leaves no room for a band.</summary>
    internal static double BandInterval(int sampleRate) => Math.Min(3000, sampleRate / 4.0);

    /// <summary>Codes aperiodicity 0 .. 1, [T, N / 2 + 1], as dB, [T, bands].</summary>
    /// <param name="aperiodicity">Aperiodicity 0 .. 1, [T, N / 2 + 1].</param>
    public Frames Code(Frames aperiodicity)
    {
        ArgumentNullException.ThrowIfNull(aperiodicity);
        var result = new FrameBuffer(aperiodicity.Count, BandCount);
        for (var t = 0; t < result.Count; t++)
        {
            for (var band = 0; band < BandCount; band++)
            {
                var position = axis[band + 1] * binsPerHertz;
                var bin = Math.Min((int)position, (fftLength / 2) - 1);
                var (low, high) = (20 * Math.Log10(aperiodicity[t][bin]), 20 * Math.Log10(aperiodicity[t][bin + 1]));
                result[t][band] = low + ((position - bin) * (high - low));
            }
        }

        return result;
    }

    /// <summary>
    /// Decodes dB, [T, bands], to aperiodicity 0 .. 1, [T, N / 2 + 1]; a frame whose mean is above -0.5 dB is wholly aperiodic.
    /// </summary>
    /// <param name="coded">Band aperiodicity in dB, [T, bands].</param>
    public Frames Decode(Frames coded)
    {
        ArgumentNullException.ThrowIfNull(coded);
        if (coded.Dimension != BandCount)
            throw new ArgumentException($"The frames have {coded.Dimension} bands; {BandCount} were expected.", nameof(coded));
        var result = new FrameBuffer(coded.Count, (fftLength / 2) + 1);
        for (var t = 0; t < result.Count; t++)
        {
            if (Reductions.Sum(coded[t]) / BandCount > UnvoicedMean)
                result[t].Fill(WholeAperiodicity);
            else
                WriteCurve(coded[t], result[t]);
        }

        return result;
    }

    /// <summary>Writes one frame's aperiodicity from its bands in dB, by straight lines in dB.</summary>
    internal void WriteCurve(ReadOnlySpan<double> bands, Span<double> destination)
    {
        Span<double> levels = stackalloc double[axis.Length];
        levels[0] = -60;
        bands.CopyTo(levels[1..]);
        levels[^1] = -1e-12;
        LinearInterpolation.AtFrames(axis, levels, 1 / binsPerHertz, destination);
        TensorPrimitives.Multiply(destination, Math.Log(10) / 20, destination);
        ElementaryFunctions.Exp(destination, destination);
    }
}
