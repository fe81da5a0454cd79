using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Cepstra;

/// <summary>The settings of <see cref="CheapTrick"/>.</summary>
public sealed record CheapTrickOptions
{
    /// <summary>Gets or sets the weight of spectral recovery; -0.15 by default, the paper's optimum.</summary>
    public double Recovery { get; init; } = -0.15;

    /// <summary>Gets or sets the lowest F0 in Hz that the transform must be long enough for; 71 by default.</summary>
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
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    public CheapTrick(int sampleRate, CheapTrickOptions? options = null)
    {
        this.options = options ?? new CheapTrickOptions();
        this.sampleRate = sampleRate;
        fft = new RealFft(FftLengthFor(sampleRate, this.options.F0Floor));
        smoothing = new SpectralSmoothing(fft.Length, sampleRate);
        numbers = [.. Enumerable.Range(0, fft.BinCount).Select(i => (double)i)];
        (angles, sines) = (new double[fft.BinCount], new double[fft.BinCount]);
    }

    /// <summary>Gets the transform's length N; an envelope has N / 2 + 1 bins.</summary>
    public int FftLength => fft.Length;

    /// <summary>
    /// The transform's length for a rate in Hz and the lowest F0 in Hz: three periods fit in, rounded up to a power of two.
    /// </summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="f0Floor">The lowest F0 in Hz, above 0.</param>
    public static int FftLengthFor(int sampleRate, double f0Floor) => 2 << (int)Math.Log2((3.0 * sampleRate / f0Floor) + 1);

    /// <summary>Estimates the power envelope |H|^2 of every frame of <paramref name="contour"/>, [T, N / 2 + 1].</summary>
    /// <param name="waveform">The signal.</param>
    /// <param name="contour">F0 in Hz, 0 = unvoiced, [T].</param>
    public Frames Estimate(Waveform waveform, F0Contour contour)
    {
        ArgumentNullException.ThrowIfNull(contour);
        return Estimate(waveform, contour, 0, contour.Count);
    }

    /// <summary>
    /// Estimates the power envelope of <paramref name="count"/> frames from frame <paramref name="start"/> on, [count, N / 2 + 1].
    /// </summary>
    /// <param name="waveform">The signal.</param>
    /// <param name="contour">F0 in Hz, 0 = unvoiced, [T].</param>
    /// <param name="start">The first frame.</param>
    /// <param name="count">The number of frames.</param>
    public Frames Estimate(Waveform waveform, F0Contour contour, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        ArgumentNullException.ThrowIfNull(contour);
        var result = new FrameBuffer(count, fft.BinCount);
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

/// <summary>The shapes of <see cref="PitchWindow"/>.</summary>
internal enum PitchWindowShape
{
    /// <summary>Raised cosine.</summary>
    Hann,

    /// <summary>0.42 + 0.5 cos + 0.08 cos.</summary>
    Blackman,
}

/// <summary>
/// Cuts out a segment whose length is a number of fundamental periods, windows it and removes its mean (CheapTrick and D4C).
/// </summary>
internal sealed class PitchWindow
{
    // Noise far below the signal keeps logarithms finite in digital silence; a fixed table does as well as a generator and costs nothing.
    private static readonly double[] NoiseTable = MakeNoise(1 << 13);

    private readonly double noiseAmplitude;
    private double[] window = [];
    private double[] noise = [];
    private int noisePosition;

    /// <summary>Prepares windows that add noise of the given standard deviation.</summary>
    internal PitchWindow(double noiseAmplitude) => this.noiseAmplitude = noiseAmplitude;

    /// <summary>Takes the next numbers of the safeguard noise, standard deviation 1.</summary>
    internal void TakeNoise(Span<double> destination)
    {
        while (destination.Length > 0)
        {
            var count = Math.Min(destination.Length, NoiseTable.Length - noisePosition);
            NoiseTable.AsSpan(noisePosition, count).CopyTo(destination);
            noisePosition = (noisePosition + count) & (NoiseTable.Length - 1);
            destination = destination[count..];
        }
    }

    /// <summary>
    /// Writes the windowed segment and returns its length, 2 x half + 1 with half = periods x sample rate / f0 / 2; the rest is cleared.
    /// </summary>
    /// <param name="signal">The signal; its end samples are repeated beyond its ends.</param>
    /// <param name="sampleRate">Its rate in Hz.</param>
    /// <param name="time">The segment's centre in seconds.</param>
    /// <param name="f0">The fundamental frequency in Hz.</param>
    /// <param name="periods">The segment's length in fundamental periods.</param>
    /// <param name="shape">The window.</param>
    /// <param name="normalize">Whether the window's energy is made 1.</param>
    /// <param name="destination">At least as long as the segment.</param>
    internal int Cut(
        ReadOnlySpan<double> signal,
        double sampleRate,
        double time,
        double f0,
        double periods,
        PitchWindowShape shape,
        bool normalize,
        Span<double> destination
    )
    {
        var half = (int)((periods * sampleRate / f0 / 2) + 0.5);
        var length = (2 * half) + 1;
        if (window.Length < length)
            (window, noise) = (new double[length], new double[length]);
        var weights = window.AsSpan(0, length);
        WriteWindow(half, 2 * Math.PI * f0 / periods / sampleRate, shape, normalize);

        var segment = destination[..length];
        SignalSegment.Copy(signal, (int)Math.Floor((time * sampleRate) + 0.001 + 0.5) - half, segment);
        TakeNoise(noise.AsSpan(0, length));
        TensorPrimitives.Multiply(segment, weights, segment);
        TensorPrimitives.MultiplyAdd(noise.AsSpan(0, length), noiseAmplitude, segment, segment);
        var mean = Reductions.Sum(segment) / Reductions.Sum(weights);
        TensorPrimitives.MultiplyAdd(weights, -mean, segment, segment);
        destination[length..].Clear();
        return length;
    }

    private void WriteWindow(int half, double step, PitchWindowShape shape, bool normalize)
    {
        // Four phasors, each rotated by four samples a turn.
        var right = window.AsSpan(half, half + 1);
        var (cosine, sine) = (
            Vector256.Create(1, Math.Cos(step), Math.Cos(2 * step), Math.Cos(3 * step)),
            Vector256.Create(0, Math.Sin(step), Math.Sin(2 * step), Math.Sin(3 * step))
        );
        var (cosTurn, sinTurn) = (Vector256.Create(Math.Cos(4 * step)), Vector256.Create(Math.Sin(4 * step)));
        for (var i = 0; i <= half; i += 4)
        {
            // Hann: 0.5 + 0.5 c; Blackman: 0.42 + 0.5 c + 0.08 (2 c^2 - 1).
            var value =
                shape == PitchWindowShape.Hann
                    ? Vector256.FusedMultiplyAdd(cosine, Vector256.Create(0.5), Vector256.Create(0.5))
                    : Vector256.FusedMultiplyAdd(
                        Vector256.FusedMultiplyAdd(cosine, Vector256.Create(0.16), Vector256.Create(0.5)),
                        cosine,
                        Vector256.Create(0.34)
                    );
            if (half - i >= 3)
                value.CopyTo(right[i..]);
            else
                CopyPart(value, right[i..]);
            (cosine, sine) = ((cosine * cosTurn) - (sine * sinTurn), (sine * cosTurn) + (cosine * sinTurn));
        }

        if (normalize)
            TensorPrimitives.Divide(right, Math.Sqrt((2 * Reductions.SumOfSquares(right)) - (right[0] * right[0])), right);
        right[1..].CopyTo(window);
        window.AsSpan(0, half).Reverse();
    }

    private static void CopyPart(Vector256<double> values, Span<double> destination)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = values[i];
    }

    private static double[] MakeNoise(int length)
    {
        var noise = new NormalNoise();
        return [.. Enumerable.Range(0, length).Select(_ => noise.Next())];
    }
}

/// <summary>Smoothing of spectra along frequency by widths that follow F0 (Morise 2015, "CheapTrick", section 3).</summary>
internal sealed class SpectralSmoothing
{
    private readonly double binsPerHertz;
    private readonly int halfLength;
    private readonly double[] integral;
    private readonly double[] replica;

    /// <summary>Prepares for spectra of <paramref name="fftLength"/> / 2 + 1 bins.</summary>
    internal SpectralSmoothing(int fftLength, double sampleRate)
    {
        binsPerHertz = fftLength / sampleRate;
        halfLength = fftLength / 2;
        integral = new double[(2 * fftLength) + 4];
        replica = new double[halfLength + 2];
    }

    /// <summary>Adds the mirror image of the bins around F0 to the bins below it, where the window has left too little power.</summary>
    internal void CorrectBelowF0(Span<double> spectrum, double f0)
    {
        var count = Math.Min(1 + (int)(f0 * binsPerHertz), halfLength);
        for (var i = 0; i < count; i++)
        {
            var position = (f0 * binsPerHertz) - i;
            var bin = Math.Min((int)position, halfLength - 1);
            replica[i] = spectrum[bin] + ((position - bin) * (spectrum[bin + 1] - spectrum[bin]));
        }

        TensorPrimitives.Add<double>(spectrum[..count], replica.AsSpan(0, count), spectrum);
    }

    /// <summary>
    /// Replaces each bin by the mean over <paramref name="width"/> Hz around it, of the spectrum continued as a mirror image at both ends.
    /// </summary>
    internal void Smooth(ReadOnlySpan<double> spectrum, double width, Span<double> destination)
    {
        // The integral is piecewise linear between bin borders; each mean is the difference of two of its values.
        var bins = width * binsPerHertz;
        var boundary = Math.Min((int)bins + 1, halfLength);
        var sum = 0.0;
        var at = 0;
        for (var bin = boundary; bin > 0; bin--)
            integral[at++] = sum += spectrum[bin];
        for (var bin = 0; bin < halfLength; bin++)
            integral[at++] = sum += spectrum[bin];
        for (var bin = halfLength; bin >= halfLength - boundary; bin--)
            integral[at++] = sum += spectrum[bin];
        integral[at] = sum;

        var (lowStart, lowFraction) = Split(boundary - 0.5 - (bins / 2));
        var (highStart, highFraction) = Split(boundary - 0.5 + (bins / 2));
        ref var low = ref integral[lowStart];
        ref var high = ref integral[highStart];
        var i = 0;
        for (; i <= halfLength - 3; i += 4)
            ((Between(ref high, i, highFraction) - Between(ref low, i, lowFraction)) / Vector256.Create(bins)).CopyTo(destination[i..]);
        for (; i <= halfLength; i++)
        {
            var lowValue = integral[lowStart + i] + (lowFraction * (integral[lowStart + i + 1] - integral[lowStart + i]));
            var highValue = integral[highStart + i] + (highFraction * (integral[highStart + i + 1] - integral[highStart + i]));
            destination[i] = (highValue - lowValue) / bins;
        }
    }

    /// <summary>The straight lines from four neighbours to their right neighbours.</summary>
    private static Vector256<double> Between(ref double origin, int i, double fraction)
    {
        var left = Vector256.LoadUnsafe(ref origin, (nuint)i);
        return left + (Vector256.Create(fraction) * (Vector256.LoadUnsafe(ref origin, (nuint)i + 1) - left));
    }

    private static (int Start, double Fraction) Split(double position) => ((int)position, position - (int)position);
}
