using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Spectra;

/// <summary>The iteration of <see cref="GriffinLim"/>.</summary>
public sealed record GriffinLimOptions
{
    /// <summary>Gets or sets the number of iterations, at least 0; 32 by default.</summary>
    public int Iterations { get; init; } = 32;

    /// <summary>Gets or sets the momentum, at least 0 and below 1; 0.99 by default. 0 is Griffin and Lim's own iteration.</summary>
    public double Momentum { get; init; } = 0.99;

    /// <summary>Gets or sets the seed of the random phases at the start; equal seeds give equal results.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>
/// Finds a signal for given magnitudes of its short-time spectra: the fast Griffin-Lim algorithm. Safe for use by several threads at once.
/// </summary>
/// <remarks>
/// N. Perraudin, P. Balazs and P. L. Sondergaard, A fast Griffin-Lim algorithm, WASPAA 2013, algorithm 2. With P the projection on
/// consistent spectrograms (inverse, then forward transform) each iteration is r[n] = P(S p[n]), p[n + 1] = the phases of r[n] + a (r[n] -
/// r[n - 1]). As in librosa the step is written r[n] - a / (1 + a) r[n - 1], which has the same phases.
/// </remarks>
public sealed class GriffinLim
{
    private readonly ShortTimeFourierTransform transform;

    /// <summary>Prepares an estimation.</summary>
    /// <param name="transform">The transform whose magnitudes are given; its frame shift is at most half of its frame length.</param>
    /// <param name="options">The iteration.</param>
    /// <exception cref="ArgumentException">A number is out of range; the sentence names it.</exception>
    public GriffinLim(ShortTimeFourierTransform transform, GriffinLimOptions options)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(options);
        if (transform.Options.FrameShift > transform.Options.FrameLength / 2)
        {
            throw new ArgumentException(
                $"The frame shift {transform.Options.FrameShift} is above half of the frame length {transform.Options.FrameLength}.",
                nameof(transform)
            );
        }

        if (options.Iterations < 0)
            throw new ArgumentException($"The number of iterations is {options.Iterations}; it must not be negative.", nameof(options));
        if (!(options.Momentum >= 0 && options.Momentum < 1))
            throw new ArgumentException($"The momentum is {options.Momentum}; it must be at least 0 and below 1.", nameof(options));
        this.transform = transform;
        Options = options;
    }

    /// <summary>Gets the options.</summary>
    public GriffinLimOptions Options { get; }

    /// <summary>Finds a signal whose short-time spectra have nearly the given magnitudes.</summary>
    /// <param name="magnitude">The magnitudes (not powers), at least 0, [T, K].</param>
    /// <param name="length">The number of samples wanted: T is the transform's frame count for it.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="ArgumentException">The shape does not fit the transform and the length.</exception>
    public double[] Estimate(Frames magnitude, int length)
    {
        ArgumentNullException.ThrowIfNull(magnitude);
        var estimate = RandomPhases(magnitude);
        if (magnitude.Count != transform.FrameCount(length) || magnitude.Dimension != transform.BinCount)
        {
            throw new ArgumentException(
                $"The magnitudes are {magnitude.Count} frames of {magnitude.Dimension} bins; {transform.FrameCount(length)} of "
                    + $"{transform.BinCount} were expected.",
                nameof(magnitude)
            );
        }

        var signal = new double[length];
        transform.Inverse(estimate.Real, estimate.Imaginary, signal);
        var rebuilt = Empty(magnitude);
        var previous = Empty(magnitude);
        var norm = new double[magnitude.Dimension];
        var factor = Options.Momentum / (1 + Options.Momentum);
        for (var iteration = 0; iteration < Options.Iterations; iteration++)
        {
            transform.Forward(signal, rebuilt.Real, rebuilt.Imaginary);
            for (var t = 0; t < magnitude.Count; t++)
            {
                Extrapolate(rebuilt.Real[t], previous.Real[t], factor, estimate.Real[t]);
                Extrapolate(rebuilt.Imaginary[t], previous.Imaginary[t], factor, estimate.Imaginary[t]);
                Rescale(magnitude[t], estimate.Real[t], estimate.Imaginary[t], norm);
            }

            (rebuilt, previous) = (previous, rebuilt);
            transform.Inverse(estimate.Real, estimate.Imaginary, signal);
        }

        return signal;
    }

    private (FrameBuffer Real, FrameBuffer Imaginary) RandomPhases(Frames magnitude)
    {
        var result = Empty(magnitude);
        var random = new Random(Options.Seed);
        var real = result.Real.Values;
        var imaginary = result.Imaginary.Values;
        for (var i = 0; i < real.Length; i++)
        {
            var (sin, cos) = double.SinCosPi(2 * random.NextDouble());
            real[i] = magnitude.Values[i] * cos;
            imaginary[i] = magnitude.Values[i] * sin;
        }

        return result;
    }

    private static (FrameBuffer Real, FrameBuffer Imaginary) Empty(Frames like) =>
        (new FrameBuffer(like.Count, like.Dimension), new FrameBuffer(like.Count, like.Dimension));

    private static void Extrapolate(ReadOnlySpan<double> rebuilt, ReadOnlySpan<double> previous, double factor, Span<double> destination) =>
        TensorPrimitives.MultiplyAdd(previous, -factor, rebuilt, destination);

    // Gives the numbers the wanted magnitudes; a number that is (nearly) zero becomes zero, for it has no phase.
    private static void Rescale(ReadOnlySpan<double> magnitude, Span<double> real, Span<double> imaginary, Span<double> norm)
    {
        const double Tiny = 1e-16;
        ComplexSpectrogram.Power(real, imaginary, norm);
        TensorPrimitives.Sqrt(norm, norm);
        TensorPrimitives.Add(norm, Tiny, norm);
        TensorPrimitives.Divide(magnitude, norm, norm);
        TensorPrimitives.Multiply(real, norm, real);
        TensorPrimitives.Multiply(imaginary, norm, imaginary);
    }
}
