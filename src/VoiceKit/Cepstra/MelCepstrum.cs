using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Cepstra;

/// <summary>
/// Mel-cepstra of spectral envelopes and back: ln |H(w)| = sum over m of c[m] cos(m w~), with w~ the warped frequency.
/// Both directions are one matrix product a frame, because the frequency transform is linear.
/// </summary>
public sealed class MelCepstrum
{
    /// <summary>
    /// 10 / ln 10 sqrt(2), the dB that a Euclidean distance of 1 between mel-cepstra without c0 means between log spectra (Kubichek 1993).
    /// </summary>
    internal static readonly double DecibelsOfDistance = 10 / Math.Log(10) * Math.Sqrt(2);

    private readonly double[][] analysis;
    private readonly double[][] synthesis;

    /// <summary>
    /// Prepares transforms between spectra of N / 2 + 1 bins and mel-cepstra of <paramref name="order"/> + 1 coefficients.
    /// </summary>
    /// <param name="fftLength">N, a power of two.</param>
    /// <param name="order">The order m, 1 .. N / 2.</param>
    /// <param name="alpha">The all-pass constant, 0 .. 1; see <see cref="FrequencyWarping.AlphaFor"/>.</param>
    public MelCepstrum(int fftLength, int order, double alpha)
    {
        var fft = new RealFft(fftLength);
        if (order < 1 || order > fftLength / 2)
            throw new ArgumentOutOfRangeException(nameof(order), order, $"The order must be 1 .. {fftLength / 2}.");
        if (!(alpha >= 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Alpha must be 0 .. 1.");
        (FftLength, Order, Alpha) = (fftLength, order, alpha);
        analysis = MakeAnalysis(fft, order, alpha);
        synthesis = MakeCosines(fftLength, order, alpha);
    }

    /// <summary>Gets the transform's length N.</summary>
    public int FftLength { get; }

    /// <summary>Gets the order m; a mel-cepstrum has m + 1 coefficients, c0 first.</summary>
    public int Order { get; }

    /// <summary>Gets the all-pass constant.</summary>
    public double Alpha { get; }

    /// <summary>Mel-cepstra by frequency transform of the envelope's cepstrum, [T, m + 1].</summary>
    /// <param name="envelope">Power spectra |H|^2, [T, N / 2 + 1], all positive.</param>
    public Frames FromEnvelope(Frames envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        CheckBins(envelope);
        var result = new FrameBuffer(envelope.Count, Order + 1);
        var logarithm = new double[(FftLength / 2) + 1];
        for (var t = 0; t < result.Count; t++)
        {
            ElementaryFunctions.Log(envelope[t], logarithm);
            var cepstrum = result[t];
            for (var m = 0; m <= Order; m++)
                cepstrum[m] = Reductions.Dot(analysis[m], logarithm);
        }

        return result;
    }

    /// <summary>Power spectra |H|^2 of mel-cepstra, [T, N / 2 + 1].</summary>
    /// <param name="melCepstra">[T, m + 1].</param>
    public Frames ToEnvelope(Frames melCepstra)
    {
        ArgumentNullException.ThrowIfNull(melCepstra);
        if (melCepstra.Dimension != Order + 1)
            throw new ArgumentException($"The frames have {melCepstra.Dimension} values; {Order + 1} were expected.", nameof(melCepstra));
        var result = new FrameBuffer(melCepstra.Count, (FftLength / 2) + 1);
        for (var t = 0; t < result.Count; t++)
        {
            var spectrum = result[t];
            for (var m = 0; m <= Order; m++)
                TensorPrimitives.MultiplyAdd(synthesis[m], 2 * melCepstra[t][m], spectrum, spectrum);
            ElementaryFunctions.Exp(spectrum, spectrum);
        }

        return result;
    }

    /// <summary>cos(n w~) at every bin, [n = 0 .. count][N / 2 + 1].</summary>
    internal static double[][] MakeCosines(int fftLength, int count, double alpha)
    {
        var warped = Enumerable
            .Range(0, (fftLength / 2) + 1)
            .Select(k => FrequencyWarping.Warp(2 * Math.PI * k / fftLength, alpha))
            .ToArray();
        return [.. Enumerable.Range(0, count + 1).Select(n => Array.ConvertAll(warped, w => Math.Cos(n * w)))];
    }

    private static double[][] MakeAnalysis(RealFft fft, int order, double alpha)
    {
        // Column j of the frequency transform is what one unit at quefrency j becomes: the all-pass step applied j times to (1, 0, ...).
        var half = fft.Length / 2;
        var rows = new double[order + 1][];
        for (var m = 0; m <= order; m++)
            rows[m] = new double[fft.Length];
        var column = new double[order + 1];
        column[0] = 1;
        for (var j = 0; j <= half; j++)
        {
            // The cepstrum of ln |H| from that of ln |H|^2: its ends are halved, the middle stands for both its signs.
            for (var m = 0; m <= order; m++)
                rows[m][j] = column[m] * (j == 0 || j == half ? 0.5 : 1);
            FrequencyWarping.AllPassStep(column, alpha);
        }

        // From spectrum to cepstrum: the inverse transform of an even sequence, folded into the rows.
        var imaginary = new double[fft.BinCount];
        for (var m = 0; m <= order; m++)
        {
            var spectrum = new double[fft.BinCount];
            fft.Forward(rows[m], spectrum, imaginary);
            for (var k = 0; k <= half; k++)
                spectrum[k] *= (k == 0 || k == half ? 1.0 : 2.0) / fft.Length;
            rows[m] = spectrum;
        }

        return rows;
    }

    private void CheckBins(Frames envelope)
    {
        if (envelope.Dimension != (FftLength / 2) + 1)
            throw new ArgumentException(
                $"The envelope has {envelope.Dimension} bins; {(FftLength / 2) + 1} were expected.",
                nameof(envelope)
            );
    }
}

/// <summary>The bilinear frequency warping of mel-cepstra: a first-order all-pass with constant alpha bends the frequency axis.</summary>
public static class FrequencyWarping
{
    /// <summary>
    /// The alpha whose warping is nearest to the mel scale at a rate in Hz: 0.31 at 8 kHz, 0.41 at 16 kHz, 0.544 at 44.1 kHz, 0.554 at 48
    /// kHz.
    /// </summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    public static double AlphaFor(int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        const int points = 256;
        var melEnd = Math.Log(1 + (sampleRate / 2.0 / 1000));
        var best = (Alpha: 0.0, Error: double.MaxValue);
        for (var thousandths = 0; thousandths < 1000; thousandths++)
        {
            var alpha = thousandths / 1000.0;
            var error = 0.0;
            for (var i = 1; i < points; i++)
            {
                var mel = Math.Log(1 + (sampleRate / 2.0 * i / points / 1000)) / melEnd;
                var difference = (Warp(Math.PI * i / points, alpha) / Math.PI) - mel;
                error += difference * difference;
            }

            if (error < best.Error)
                best = (alpha, error);
        }

        return best.Alpha;
    }

    /// <summary>
    /// The warped frequency of <paramref name="omega"/>, both in radians 0 .. pi: omega + 2 atan(alpha sin omega / (1 - alpha cos omega)).
    /// </summary>
    /// <param name="omega">The frequency in radians, 0 .. pi.</param>
    /// <param name="alpha">The all-pass constant.</param>
    public static double Warp(double omega, double alpha) =>
        omega + (2 * Math.Atan2(alpha * Math.Sin(omega), 1 - (alpha * Math.Cos(omega))));

    /// <summary>Transforms the frequency axis of a cepstrum (Oppenheim and Johnson 1972; SPTK's freqt).</summary>
    /// <param name="cepstrum">The cepstrum, c0 first.</param>
    /// <param name="alpha">The all-pass constant of the change, -1 .. 1.</param>
    /// <param name="destination">The transformed cepstrum; its length sets the order.</param>
    public static void Transform(ReadOnlySpan<double> cepstrum, double alpha, Span<double> destination)
    {
        if (!(Math.Abs(alpha) < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The all-pass constant must lie between -1 and 1.");
        destination.Clear();
        for (var i = cepstrum.Length - 1; i >= 0; i--)
        {
            AllPassStep(destination, alpha);
            destination[0] += cepstrum[i];
        }
    }

    /// <summary>Multiplies a series in warped delays by one plain delay z^-1, expressed in warped delays.</summary>
    internal static void AllPassStep(Span<double> series, double alpha)
    {
        var previous = series[0];
        series[0] = alpha * previous;
        if (series.Length == 1)
            return;
        var current = series[1];
        series[1] = ((1 - (alpha * alpha)) * previous) + (alpha * current);
        for (var k = 2; k < series.Length; k++)
        {
            previous = current;
            current = series[k];
            series[k] = previous + (alpha * (current - series[k - 1]));
        }
    }
}
