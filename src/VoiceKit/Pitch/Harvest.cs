using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Pitch;

/// <summary>The settings of <see cref="Harvest"/>.</summary>
public sealed record HarvestOptions
{
    /// <summary>Where to look for F0; 71 .. 800 Hz by default.</summary>
    public F0Range Range { get; init; } = F0Range.Speech;

    /// <summary>The time from one frame to the next; 5 ms by default.</summary>
    public TimeSpan FramePeriod { get; init; } = TimeSpan.FromMilliseconds(5);
}

/// <summary>
/// Harvest: F0 from many overlapping band-pass filters, refined by instantaneous frequencies and joined by continuity; more robust
/// to noise than <see cref="Dio"/>, and it voices more. Morise 2017, "Harvest: A high-performance fundamental frequency estimator from speech signals".
/// </summary>
public sealed class Harvest(HarvestOptions? options = null) : IF0Estimator
{
    private const double InternalRate = 8000;
    private const double BandsPerOctave = 40;
    private const double InternalFrame = 0.001;
    private static readonly TimeSpan InternalPeriod = TimeSpan.FromMilliseconds(1);
    private readonly HarvestOptions options = options ?? new HarvestOptions();

    /// <inheritdoc/>
    public F0Contour Estimate(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var result = new double[F0Contour.FrameCount(waveform.Length, waveform.SampleRate, options.FramePeriod)];
        if (waveform.Length == 0)
            return new F0Contour(result, options.FramePeriod);

        // All decisions are made each millisecond, whatever the frame period.
        var frameCount = F0Contour.FrameCount(waveform.Length, waveform.SampleRate, InternalPeriod);
        var ratio = Math.Clamp((int)((waveform.SampleRate / InternalRate) + 0.5), 1, 12);
        var signal = Downsample(waveform.Samples, ratio);
        var sampleRate = (double)waveform.SampleRate / ratio;
        var bands = MeasureBands(signal, sampleRate, frameCount);
        var candidates = HarvestCandidates.Refine(HarvestCandidates.FromBands(bands, frameCount), signal, sampleRate, InternalFrame, options.Range);
        var f0 = HarvestContour.Connect(candidates);
        for (var t = 0; t < result.Length; t++)
            result[t] = f0[Math.Min(frameCount - 1, (int)((t * options.FramePeriod.TotalMilliseconds) + 0.5))];
        return new F0Contour(result, options.FramePeriod);
    }

    private static double[] Downsample(ReadOnlySpan<double> samples, int ratio)
    {
        var length = (samples.Length + ratio - 1) / ratio;
        double[] result;
        if (ratio == 1)
        {
            result = samples.ToArray();
        }
        else
        {
            // The ends are held for 140 samples so that the filter's transients lie outside the signal.
            var lag = (140 + ratio - 1) / ratio * ratio;
            var padded = new double[samples.Length + (2 * lag)];
            padded.AsSpan(0, lag).Fill(samples[0]);
            samples.CopyTo(padded.AsSpan(lag));
            padded.AsSpan(lag + samples.Length).Fill(samples[^1]);
            result = Decimator.Decimate(padded, ratio).AsSpan(lag / ratio, length).ToArray();
        }

        TensorPrimitives.Subtract(result, Reductions.Sum(result) / length, result);
        return result;
    }

    /// <summary>F0 in Hz by each band where its four event rates agree with its centre within 10 %, else 0; [band][frame].</summary>
    private double[][] MeasureBands(double[] signal, double sampleRate, int frameCount)
    {
        var (floor, ceiling) = (options.Range.Floor * 0.9, options.Range.Ceiling * 1.1);
        var bands = new double[1 + (int)(Math.Log2(ceiling / floor) * BandsPerOctave)][];
        var lowest = floor * Math.Pow(2, 1 / BandsPerOctave);
        var filter = new BandFilter(signal, 5 + (2 * (int)(2 * sampleRate / lowest)));
        var events = new BandEvents(signal.Length, frameCount, sampleRate);
        for (var i = 0; i < bands.Length; i++)
        {
            var centre = floor * Math.Pow(2, (i + 1) / BandsPerOctave);
            var half = (int)((sampleRate / centre * 2) + 0.5);
            var filtered = filter.Apply(response => WriteBandPass(response, half, centre / sampleRate), half + 1, signal.Length);
            bands[i] = new double[frameCount];
            if (!events.TryMeasure(filtered, InternalFrame))
                continue;
            var rates = events.Rates;
            for (var t = 0; t < frameCount; t++)
            {
                var f0 = (rates[0][t] + rates[1][t] + rates[2][t] + rates[3][t]) / 4;
                if (f0 <= centre * 1.1 && f0 >= centre * 0.9 && f0 <= options.Range.Ceiling && f0 >= options.Range.Floor)
                    bands[i][t] = f0;
            }
        }

        return bands;
    }

    /// <summary>A Nuttall window of four periods each side of the centre frequency, modulated to it.</summary>
    private static void WriteBandPass(Span<double> response, int half, double frequency)
    {
        var taps = response[..((2 * half) + 1)];
        Window.Nuttall(taps.Length, symmetric: true).CopyTo(taps);
        for (var i = -half; i <= half; i++)
            taps[i + half] *= Math.Cos(2 * Math.PI * frequency * i);
    }
}
