using VoiceKit.Audio;

namespace VoiceKit.Pitch;

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
            var contour = inner.Estimate(new Waveform(waveform.Samples[from..to].ToArray(), rate));
            framePeriod = contour.FramePeriod;
            result ??= new double[F0Contour.FrameCount(waveform.Length, rate, framePeriod)];

            // Frames keep their distance to the piece's start: pieces start on whole seconds, which are whole frames for usual periods.
            var first = (int)Math.Round(start / (rate * framePeriod.TotalSeconds));
            var skipped = (int)Math.Round((start - from) / (rate * framePeriod.TotalSeconds));
            for (var t = 0; skipped + t < contour.Count && first + t < result.Length; t++)
                result[first + t] = contour[skipped + t];
        }

        return new F0Contour(result!, framePeriod);
    }
}
