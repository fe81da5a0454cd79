using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Numerics;

/// <summary>Operations on spectra whose real and imaginary parts lie in two spans.</summary>
internal static class ComplexSpectrum
{
    /// <summary>Multiplies a spectrum by another, bin by bin.</summary>
    /// <param name="real">The real parts, replaced by those of the product.</param>
    /// <param name="imaginary">The imaginary parts, as many, replaced by those of the product.</param>
    /// <param name="factorReal">The other spectrum's real parts, as many.</param>
    /// <param name="factorImaginary">The other spectrum's imaginary parts, as many.</param>
    internal static void MultiplyBy(Span<double> real, Span<double> imaginary, ReadOnlySpan<double> factorReal, ReadOnlySpan<double> factorImaginary)
    {
        if (imaginary.Length != real.Length || factorReal.Length != real.Length || factorImaginary.Length != real.Length)
            throw new ArgumentException($"The parts must have the same length: {real.Length}, {imaginary.Length}, {factorReal.Length}, {factorImaginary.Length}.", nameof(real));
        ref var re = ref MemoryMarshal.GetReference(real);
        ref var im = ref MemoryMarshal.GetReference(imaginary);
        ref var otherRe = ref MemoryMarshal.GetReference(factorReal);
        ref var otherIm = ref MemoryMarshal.GetReference(factorImaginary);
        var k = 0;
        for (; k <= real.Length - 4; k += 4)
        {
            var at = (nuint)k;
            var (a, b) = (Vector256.LoadUnsafe(ref re, at), Vector256.LoadUnsafe(ref im, at));
            var (c, d) = (Vector256.LoadUnsafe(ref otherRe, at), Vector256.LoadUnsafe(ref otherIm, at));
            ((a * c) - (b * d)).StoreUnsafe(ref re, at);
            ((a * d) + (b * c)).StoreUnsafe(ref im, at);
        }

        for (; k < real.Length; k++)
        {
            (real[k], imaginary[k]) = (
                (real[k] * factorReal[k]) - (imaginary[k] * factorImaginary[k]),
                (real[k] * factorImaginary[k]) + (imaginary[k] * factorReal[k]));
        }
    }

    /// <summary>Continues N / 2 + 1 values of an even sequence of N to its other half.</summary>
    /// <param name="sequence">[N]; the values from N / 2 + 1 on are written.</param>
    internal static void Mirror(Span<double> sequence)
    {
        var half = sequence.Length / 2;
        var rest = sequence[(half + 1)..];
        sequence[1..half].CopyTo(rest);
        rest.Reverse();
    }

    /// <summary>|X|^2, bin by bin.</summary>
    internal static void Power(ReadOnlySpan<double> real, ReadOnlySpan<double> imaginary, Span<double> destination)
    {
        TensorPrimitives.Multiply(real, real, destination);
        TensorPrimitives.MultiplyAdd(imaginary, imaginary, destination, destination);
    }
}
