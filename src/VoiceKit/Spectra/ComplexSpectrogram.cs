using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Spectra;

/// <summary>
/// The short-time spectra of a signal: T frames of fftLength / 2 + 1 complex bins, the real and the imaginary parts apart.
/// </summary>
public sealed class ComplexSpectrogram
{
    /// <summary>Creates a spectrogram of its two parts, which are copied where they are buffers.</summary>
    /// <param name="real">The real parts, [T, K].</param>
    /// <param name="imaginary">The imaginary parts, [T, K].</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public ComplexSpectrogram(Frames real, Frames imaginary)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(imaginary);
        if (real.Count != imaginary.Count || real.Dimension != imaginary.Dimension)
        {
            throw new ArgumentException(
                $"The real part is {real.Count} x {real.Dimension}, the imaginary part {imaginary.Count} x {imaginary.Dimension}.",
                nameof(imaginary)
            );
        }

        Real = real.ToImmutable();
        Imaginary = imaginary.ToImmutable();
    }

    /// <summary>Gets the real parts, [T, K].</summary>
    public Frames Real { get; }

    /// <summary>Gets the imaginary parts, [T, K].</summary>
    public Frames Imaginary { get; }

    /// <summary>Gets the number of frames T.</summary>
    public int Count => Real.Count;

    /// <summary>Gets the number of bins K, fftLength / 2 + 1.</summary>
    public int BinCount => Real.Dimension;

    /// <summary>The squared magnitude of every bin, [T, K].</summary>
    public Frames Power() => PowerBuffer();

    /// <summary>The magnitude of every bin, [T, K].</summary>
    public Frames Magnitude()
    {
        var result = PowerBuffer();
        TensorPrimitives.Sqrt(result.Values, result.Values);
        return result;
    }

    private FrameBuffer PowerBuffer()
    {
        var result = new FrameBuffer(Count, BinCount);
        Power(Real.Values, Imaginary.Values, result.Values);
        return result;
    }

    internal static void Power(ReadOnlySpan<double> real, ReadOnlySpan<double> imaginary, Span<double> destination)
    {
        TensorPrimitives.Multiply(real, real, destination);
        TensorPrimitives.MultiplyAdd(imaginary, imaginary, destination, destination);
    }
}
