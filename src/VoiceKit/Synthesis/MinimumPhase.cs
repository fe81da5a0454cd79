using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Synthesis;

/// <summary>The minimum-phase spectrum of a power spectrum, by folding its cepstrum (Oppenheim and Schafer).</summary>
internal sealed class MinimumPhase(RealFft fft)
{
    private readonly double[] buffer = new double[fft.Length];
    private readonly double[] angle = new double[fft.BinCount];

    /// <summary>Writes H with |H|^2 = <paramref name="power"/> and minimum phase, as real and imaginary parts, N / 2 + 1 bins.</summary>
    internal void Compute(ReadOnlySpan<double> power, Span<double> real, Span<double> imaginary)
    {
        var half = fft.Length / 2;
        ElementaryFunctions.Log(power, buffer);
        ComplexSpectrum.Mirror(buffer);
        fft.Forward(buffer, real, imaginary);

        // The cepstrum of ln |H|, its negative quefrencies folded onto the positive ones; 1 / 2 turns ln |H|^2 into ln |H|.
        TensorPrimitives.Multiply(real, 1.0 / fft.Length, buffer);
        buffer[0] /= 2;
        buffer[half] /= 2;
        Array.Clear(buffer, half + 1, half - 1);
        fft.Forward(buffer, real, imaginary);

        ElementaryFunctions.Exp(real, real);
        ElementaryFunctions.SinCos(imaginary, imaginary, angle);
        TensorPrimitives.Multiply(imaginary, real, imaginary);
        TensorPrimitives.Multiply(real, angle, real);
    }
}
