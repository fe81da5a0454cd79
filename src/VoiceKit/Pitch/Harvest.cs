using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Pitch;

/// <summary>The settings of <see cref="Harvest"/>.</summary>
public sealed record HarvestOptions
{
    /// <summary>Gets or sets where to look for F0; 71 .. 800 Hz by default.</summary>
    public F0Range Range { get; init; } = F0Range.Speech;

    /// <summary>Gets or sets the time from one frame to the next; 5 ms by default.</summary>
    public TimeSpan FramePeriod { get; init; } = TimeSpan.FromMilliseconds(5);
}

/// <summary>
/// Harvest: F0 from many overlapping band-pass filters, refined by instantaneous frequencies and joined by continuity; more robust
/// to noise than <see cref="Dio"/>, and it voices more. Morise 2017, "Harvest: A high-performance fundamental frequency estimator from
/// speech signals".
/// </summary>
/// <param name="options">The settings; null for the defaults.</param>
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
            return F0Contour.Wrap(result, options.FramePeriod);

        // All decisions are made each millisecond, whatever the frame period.
        var frameCount = F0Contour.FrameCount(waveform.Length, waveform.SampleRate, InternalPeriod);
        var ratio = Math.Clamp((int)((waveform.SampleRate / InternalRate) + 0.5), 1, 12);
        var signal = Downsample(waveform.Samples, ratio);
        var sampleRate = (double)waveform.SampleRate / ratio;
        var bands = MeasureBands(signal, sampleRate, frameCount);
        var candidates = HarvestCandidates.Refine(
            HarvestCandidates.FromBands(bands, frameCount),
            signal,
            sampleRate,
            InternalFrame,
            options.Range
        );
        var f0 = HarvestContour.Connect(candidates);
        for (var t = 0; t < result.Length; t++)
            result[t] = f0[Math.Min(frameCount - 1, (int)((t * options.FramePeriod.TotalMilliseconds) + 0.5))];
        return F0Contour.Wrap(result, options.FramePeriod);
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
        var events = new ZeroCrossingIntervals(signal.Length, frameCount, sampleRate);
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

/// <summary>The F0 candidates of every frame with their scores, frame after frame in one array.</summary>
internal sealed class HarvestCandidates
{
    private const int MinRun = 10;
    private const int Spread = 3;
    private const double MinScore = 2.5;
    private const double NeighbourTolerance = 0.05;

    private readonly int[] starts;
    private readonly Candidate[] items;

    private HarvestCandidates(int[] starts, Candidate[] items) => (this.starts, this.items) = (starts, items);

    /// <summary>One candidate: F0 in Hz, and its score (the higher, the better).</summary>
    internal readonly record struct Candidate(double F0, double Score);

    /// <summary>The number of frames.</summary>
    internal int FrameCount => starts.Length - 1;

    /// <summary>The candidates of frame <paramref name="t"/>.</summary>
    internal ReadOnlySpan<Candidate> this[int t] => items.AsSpan(starts[t]..starts[t + 1]);

    /// <summary>A candidate wherever at least ten neighbouring bands agree: their mean.</summary>
    internal static HarvestCandidates FromBands(double[][] bands, int frameCount) =>
        Build(
            frameCount,
            (t, add) =>
            {
                var count = 0;
                var sum = 0.0;
                for (var band = 1; band < bands.Length; band++)
                {
                    // The outermost bands never count: a run must have an end on either side.
                    var f0 = band == bands.Length - 1 ? 0 : bands[band][t];
                    if (f0 > 0)
                    {
                        sum += f0;
                        count++;
                        continue;
                    }

                    if (count >= MinRun)
                        add(new Candidate(sum / count, 0));
                    (sum, count) = (0, 0);
                }
            }
        );

    /// <summary>
    /// Tries each frame's and its neighbours' candidates (3 ms to either side), refines them and drops those that score low or stand alone.
    /// </summary>
    internal static HarvestCandidates Refine(HarvestCandidates raw, double[] signal, double sampleRate, double frameSeconds, F0Range range)
    {
        var measure = new InstantaneousFrequency();
        var refined = Build(
            raw.FrameCount,
            (t, add) =>
            {
                for (var k = 0; k <= 2 * Spread; k++)
                {
                    var neighbour = k <= Spread ? t - k : t + k - Spread;
                    if (neighbour < 0 || neighbour >= raw.FrameCount)
                        continue;
                    foreach (var (f0, _) in raw[neighbour])
                    {
                        measure.MoveTo(signal, sampleRate, t * frameSeconds, f0);
                        var (better, score) = measure.Estimate(f0, Math.Min((int)(sampleRate / 2 / f0), 6));
                        if (better >= range.Floor && better <= range.Ceiling && score >= MinScore)
                            add(new Candidate(better, score));
                    }
                }
            }
        );

        return Build(
            refined.FrameCount,
            (t, add) =>
            {
                foreach (var candidate in refined[t])
                {
                    if (
                        t == 0
                        || t == refined.FrameCount - 1
                        || refined.HasNear(t - 1, candidate.F0)
                        || refined.HasNear(t + 1, candidate.F0)
                    )
                        add(candidate);
                }
            }
        );
    }

    /// <summary>
    /// The candidate of frame <paramref name="t"/> nearest to <paramref name="reference"/>, or 0 when none is within
    /// <paramref name="tolerance"/> (relative).
    /// </summary>
    internal double Nearest(int t, double reference, double tolerance)
    {
        var (best, error) = (0.0, tolerance);
        foreach (var (f0, _) in this[t])
        {
            var difference = Math.Abs(reference - f0) / reference;
            if (difference <= error)
                (best, error) = (f0, difference);
        }

        return best;
    }

    /// <summary>F0 of the best score at frame <paramref name="t"/>, 0 when there is no candidate.</summary>
    internal double Best(int t)
    {
        var best = default(Candidate);
        foreach (var candidate in this[t])
        {
            if (candidate.Score > best.Score)
                best = candidate;
        }

        return best.F0;
    }

    /// <summary>The score of the candidate that is exactly <paramref name="f0"/>, 0 when there is none.</summary>
    internal double ScoreOf(int t, double f0)
    {
        var score = 0.0;
        foreach (var candidate in this[t])
        {
            if (candidate.F0 == f0)
                score = Math.Max(score, candidate.Score);
        }

        return score;
    }

    private bool HasNear(int t, double f0)
    {
        foreach (var candidate in this[t])
        {
            if (Math.Abs(f0 - candidate.F0) / f0 <= NeighbourTolerance)
                return true;
        }

        return false;
    }

    private static HarvestCandidates Build(int frameCount, Action<int, Action<Candidate>> fill)
    {
        var starts = new int[frameCount + 1];
        var items = new List<Candidate>(frameCount);
        Action<Candidate> add = items.Add;
        for (var t = 0; t < frameCount; t++)
        {
            fill(t, add);
            starts[t + 1] = items.Count;
        }

        return new HarvestCandidates(starts, [.. items]);
    }
}
