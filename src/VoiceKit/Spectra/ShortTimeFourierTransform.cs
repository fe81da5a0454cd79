using System.Numerics;
using System.Numerics.Tensors;
using VoiceKit.Devices;
using VoiceKit.Numerics;

namespace VoiceKit.Spectra;

/// <summary>The short-time Fourier transform with centred frames, and its inverse. Safe for use by several threads at once.</summary>
/// <remarks>
/// Frame t holds the samples around sample t x frameShift, times the window, with that sample in the middle of the transform (at fftLength
/// / 2). Beyond its ends the signal goes on mirrored at its first and last samples. This is what librosa and torch do with centre = true.
/// </remarks>
public sealed class ShortTimeFourierTransform
{
    // Below it a window's value is zero but for rounding, and dividing by it would blow up the transform's own rounding.
    private const double MinWeight = 1e-20;

    private readonly double[] window;
    private readonly double[] squaredWindow;
    private readonly FrameGrid grid;

    // Where the window begins in the transform's buffer.
    private readonly int offset;

    /// <summary>Prepares a transform.</summary>
    /// <param name="options">The frames, the window and the transform length.</param>
    /// <exception cref="ArgumentException">A length is out of range, or the transform length is no power of two of at least the frame
    /// length.</exception>
    public ShortTimeFourierTransform(ShortTimeFourierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        grid = new FrameGrid(1, options.FrameShift, options.FrameLength);
        FftLength = options.FftLength ?? Math.Max(2, (int)BitOperations.RoundUpToPowerOf2((uint)options.FrameLength));
        if (FftLength < Math.Max(2, options.FrameLength) || !BitOperations.IsPow2(FftLength))
        {
            throw new ArgumentException(
                $"The transform length {FftLength} is not a power of two of at least the frame length {options.FrameLength}.",
                nameof(options)
            );
        }

        Options = options;
        offset = (FftLength / 2) - (options.FrameLength / 2);
        window = Window.Create(options.Window, options.FrameLength);
        Plan = new SpectrumPlan(window, options.FrameShift, FftLength);
        squaredWindow = new double[window.Length];
        TensorPrimitives.Multiply(window, window, squaredWindow);
    }

    /// <summary>Gets the options that the transform was made with.</summary>
    public ShortTimeFourierOptions Options { get; }

    /// <summary>Gets the transform length in samples.</summary>
    public int FftLength { get; }

    /// <summary>Gets the number of bins of a frame, fftLength / 2 + 1; bin k lies at k x sampleRate / fftLength Hz.</summary>
    public int BinCount => (FftLength / 2) + 1;

    /// <summary>Gets the frames as devices compute their powers: <see cref="ComputeDevice.PowerSpectra"/>.</summary>
    public SpectrumPlan Plan { get; }

    /// <summary>The number of frames for a signal: 1 + sampleCount / frameShift, and none for no samples.</summary>
    /// <param name="sampleCount">The length of the signal in samples, at least 0.</param>
    public int FrameCount(int sampleCount) => grid.FrameCount(sampleCount);

    /// <summary>The frames' places in a signal of the given sampling frequency in Hz.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    public FrameGrid Grid(int sampleRate) => new(sampleRate, grid.FrameShift, grid.FrameLength);

    /// <summary>Transforms a signal of any length.</summary>
    /// <param name="signal">The samples.</param>
    /// <returns>The spectra of <see cref="FrameCount"/> frames.</returns>
    public ComplexSpectrogram Forward(ReadOnlySpan<double> signal)
    {
        var count = FrameCount(signal.Length);
        var (real, imaginary) = (new FrameBuffer(count, BinCount), new FrameBuffer(count, BinCount));
        Forward(signal, real, imaginary);
        return new ComplexSpectrogram(real, imaginary);
    }

    /// <summary>
    /// The signal whose spectra are nearest to the given ones in the least squares sense; for those of
    /// <see cref="Forward(ReadOnlySpan{double})"/>, its argument.
    /// </summary>
    /// <remarks>
    /// x[n] = sum over t of w[n - n_t] x_t[n - n_t] / sum over t of w[n - n_t]^2, with x_t the inverse transform of frame t: D. W. Griffin
    /// and J. S. Lim, Signal estimation from modified short-time Fourier transform, IEEE Trans. ASSP 32(2), 1984, equation 6. A sample that
    /// no window reaches is 0; where the frame shift is at most half of the frame length there is none.
    /// </remarks>
    /// <param name="spectrogram">The spectra, with fftLength / 2 + 1 bins and the number of frames that belongs to the length.</param>
    /// <param name="length">The number of samples wanted, at least 0.</param>
    /// <exception cref="ArgumentException">The shape of the spectrogram is another one.</exception>
    public double[] Inverse(ComplexSpectrogram spectrogram, int length)
    {
        ThrowIfMismatched(spectrogram, FrameCount(length));
        var result = new double[length];
        Inverse(spectrogram.Real, spectrogram.Imaginary, result);
        return result;
    }

    internal void Forward(ReadOnlySpan<double> signal, FrameBuffer real, FrameBuffer imaginary)
    {
        var fft = new RealFft(FftLength);
        var buffer = new double[FftLength];
        for (var t = 0; t < real.Count; t++)
        {
            Plan.LoadFrame(signal, t, buffer);
            fft.Forward(buffer, real[t], imaginary[t]);
        }
    }

    internal void Inverse(Frames real, Frames imaginary, Span<double> destination)
    {
        destination.Clear();
        var weights = new double[destination.Length];
        var fft = new RealFft(FftLength);
        var buffer = new double[FftLength];
        for (var t = 0; t < real.Count; t++)
        {
            fft.Inverse(real[t], imaginary[t], buffer);

            // The part of the frame that lies inside the signal.
            var start = grid.StartSample(t);
            var from = (int)Math.Max(0, -start);
            var to = (int)Math.Min(window.Length, destination.Length - start);
            if (to <= from)
                continue;
            var target = destination.Slice((int)(start + from), to - from);
            TensorPrimitives.MultiplyAdd(buffer.AsSpan(offset + from, to - from), window.AsSpan(from, to - from), target, target);
            var weight = weights.AsSpan((int)(start + from), to - from);
            TensorPrimitives.Add(weight, squaredWindow.AsSpan(from, to - from), weight);
        }

        for (var n = 0; n < weights.Length; n++)
            destination[n] = weights[n] < MinWeight ? 0 : destination[n] / weights[n];
    }

    private void ThrowIfMismatched(ComplexSpectrogram spectrogram, int count)
    {
        ArgumentNullException.ThrowIfNull(spectrogram);
        if (spectrogram.Count != count || spectrogram.BinCount != BinCount)
        {
            throw new ArgumentException(
                $"The spectrogram has {spectrogram.Count} frames of {spectrogram.BinCount} bins; {count} of {BinCount} were expected.",
                nameof(spectrogram)
            );
        }
    }
}

/// <summary>The frames, the window and the transform length of a <see cref="ShortTimeFourierTransform"/>.</summary>
public sealed record ShortTimeFourierOptions
{
    /// <summary>Gets or sets the length of the window in samples, at least 1; 1024 by default (46 ms at 22050 Hz).</summary>
    public int FrameLength { get; init; } = 1024;

    /// <summary>Gets or sets the distance between frames in samples, at least 1; 256 by default.</summary>
    public int FrameShift { get; init; } = 256;

    /// <summary>
    /// Gets or sets the transform length: a power of two, at least the frame length; by default (null) the smallest such.
    /// </summary>
    public int? FftLength { get; init; }

    /// <summary>Gets or sets the window, in its periodic form; Hann by default.</summary>
    public WindowFunction Window { get; init; } = WindowFunction.Hann;

    /// <summary>The frames of given times at a sampling frequency.</summary>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="frameLength">The window's length, cut to whole samples, at least one.</param>
    /// <param name="framePeriod">The time from one frame to the next, rounded to samples, at least one.</param>
    public static ShortTimeFourierOptions OfTimes(int sampleRate, TimeSpan frameLength, TimeSpan framePeriod) =>
        new()
        {
            FrameLength = Math.Max(1, (int)(frameLength.TotalSeconds * sampleRate)),
            FrameShift = Math.Max(1, (int)Math.Round(framePeriod.TotalSeconds * sampleRate)),
        };
}

/// <summary>
/// Where the frames of a signal lie: frame t is centred on sample t x <see cref="FrameShift"/> and spans <see cref="FrameLength"/> samples.
/// </summary>
/// <remarks>The first frame is centred on the first sample, so that half of it lies before the signal.</remarks>
public sealed record FrameGrid
{
    /// <summary>Creates a grid.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz, at least 1.</param>
    /// <param name="frameShift">The distance between frames in samples, at least 1.</param>
    /// <param name="frameLength">The length of a frame in samples, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public FrameGrid(int sampleRate, int frameShift, int frameLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameShift, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameLength, 1);
        SampleRate = sampleRate;
        FrameShift = frameShift;
        FrameLength = frameLength;
    }

    /// <summary>Gets the sampling frequency in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>Gets the distance between the centres of two frames, in samples.</summary>
    public int FrameShift { get; }

    /// <summary>Gets the length of a frame, in samples.</summary>
    public int FrameLength { get; }

    /// <summary>Gets the distance between the centres of two frames, in time.</summary>
    public TimeSpan FramePeriod => TimeSpan.FromSeconds((double)FrameShift / SampleRate);

    /// <summary>
    /// The number of frames whose centre is at most at the end of the signal: 1 + sampleCount / frameShift, and none for no samples.
    /// </summary>
    /// <param name="sampleCount">The length of the signal in samples, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public int FrameCount(int sampleCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sampleCount);
        return sampleCount == 0 ? 0 : 1 + (sampleCount / FrameShift);
    }

    /// <summary>The sample on which frame <paramref name="t"/> is centred.</summary>
    /// <param name="t">The frame, counted from 0.</param>
    public long CenterSample(int t) => (long)t * FrameShift;

    /// <summary>
    /// The first sample of frame <paramref name="t"/>: its centre less half a frame. It is negative for the first frames.
    /// </summary>
    /// <param name="t">The frame, counted from 0.</param>
    public long StartSample(int t) => CenterSample(t) - (FrameLength / 2);

    /// <summary>The time of the centre of frame <paramref name="t"/>, in seconds from the first sample.</summary>
    /// <param name="t">The frame, counted from 0.</param>
    public double Time(int t) => (double)CenterSample(t) / SampleRate;

    /// <summary>The frame whose centre is nearest to <paramref name="sample"/>; of two, the later one.</summary>
    /// <param name="sample">The index of a sample, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public int FrameAt(long sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        return checked((int)((sample + (FrameShift / 2)) / FrameShift));
    }

    /// <summary>The frame whose centre is nearest to a time in seconds from the first sample; of two, the later one.</summary>
    /// <param name="seconds">The time in seconds, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or not a number.</exception>
    public int FrameAtTime(double seconds)
    {
        if (!(seconds >= 0))
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "The time must not be negative.");
        return checked((int)Math.Floor((seconds * SampleRate / FrameShift) + 0.5));
    }
}
