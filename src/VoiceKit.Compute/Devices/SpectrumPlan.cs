using System.Numerics;
using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Devices;

/// <summary>
/// The frames of a signal, their window and transform, and the bands that their power spectra are summed in: the work of
/// <see cref="ComputeDevice.PowerSpectra"/>. Devices keep what they prepare for a plan: make one and use it for many signals.
/// </summary>
/// <remarks>
/// Frame t holds the samples around sample t x frameShift, times the window, with that sample in the middle of the transform (at fftLength
/// / 2). Beyond its ends the signal goes on mirrored at its first and last samples.
/// </remarks>
public sealed class SpectrumPlan
{
    private readonly double[] window;

    /// <summary>Makes a plan.</summary>
    /// <param name="window">The window, at least 1 sample; copied.</param>
    /// <param name="frameShift">The distance between frames in samples, at least 1.</param>
    /// <param name="fftLength">The transform length in samples: a power of two, at least 2 and at least the window's length.</param>
    /// <param name="bands">The bands, over fftLength / 2 + 1 bins; null for the spectra themselves.</param>
    /// <exception cref="ArgumentException">A length is out of range.</exception>
    public SpectrumPlan(ReadOnlySpan<double> window, int frameShift, int fftLength, BandWeights? bands = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window.Length, 1, nameof(window));
        ArgumentOutOfRangeException.ThrowIfLessThan(frameShift, 1);
        if (fftLength < Math.Max(2, window.Length) || !BitOperations.IsPow2(fftLength))
        {
            throw new ArgumentException(
                $"The transform length {fftLength} is not a power of two of at least the frame length {window.Length}.",
                nameof(fftLength)
            );
        }

        if (bands is not null && bands.BinCount != (fftLength / 2) + 1)
            throw new ArgumentException($"The bands are over {bands.BinCount} bins, not {(fftLength / 2) + 1}.", nameof(bands));
        (this.window, FrameShift, FftLength, Bands) = (window.ToArray(), frameShift, fftLength, bands);
    }

    /// <summary>Gets the window.</summary>
    public ReadOnlySpan<double> Window => window;

    /// <summary>Gets the distance between frames in samples.</summary>
    public int FrameShift { get; }

    /// <summary>Gets the transform length in samples.</summary>
    public int FftLength { get; }

    /// <summary>Gets the bands; null for the spectra themselves.</summary>
    public BandWeights? Bands { get; }

    /// <summary>Gets the number of bins of a spectrum, fftLength / 2 + 1.</summary>
    public int BinCount => (FftLength / 2) + 1;

    /// <summary>Gets the numbers of a frame of the result: bands or bins.</summary>
    public int Dimension => Bands?.Count ?? BinCount;

    /// <summary>Gets the number of frames of a signal: 1 + sampleCount / frameShift, and none for no samples.</summary>
    /// <param name="sampleCount">The length of the signal in samples, at least 0.</param>
    public int FrameCount(int sampleCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sampleCount);
        return sampleCount == 0 ? 0 : 1 + (sampleCount / FrameShift);
    }

    /// <summary>
    /// Writes frame <paramref name="t"/> times the window; the buffer's values outside the window stay as they are (zero).
    /// </summary>
    internal void LoadFrame(ReadOnlySpan<double> signal, int t, Span<double> buffer)
    {
        var start = ((long)t * FrameShift) - (window.Length / 2);
        var frame = buffer.Slice((FftLength / 2) - (window.Length / 2), window.Length);
        if (start >= 0 && start + window.Length <= signal.Length)
        {
            TensorPrimitives.Multiply(signal.Slice((int)start, window.Length), window, frame);
            return;
        }

        // Mirrored at the first and last samples, the signal has the period 2 (n - 1).
        var last = signal.Length - 1;
        for (var i = 0; i < window.Length; i++)
        {
            var index = last == 0 ? 0 : Math.Abs(start + i) % (2L * last);
            frame[i] = signal[(int)Math.Min(index, (2L * last) - index)] * window[i];
        }
    }
}

/// <summary>Weighted sums over the bins of a spectrum, each over neighbouring bins: filters that overlap or not.</summary>
public sealed class BandWeights
{
    private readonly int[] starts;
    private readonly double[][] weights;

    /// <summary>Takes the weights of each band.</summary>
    /// <param name="binCount">The bins of a spectrum, at least 1.</param>
    /// <param name="bands">Each band's first bin and the weights from there on; copied.</param>
    /// <exception cref="ArgumentException">A band reaches outside the bins.</exception>
    public BandWeights(int binCount, IReadOnlyList<(int Start, double[] Weights)> bands)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(binCount, 1);
        ArgumentNullException.ThrowIfNull(bands);
        if (bands.Any(band => band.Start < 0 || band.Start + band.Weights.Length > binCount))
            throw new ArgumentException($"A band reaches outside the {binCount} bins.", nameof(bands));
        BinCount = binCount;
        starts = [.. bands.Select(band => band.Start)];
        weights = [.. bands.Select(band => (double[])band.Weights.Clone())];
    }

    /// <summary>Gets the bins of a spectrum.</summary>
    public int BinCount { get; }

    /// <summary>Gets the number of bands.</summary>
    public int Count => weights.Length;

    /// <summary>Gets the first bin of a band.</summary>
    /// <param name="band">The band.</param>
    public int Start(int band) => starts[band];

    /// <summary>Gets the weights of a band from its first bin on.</summary>
    /// <param name="band">The band.</param>
    public ReadOnlySpan<double> Weights(int band) => weights[band];

    /// <summary>Sums up one spectrum.</summary>
    /// <param name="spectrum">At least <see cref="BinCount"/> numbers.</param>
    /// <param name="destination">At least <see cref="Count"/> numbers.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Apply(ReadOnlySpan<double> spectrum, Span<double> destination)
    {
        if (spectrum.Length < BinCount)
            throw new ArgumentException($"The spectrum has {spectrum.Length} bins; {BinCount} are needed.", nameof(spectrum));
        if (destination.Length < Count)
            throw new ArgumentException($"The destination has {destination.Length} values; {Count} are needed.", nameof(destination));
        for (var m = 0; m < weights.Length; m++)
            destination[m] = Reductions.Dot(spectrum.Slice(starts[m], weights[m].Length), weights[m]);
    }

    /// <summary>Gets all weights, [bands, bins], with the zeros.</summary>
    public Frames ToMatrix()
    {
        var result = new FrameBuffer(Count, BinCount);
        for (var m = 0; m < weights.Length; m++)
            weights[m].CopyTo(result[m][starts[m]..]);
        return result;
    }
}
