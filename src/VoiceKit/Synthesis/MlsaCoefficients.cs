using System.Numerics;
using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Synthesis;

/// <summary>The coefficients b of the MLSA filter: H(z) = exp(b0) exp(F1(z)) exp(F2(z)), F1 = b1 Phi_1, F2 = b2 Phi_2 + ... + bM Phi_M.</summary>
/// <remarks>
/// With the all-pass u = (z^-1 - alpha) / (1 - alpha z^-1), the basis is Phi_m = (1 - alpha^2) z^-1 / (1 - alpha z^-1) u^(m-1) = (u + alpha) u^(m-1):
/// it starts with a plain delay, so that the recursive filter has no loop without one.
/// </remarks>
internal static class MlsaCoefficients
{
    /// <summary>b[M] = c[M], b[m] = c[m] - alpha b[m + 1], frame by frame.</summary>
    public static Frames FromMelCepstra(Frames melCepstra, double alpha)
    {
        var result = new Frames(melCepstra.Count, melCepstra.Dimension);
        for (var t = 0; t < result.Count; t++)
        {
            var b = result[t];
            melCepstra[t].CopyTo(b);
            for (var m = b.Length - 2; m >= 0; m--)
                b[m] -= alpha * b[m + 1];
        }

        return result;
    }

    /// <summary>Upper bounds of |b0|, |F1| and |F2| over all frames and frequencies, in nepers; NaN or infinity where a coefficient is.</summary>
    public static (double Gain, double First, double Higher) Bounds(Frames coefficients, double alpha)
    {
        double gain = 0, first = 0;
        for (var t = 0; t < coefficients.Count; t++)
        {
            var b = coefficients[t];
            gain = Math.Max(gain, Math.Abs(b[0]));

            // |u + alpha| is largest at one end of the frequency axis.
            if (b.Length > 1)
                first = Math.Max(first, Math.Abs(b[1]) * (1 + Math.Abs(alpha)));
        }

        return (gain, first, BoundHigher(coefficients, alpha));
    }

    private static double BoundHigher(Frames coefficients, double alpha)
    {
        var order = coefficients.Dimension - 1;
        if (order < 2)
            return 0;
        var fft = new RealFft((int)BitOperations.RoundUpToPowerOf2((uint)(8 * order)));
        var polynomial = new double[fft.Length];
        var (real, imaginary, power) = (new double[fft.BinCount], new double[fft.BinCount], new double[fft.BinCount]);
        var basis = new double[fft.BinCount];
        for (var k = 0; k < basis.Length; k++)
            basis[k] = 1 + (alpha * alpha) + (2 * alpha * Math.Cos(2 * Math.PI * k / fft.Length));
        var largest = 0.0;
        for (var t = 0; t < coefficients.Count; t++)
        {
            coefficients[t][2..].CopyTo(polynomial.AsSpan(1));
            fft.Forward(polynomial, real, imaginary);
            TensorPrimitives.Multiply<double>(real, real, power);
            TensorPrimitives.MultiplyAdd<double>(imaginary, imaginary, power, power);
            TensorPrimitives.Multiply<double>(power, basis, power);
            largest = Math.Max(largest, TensorPrimitives.Max<double>(power));
        }

        // Between N points on the circle a polynomial of degree M exceeds its largest sample at most 1 / cos(pi M / N) times (Ehlich and Zeller 1964).
        return Math.Sqrt(largest) / Math.Cos(Math.PI * order / fft.Length);
    }
}
