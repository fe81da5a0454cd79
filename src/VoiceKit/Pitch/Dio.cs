using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Pitch;

/// <summary>The settings of <see cref="Dio"/>.</summary>
public sealed record DioOptions
{
    /// <summary>Gets or sets where to look for F0; 71 .. 800 Hz by default.</summary>
    public F0Range Range { get; init; } = F0Range.Speech;

    /// <summary>Gets or sets the time from one frame to the next; 5 ms by default.</summary>
    public TimeSpan FramePeriod { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Gets or sets the number of bands an octave; 2 by default.</summary>
    public double BandsPerOctave { get; init; } = 2;

    /// <summary>Gets or sets the largest relative change of F0 from frame to frame in a voiced section; 0.1 by default.</summary>
    public double AllowedRange { get; init; } = 0.1;

    /// <summary>Gets or sets whether <see cref="StoneMask"/> refines the contour; true by default.</summary>
    public bool Refine { get; init; } = true;
}

/// <summary>
/// DIO (Distributed Inline-filter Operation): F0 from the event rates of low-passed signals; the fastest estimator here, for clean speech.
/// Morise, Kawahara, Katayose 2009, "Fast and reliable F0 estimation method based on the period extraction of vocal fold vibration".
/// </summary>
/// <param name="options">The settings; null for the defaults.</param>
public sealed class Dio(DioOptions? options = null) : IF0Estimator
{
    private const double LowCut = 50;
    private readonly DioOptions options = options ?? new DioOptions();

    /// <inheritdoc/>
    public F0Contour Estimate(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var frameCount = F0Contour.FrameCount(waveform.Length, waveform.SampleRate, options.FramePeriod);
        var minimumVoiced = ((int)(0.5 + (1 / options.FramePeriod.TotalSeconds / options.Range.Floor)) * 2) + 1;
        if (frameCount <= minimumVoiced)
            return F0Contour.Wrap(new double[frameCount], options.FramePeriod);

        var (candidates, scores) = MeasureBands(waveform, frameCount);
        var f0 = DioContour.Select(candidates, scores, minimumVoiced, options.AllowedRange);
        var contour = F0Contour.Wrap(f0, options.FramePeriod);
        return options.Refine ? StoneMask.Refine(waveform, contour) : contour;
    }

    /// <summary>Candidates in Hz and their scores (the lower, the better), [band][frame].</summary>
    private (double[][] Candidates, double[][] Scores) MeasureBands(Waveform waveform, int frameCount)
    {
        double sampleRate = waveform.SampleRate;
        var (floor, ceiling) = (options.Range.Floor, options.Range.Ceiling);
        var bandCount = 1 + (int)(Math.Log2(ceiling / floor) * options.BandsPerOctave);
        var boundaries = Enumerable.Range(1, bandCount).Select(i => floor * Math.Pow(2, i / options.BandsPerOctave)).ToArray();

        // The signal is taken one sample longer, as WORLD does: its length enters the mean that is removed.
        var signal = new double[waveform.Length + 1];
        waveform.Samples.CopyTo(signal);
        TensorPrimitives.Subtract(signal, Reductions.Sum(signal) / signal.Length, signal);
        var lowCutHalf = (int)((sampleRate / LowCut) + 0.5);
        var filter = new BandFilter(signal, (lowCutHalf * 2) + 1 + (4 * (int)(1 + (sampleRate / boundaries[0] / 2))));
        filter.FilterInPlace(response => WriteLowCut(lowCutHalf, response));

        var events = new ZeroCrossingIntervals(signal.Length, frameCount, sampleRate);
        var candidates = new double[bandCount][];
        var scores = new double[bandCount][];
        for (var band = 0; band < bandCount; band++)
        {
            candidates[band] = new double[frameCount];
            scores[band] = new double[frameCount];
            var halfAverage = Math.Max(1, (int)((sampleRate / boundaries[band] / 2) + 0.5));
            var filtered = filter.Apply(
                response => Window.Nuttall(halfAverage * 4, symmetric: true).CopyTo(response),
                halfAverage * 2,
                signal.Length
            );
            var found = events.TryMeasure(filtered, options.FramePeriod.TotalSeconds);
            for (var t = 0; t < frameCount; t++)
                (candidates[band][t], scores[band][t]) = found ? Judge(events.Rates, t, boundaries[band]) : (0, double.MaxValue);
        }

        return (candidates, scores);
    }

    /// <summary>The mean of the four rates, and their relative deviation from it: small where only the fundamental passes.</summary>
    private (double F0, double Score) Judge(double[][] rates, int t, double boundary)
    {
        var (a, b, c, d) = (rates[0][t], rates[1][t], rates[2][t], rates[3][t]);
        var mean = (a + b + c + d) / 4;
        if (mean > boundary || mean < boundary / 2 || mean > options.Range.Ceiling || mean < options.Range.Floor)
            return (0, double.MaxValue);
        var squares = ((a - mean) * (a - mean)) + ((b - mean) * (b - mean)) + ((c - mean) * (c - mean)) + ((d - mean) * (d - mean));
        return (mean, Math.Sqrt(squares / 3) / (mean + 1e-12));
    }

    /// <summary>A high-pass filter: a unit impulse minus a Hann-shaped average of 2 half + 1 samples around it.</summary>
    private static void WriteLowCut(int half, Span<double> response)
    {
        var length = (half * 2) + 1;
        var average = new double[length];
        for (var i = 0; i < length; i++)
            average[i] = 0.5 - (0.5 * Math.Cos((i + 1) * 2 * Math.PI / (length + 1)));
        TensorPrimitives.Divide(average, -Reductions.Sum(average), average);
        average.AsSpan(half).CopyTo(response);
        average.AsSpan(0, half).CopyTo(response[^half..]);
        response[0] += 1;
    }
}

/// <summary>
/// StoneMask: refines an F0 contour by the instantaneous frequencies of the first harmonics
/// (Morise, Yokomori, Ozawa 2016, "WORLD", section 2; after Flanagan and Golden 1966).
/// </summary>
public static class StoneMask
{
    private const double MinF0 = 40;

    /// <summary>Returns the refined contour; unvoiced frames stay so, and a change of over 20 % is refused.</summary>
    /// <param name="waveform">The signal.</param>
    /// <param name="contour">F0 in Hz, 0 = unvoiced, [T].</param>
    public static F0Contour Refine(Waveform waveform, F0Contour contour)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        ArgumentNullException.ThrowIfNull(contour);
        var measure = new InstantaneousFrequency();
        var frameSeconds = contour.FramePeriod.TotalSeconds;
        var result = new double[contour.Count];
        for (var t = 0; t < result.Length; t++)
        {
            var f0 = contour[t];
            if (f0 <= MinF0 || f0 > waveform.SampleRate / 12.0)
                continue;
            measure.MoveTo(waveform.Samples, waveform.SampleRate, t * frameSeconds, f0);
            var coarse = measure.Estimate(f0, 2).F0;
            var refined = coarse <= 0 || coarse > f0 * 2 ? 0 : measure.Estimate(coarse, 6).F0;
            result[t] = Math.Abs(refined - f0) > f0 * 0.2 ? f0 : refined;
        }

        return F0Contour.Wrap(result, contour.FramePeriod);
    }
}
