using VoiceKit.Audio;
using VoiceKit.Numerics;

namespace VoiceKit.Pitch;

/// <summary>
/// Finds a speaker's F0 range from recordings: a first pass over a wide range, from which the middle is kept with a margin.
/// </summary>
public static class F0RangeFinder
{
    private const int MinFrames = 40;
    private static readonly F0Range Wide = new(50, 800);

    private static SegmentedF0Estimator FirstPass { get; } =
        new(new Dio(new DioOptions { Range = Wide, FramePeriod = TimeSpan.FromMilliseconds(10) }));

    /// <summary>Returns the range, or <see cref="F0Range.Speech"/> when there is too little voiced sound to tell.</summary>
    /// <param name="waveforms">Recordings of one speaker.</param>
    public static F0Range Find(IEnumerable<Waveform> waveforms)
    {
        ArgumentNullException.ThrowIfNull(waveforms);
        Waveform[] recordings = [.. waveforms];

        // A single one is part of other work, which is parallel itself.
        return FromContours(
                recordings.Length == 1 ? [FirstPass.Estimate(recordings[0])] : recordings.InParallel().Select(FirstPass.Estimate)
            ) ?? F0Range.Speech;
    }

    /// <summary>Returns the range of one recording that is read part by part.</summary>
    /// <param name="stream">The recording.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The range; null where there is too little voiced sound to tell.</returns>
    public static F0Range? TryFind(AudioReader stream, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return FromContours(
            RecordingPieces
                .Of(stream)
                .Select(piece =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    return FirstPass.Estimate(stream.Read(piece.Start, (int)(piece.End - piece.Start)));
                })
        );
    }

    /// <summary>The range that contours of a first pass imply; null where too few frames are voiced.</summary>
    internal static F0Range? FromContours(IEnumerable<F0Contour> contours)
    {
        var voiced = contours.SelectMany(contour => contour.Values.ToArray()).Where(f0 => f0 > 0).Order().ToArray();
        if (voiced.Length < MinFrames)
            return null;

        // Octave errors and creaky ends lie outside the central 90 %; the margins leave room for livelier sentences. A wide range would
        // invite octave errors: what the range excludes, no estimator can mistake.
        var (low, high) = (voiced[voiced.Length / 20], voiced[^((voiced.Length / 20) + 1)]);
        return new F0Range(Math.Clamp(low * 0.85, 40, 400), Math.Clamp(high * 1.25, 150, 1100));
    }
}

/// <summary>Counts voiced frames by their F0, in steps of 0.5 Hz: the median of hours of frames takes the memory of a second.</summary>
internal sealed class F0Histogram
{
    private const double Step = 0.5;
    private readonly int[] counts = new int[4096];

    /// <summary>Gets the number of voiced frames so far.</summary>
    public long Count { get; private set; }

    /// <summary>Gets the median F0 in Hz; 0 where no frame is voiced. Values from 2048 Hz on count as that.</summary>
    public double Median
    {
        get
        {
            var below = 0L;
            for (var bin = 0; bin < counts.Length; bin++)
            {
                below += counts[bin];
                if (2 * below > Count)
                    return (bin + 0.5) * Step;
            }

            return 0;
        }
    }

    /// <summary>Adds the voiced frames of a contour.</summary>
    public void Add(F0Contour contour)
    {
        foreach (var f0 in contour.Values)
        {
            if (f0 > 0)
            {
                counts[Math.Min((int)(f0 / Step), counts.Length - 1)]++;
                Count++;
            }
        }
    }
}

/// <summary>Estimates F0 of long recordings piece by piece, so that memory does not grow with their length.</summary>
/// <param name="inner">The estimator of a piece.</param>
public sealed class SegmentedF0Estimator(IF0Estimator inner) : IF0Estimator
{
    private const int PieceSeconds = 30;
    private const int OverlapSeconds = 1;

    /// <inheritdoc/>
    public F0Contour Estimate(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var rate = waveform.SampleRate;
        if (waveform.Length <= rate * (PieceSeconds + (2 * OverlapSeconds)))
            return inner.Estimate(waveform);

        double[]? result = null;
        var framePeriod = TimeSpan.Zero;
        for (var start = 0; start < waveform.Length; start += PieceSeconds * rate)
        {
            var from = Math.Max(0, start - (OverlapSeconds * rate));
            var to = (int)Math.Min(waveform.Length, (long)start + ((PieceSeconds + OverlapSeconds) * (long)rate));
            var contour = inner.Estimate(Waveform.Wrap(waveform.Samples[from..to].ToArray(), rate));
            framePeriod = contour.FramePeriod;
            result ??= new double[F0Contour.FrameCount(waveform.Length, rate, framePeriod)];

            // Frames keep their distance to the piece's start: pieces start on whole seconds, which are whole frames for usual periods.
            var first = (int)Math.Round(start / (rate * framePeriod.TotalSeconds));
            var skipped = (int)Math.Round((start - from) / (rate * framePeriod.TotalSeconds));
            for (var t = 0; skipped + t < contour.Count && first + t < result.Length; t++)
                result[first + t] = contour[skipped + t];
        }

        return F0Contour.Wrap(result!, framePeriod);
    }
}
