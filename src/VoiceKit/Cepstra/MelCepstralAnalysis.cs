using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Cepstra;

/// <summary>
/// Mel-cepstral analysis by Newton's method: the unbiased estimator of log spectrum (UELS) on the warped axis, as SPTK's mcep.
/// Fukada, Tokuda, Kobayashi, Imai 1992, "An adaptive algorithm for mel-cepstral analysis of speech", eq. 8 - 16.
/// </summary>
public sealed class MelCepstralAnalysis
{
    private readonly MelCepstrum start;
    private readonly double[][] cosines;
    private readonly double[] weights;
    private readonly int iterations;
    private readonly double threshold;

    /// <summary>Prepares the analysis of periodograms of N / 2 + 1 bins.</summary>
    /// <param name="fftLength">N, a power of two.</param>
    /// <param name="order">The order m, 1 .. N / 4.</param>
    /// <param name="alpha">The all-pass constant, 0 .. 1.</param>
    /// <param name="iterations">The most Newton steps a frame, 30 by default.</param>
    /// <param name="threshold">The relative change of the criterion that ends a frame's iteration, 0.001 by default.</param>
    public MelCepstralAnalysis(int fftLength, int order, double alpha, int iterations = 30, double threshold = 0.001)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, fftLength / 4);
        start = new MelCepstrum(fftLength, order, alpha);
        cosines = MelCepstrum.MakeCosines(fftLength, 2 * order, alpha);
        weights = new double[(fftLength / 2) + 1];
        Array.Fill(weights, 2.0 / fftLength);
        weights[0] = weights[^1] = 1.0 / fftLength;
        (this.iterations, this.threshold) = (iterations, threshold);
    }

    /// <summary>Estimates mel-cepstra, [T, m + 1].</summary>
    /// <param name="periodograms">Power spectra, [T, N / 2 + 1], all positive.</param>
    public Frames Estimate(Frames periodograms)
    {
        var result = start.FromEnvelope(periodograms).ToBuffer();
        var scratch = new Scratch(start.Order, weights.Length);
        for (var t = 0; t < result.Count; t++)
            Improve(periodograms[t], result[t], scratch);
        return result;
    }

    private void Improve(ReadOnlySpan<double> periodogram, Span<double> cepstrum, Scratch scratch)
    {
        var (logarithm, ratio, correlation, gradient, matrix) = (
            scratch.Logarithm,
            scratch.Ratio,
            scratch.Correlation,
            scratch.Gradient,
            scratch.Matrix
        );
        ElementaryFunctions.Log(periodogram, logarithm);
        var previous = double.MaxValue;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            // The periodogram over the model's power, I / |D|^2.
            logarithm.CopyTo(ratio, 0);
            for (var m = 0; m < cepstrum.Length; m++)
                TensorPrimitives.MultiplyAdd(cosines[m], -2 * cepstrum[m], ratio, ratio);
            ElementaryFunctions.Exp(ratio, ratio);
            TensorPrimitives.Multiply(ratio, weights, ratio);

            // Its autocorrelation on the warped axis (eq. 12).
            for (var n = 0; n < correlation.Length; n++)
                correlation[n] = Reductions.Dot(cosines[n], ratio);
            if (Math.Abs((correlation[0] - previous) / correlation[0]) < threshold)
                return;
            previous = correlation[0];

            // Newton's step: (Toeplitz + Hankel) d = r - (-alpha)^m (eq. 14 - 16).
            var power = 1.0;
            for (var m = 0; m < cepstrum.Length; m++, power *= -start.Alpha)
            {
                gradient[m] = correlation[m] - power;
                for (var n = 0; n < cepstrum.Length; n++)
                    matrix[(m * cepstrum.Length) + n] = correlation[Math.Abs(m - n)] + correlation[m + n];
            }

            if (!Cholesky.TryFactorize(matrix, cepstrum.Length))
                return;
            Cholesky.Solve(matrix, cepstrum.Length, gradient);
            TensorPrimitives.Add(cepstrum, gradient, cepstrum);
        }
    }

    private sealed class Scratch(int order, int binCount)
    {
        public double[] Logarithm { get; } = new double[binCount];

        public double[] Ratio { get; } = new double[binCount];

        public double[] Correlation { get; } = new double[(2 * order) + 1];

        public double[] Gradient { get; } = new double[order + 1];

        public double[] Matrix { get; } = new double[(order + 1) * (order + 1)];
    }
}
