using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Cepstra;

/// <summary>The settings of <see cref="CheapTrick"/>.</summary>
public sealed record CheapTrickOptions
{
    /// <summary>The weight of spectral recovery; -0.15 by default, the paper's optimum.</summary>
    public double Recovery { get; init; } = -0.15;

    /// <summary>The lowest F0 in Hz that the transform must be long enough for; 71 by default.</summary>
    public double F0Floor { get; init; } = 71;
}

/// <summary>
/// CheapTrick: the spectral envelope without the traces of F0 and of the moment of analysis.
/// Morise 2015, "CheapTrick, a spectral envelope estimator for high-quality speech synthesis", Speech Communication 67.
/// </summary>
public sealed class CheapTrick
{
    private const double UnvoicedF0 = 500;
    private const double MachineEpsilon = 2.220446049250313e-16;
    private readonly CheapTrickOptions options;
    private readonly int sampleRate;
    private readonly RealFft fft;
    private readonly SpectralSmoothing smoothing;
    private readonly double[] numbers;
    private readonly double[] angles;
    private readonly double[] sines;

    /// <summary>Prepares for signals of <paramref name="sampleRate"/> Hz. One object for one thread: it owns scratch memory.</summary>
    public CheapTrick(int sampleRate, CheapTrickOptions? options = null)
    {
        this.options = options ?? new CheapTrickOptions();
        this.sampleRate = sampleRate;
        fft = new RealFft(FftLengthFor(sampleRate, this.options.F0Floor));
        smoothing = new SpectralSmoothing(fft.Length, sampleRate);
        numbers = [.. Enumerable.Range(0, fft.BinCount).Select(i => (double)i)];
        (angles, sines) = (new double[fft.BinCount], new double[fft.BinCount]);
    }

    /// <summary>The transform's length N; an envelope has N / 2 + 1 bins.</summary>
    public int FftLength => fft.Length;

    /// <summary>The transform's length for a rate in Hz and the lowest F0 in Hz: three periods fit in, rounded up to a power of two.</summary>
    public static int FftLengthFor(int sampleRate, double f0Floor) => 2 << (int)Math.Log2((3.0 * sampleRate / f0Floor) + 1);

    /// <summary>Estimates the power envelope |H|^2 of every frame of <paramref name="contour"/>, [T, N / 2 + 1].</summary>
    public Frames Estimate(Waveform waveform, F0Contour contour)
    {
        ArgumentNullException.ThrowIfNull(contour);
        return Estimate(waveform, contour, 0, contour.Count);
    }

    /// <summary>Estimates the power envelope of <paramref name="count"/> frames from frame <paramref name="start"/> on, [count, N / 2 + 1].</summary>
    public Frames Estimate(Waveform waveform, F0Contour contour, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        ArgumentNullException.ThrowIfNull(contour);
        var result = new Frames(count, fft.BinCount);
        if (waveform.Length == 0)
        {
            result.Values.Fill(1e-24);
            return result;
        }

        var window = new PitchWindow(1e-12);
        var segment = new double[fft.Length];
        var lifter = new double[fft.BinCount];
        var noise = new double[fft.BinCount];
        var (real, imaginary) = (new double[fft.BinCount], new double[fft.BinCount]);
        var frameSeconds = contour.FramePeriod.TotalSeconds;
        var lowest = 3.0 * sampleRate / (fft.Length - 3);
        for (var t = 0; t < result.Count; t++)
        {
            var f0 = contour[start + t] <= lowest ? UnvoicedF0 : contour[start + t];
            var spectrum = result[t];
            window.Cut(waveform.Samples, sampleRate, (start + t) * frameSeconds, f0, 3, PitchWindowShape.Hann, true, segment);
            fft.Forward(segment, real, imaginary);
            ComplexSpectrum.Power(real, imaginary, spectrum);
            smoothing.CorrectBelowF0(spectrum, f0);
            smoothing.Smooth(spectrum, f0 * 2 / 3, spectrum);
            TensorPrimitives.Max(spectrum, 0, spectrum);
            window.TakeNoise(noise);
            TensorPrimitives.Abs<double>(noise, noise);
            TensorPrimitives.Add(noise, 1e-3, noise);
            TensorPrimitives.MultiplyAdd(noise, MachineEpsilon, spectrum, spectrum);

            // Smoothing of the logarithm and spectral recovery, as one lifter on the cepstrum (eq. 6 and 7).
            ElementaryFunctions.Log(spectrum, segment);
            ComplexSpectrum.Mirror(segment);
            fft.Forward(segment, real, imaginary);
            WriteLifter(f0, lifter);
            TensorPrimitives.Multiply(real, lifter, real);
            Array.Clear(imaginary);
            fft.Inverse(real, imaginary, segment);
            ElementaryFunctions.Exp(segment.AsSpan(0, fft.BinCount), spectrum);
        }

        return result;
    }

    /// <summary>sinc(f0 q) (1 - 2 r + 2 r cos(2 pi f0 q)) at each quefrency q, with recovery r.</summary>
    private void WriteLifter(double f0, Span<double> lifter)
    {
        var step = Math.PI * f0 / sampleRate;
        TensorPrimitives.Multiply(numbers, step, angles);
        ElementaryFunctions.SinCos(angles, sines, lifter);
        TensorPrimitives.Multiply<double>(sines, sines, lifter);
        TensorPrimitives.Multiply(lifter, -4 * options.Recovery, lifter);
        TensorPrimitives.Add(lifter, 1, lifter);
        TensorPrimitives.Divide<double>(sines, angles, sines);
        TensorPrimitives.Multiply(lifter, sines, lifter);
        lifter[0] = 1;
    }
}
