using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>
/// How much the coefficients of speech move at each modulation frequency: power spectra of their trajectories, over windows of 64 frames
/// that are speech for the most part. Takamichi, Toda, Black, Neubig, Sakti, Nakamura 2016, "Postfilters to modify the modulation spectrum
/// for statistical parametric speech synthesis".
/// </summary>
/// <param name="dimension">The number of coefficients D.</param>
internal sealed class ModulationSpectrum(int dimension)
{
    /// <summary>The frames of a window.</summary>
    public const int Window = 64;

    /// <summary>The modulation frequencies, multiples of the frame rate / 64: 3.1 Hz at 5 ms.</summary>
    public const int Bins = (Window / 2) + 1;
    private const int Step = Window / 4;
    private const double MinSpeechRatio = 0.8;
    private static readonly double[] Shape =
    [
        .. Enumerable.Range(0, Window).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / Window))),
    ];
    private readonly double[] sums = new double[dimension * Bins];

    /// <summary>The number of windows that were added.</summary>
    public int Count { get; private set; }

    /// <summary>The number of coefficients D.</summary>
    public int Dimension => dimension;

    /// <summary>The mean power of a coefficient at a modulation frequency.</summary>
    /// <param name="d">The coefficient.</param>
    /// <param name="bin">The modulation frequency in steps, 1 .. 32.</param>
    public double this[int d, int bin] => sums[(d * Bins) + bin] / Count;

    /// <summary>Adds an utterance.</summary>
    /// <param name="frames">The trajectories, [T, D].</param>
    /// <param name="speech">The frames that are speech, in order.</param>
    public void Add(Frames frames, ReadOnlySpan<int> speech)
    {
        var before = new int[frames.Count + 1];
        foreach (var t in speech)
            before[t + 1] = 1;
        for (var t = 0; t < frames.Count; t++)
            before[t + 1] += before[t];
        var fft = new RealFft(Window);
        var windowed = new double[Window];
        var (real, imaginary) = (new double[Bins], new double[Bins]);
        for (var start = 0; start + Window <= frames.Count; start += Step)
        {
            if (before[start + Window] - before[start] < MinSpeechRatio * Window)
                continue;
            Count++;
            for (var d = 0; d < dimension; d++)
            {
                double sum = 0,
                    weight = 0;
                for (var i = 0; i < Window; i++)
                    (sum, weight) = (sum + (Shape[i] * frames[start + i][d]), weight + Shape[i]);
                for (var i = 0; i < Window; i++)
                    windowed[i] = Shape[i] * (frames[start + i][d] - (sum / weight));
                fft.Forward(windowed, real, imaginary);
                for (var bin = 0; bin < Bins; bin++)
                    sums[(d * Bins) + bin] += (real[bin] * real[bin]) + (imaginary[bin] * imaginary[bin]);
            }
        }
    }

    /// <summary>The modulation spectrum of one utterance.</summary>
    /// <param name="frames">The trajectories, [T, D].</param>
    /// <param name="speech">The frames that are speech, in order.</param>
    public static ModulationSpectrum Of(Frames frames, ReadOnlySpan<int> speech)
    {
        var spectrum = new ModulationSpectrum(frames.Dimension);
        spectrum.Add(frames, speech);
        return spectrum;
    }

    /// <summary>
    /// The mean difference of two modulation spectra in dB, over coefficients and the frequencies below half the highest.
    /// </summary>
    public static double Distance(ModulationSpectrum a, ModulationSpectrum b)
    {
        if (a.Count == 0 || b.Count == 0)
            return double.NaN;
        var sum = 0.0;
        for (var d = 0; d < a.Dimension; d++)
        {
            for (var bin = 1; bin <= Window / 4; bin++)
                sum += Math.Abs(10 * Math.Log10(a[d, bin] / b[d, bin]));
        }

        return sum / a.Dimension / (Window / 4);
    }
}
