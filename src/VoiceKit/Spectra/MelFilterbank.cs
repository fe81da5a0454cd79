using VoiceKit.Devices;
using VoiceKit.Numerics;

namespace VoiceKit.Spectra;

/// <summary>The filters of a <see cref="MelFilterbank"/>.</summary>
public sealed record MelFilterbankOptions
{
    /// <summary>Gets or sets the number of filters, at least 1; 80 by default.</summary>
    public int FilterCount { get; init; } = 80;

    /// <summary>Gets or sets the lower edge of the first filter in Hz, at least 0; 0 by default.</summary>
    public double LowestFrequency { get; init; }

    /// <summary>
    /// Gets or sets the upper edge of the last filter in Hz, at most half of the sampling frequency; by default (null) exactly that.
    /// </summary>
    public double? HighestFrequency { get; init; }

    /// <summary>Gets or sets the scale on which the filters have equal distances; Slaney's by default.</summary>
    public MelScale Scale { get; init; } = MelScale.Slaney;

    /// <summary>True (the default) for triangles of area 1 over the frequency in Hz, false for triangles of height 1.</summary>
    public bool NormalizeArea { get; init; } = true;
}

/// <summary>Triangular filters at equal distances on a mel scale, for spectra of fftLength / 2 + 1 bins.</summary>
/// <remarks>
/// Filter m rises from edge m to edge m + 1 and falls to edge m + 2, the M + 2 edges being equally spaced in mel; with the default options
/// the weights are librosa's, with the HTK scale and height 1 they are torchaudio's. Only the bins between a filter's edges are stored. A
/// filter narrower than the distance of the bins may have none: its result is 0.
/// </remarks>
public sealed class MelFilterbank
{
    private readonly double[] edges;

    /// <summary>Computes the filters.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz, at least 1.</param>
    /// <param name="fftLength">The transform length in samples: even, at least 2.</param>
    /// <param name="options">The number and shape of the filters.</param>
    /// <exception cref="ArgumentException">A number is out of range; the sentence names it.</exception>
    public MelFilterbank(int sampleRate, int fftLength, MelFilterbankOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentNullException.ThrowIfNull(options);
        if (fftLength < 2 || int.IsOddInteger(fftLength))
            throw new ArgumentOutOfRangeException(nameof(fftLength), fftLength, "The transform length must be even and at least 2.");
        if (options.FilterCount < 1)
            throw new ArgumentException($"The number of filters is {options.FilterCount}; it must be at least 1.", nameof(options));
        var (low, high) = (options.LowestFrequency, options.HighestFrequency ?? (sampleRate / 2.0));
        if (!(low >= 0 && low < high && high <= sampleRate / 2.0))
        {
            throw new ArgumentException(
                $"The frequencies {low} .. {high} Hz are not an ascending range within 0 .. {sampleRate / 2.0} Hz.",
                nameof(options)
            );
        }

        Options = options;
        SampleRate = sampleRate;
        BinCount = (fftLength / 2) + 1;
        var (lowMel, highMel) = (options.Scale.ToMel(low), options.Scale.ToMel(high));
        edges = new double[options.FilterCount + 2];
        for (var m = 0; m < edges.Length; m++)
            edges[m] = options.Scale.ToHertz(lowMel + ((highMel - lowMel) * m / (edges.Length - 1)));

        var bands = new (int Start, double[] Weights)[options.FilterCount];
        var binWidth = (double)sampleRate / fftLength;
        for (var m = 0; m < bands.Length; m++)
        {
            var first = Math.Min((int)Math.Floor(edges[m] / binWidth) + 1, BinCount);
            var end = Math.Clamp((int)Math.Ceiling(edges[m + 2] / binWidth), first, BinCount);
            bands[m] = (first, new double[end - first]);
            for (var k = first; k < end; k++)
                bands[m].Weights[k - first] = Weight(m, k * binWidth);
        }

        Bands = new BandWeights(BinCount, bands);
    }

    /// <summary>Gets the options that the filters were made with.</summary>
    public MelFilterbankOptions Options { get; }

    /// <summary>Gets the sampling frequency in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>Gets the filters as weights of the bins.</summary>
    public BandWeights Bands { get; }

    /// <summary>Gets the number of filters M.</summary>
    public int FilterCount => Bands.Count;

    /// <summary>
    /// Gets the number of filters that no bin of the spectrum falls into: they hold nothing of the sound. A longer transform, or fewer
    /// filters, has none.
    /// </summary>
    public int EmptyFilterCount => Enumerable.Range(0, FilterCount).Count(m => !Bands.Weights(m).ContainsAnyExcept(0));

    /// <summary>Gets the number of bins K of a spectrum, fftLength / 2 + 1.</summary>
    public int BinCount { get; }

    /// <summary>The frequency in Hz at which filter <paramref name="m"/> has its peak.</summary>
    /// <param name="m">The filter, counted from 0.</param>
    public double CenterFrequency(int m) =>
        m >= 0 && m < FilterCount ? edges[m + 1] : throw new ArgumentOutOfRangeException(nameof(m), m, $"There are {FilterCount} filters.");

    /// <summary>Applies the filters to one spectrum: destination[m] = sum over k of weight[m, k] power[k].</summary>
    /// <param name="power">The K values of a spectrum, usually powers.</param>
    /// <param name="destination">Receives the M results.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Apply(ReadOnlySpan<double> power, Span<double> destination) => Bands.Apply(power, destination);

    /// <summary>Applies the filters to every frame.</summary>
    /// <param name="power">The spectra, [T, K].</param>
    /// <returns>The results, [T, M].</returns>
    /// <exception cref="ArgumentException">The spectra have another number of bins.</exception>
    public Frames Apply(Frames power)
    {
        ArgumentNullException.ThrowIfNull(power);
        if (power.Dimension != BinCount)
            throw new ArgumentException($"The spectra have {power.Dimension} bins; {BinCount} were expected.", nameof(power));
        var result = new FrameBuffer(power.Count, FilterCount);
        for (var t = 0; t < power.Count; t++)
            Apply(power[t], result[t]);
        return result;
    }

    /// <summary>All weights, [M, K], with the zeros.</summary>
    public Frames ToMatrix() => Bands.ToMatrix();

    private double Weight(int m, double frequency)
    {
        var rising = (frequency - edges[m]) / (edges[m + 1] - edges[m]);
        var falling = (edges[m + 2] - frequency) / (edges[m + 2] - edges[m + 1]);
        var weight = Math.Max(0, Math.Min(rising, falling));
        return Options.NormalizeArea ? weight * 2 / (edges[m + 2] - edges[m]) : weight;
    }
}

/// <summary>The mel scales in use: frequency as the ear spaces it.</summary>
public enum MelScale
{
    /// <summary>
    /// Linear up to 1000 Hz (3 mel for 200 Hz), logarithmic above (27 mel for a factor of 6.4): M. Slaney, Auditory Toolbox, 1998.
    /// </summary>
    Slaney,

    /// <summary>2595 log10(1 + f / 700): D. O'Shaughnessy, Speech Communication, 1987; the HTK book.</summary>
    Htk,
}

/// <summary>Conversion between Hz and mel.</summary>
public static class MelScaleConversion
{
    private const double BreakHertz = 1000;
    private const double HertzPerMel = 200.0 / 3;
    private const double BreakMel = BreakHertz / HertzPerMel;
    private static readonly double LogStep = Math.Log(6.4) / 27;

    /// <summary>The mel value of a frequency in Hz, at least 0.</summary>
    /// <param name="scale">The mel scale.</param>
    /// <param name="frequency">The frequency in Hz, at least 0.</param>
    public static double ToMel(this MelScale scale, double frequency)
    {
        if (scale == MelScale.Htk)
            return 2595 * Math.Log10(1 + (frequency / 700));
        return frequency < BreakHertz ? frequency / HertzPerMel : BreakMel + (Math.Log(frequency / BreakHertz) / LogStep);
    }

    /// <summary>The frequency in Hz of a mel value, at least 0.</summary>
    /// <param name="scale">The mel scale.</param>
    /// <param name="mel">The mel value, at least 0.</param>
    public static double ToHertz(this MelScale scale, double mel)
    {
        if (scale == MelScale.Htk)
            return 700 * (Math.Pow(10, mel / 2595) - 1);
        return mel < BreakMel ? mel * HertzPerMel : BreakHertz * Math.Exp(LogStep * (mel - BreakMel));
    }
}
