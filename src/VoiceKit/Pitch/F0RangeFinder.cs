using VoiceKit.Audio;

namespace VoiceKit.Pitch;

/// <summary>Finds a speaker's F0 range from recordings: a first pass over a wide range, from which the middle is kept with a margin.</summary>
public static class F0RangeFinder
{
    private const int FewestFrames = 40;
    private static readonly F0Range Wide = new(50, 800);

    private static SegmentedF0Estimator FirstPass { get; } = new(new Dio(new DioOptions { Range = Wide, FramePeriod = TimeSpan.FromMilliseconds(10) }));

    /// <summary>Returns the range, or <see cref="F0Range.Speech"/> when there is too little voiced sound to tell.</summary>
    /// <param name="waveforms">Recordings of one speaker.</param>
    public static F0Range Find(IEnumerable<Waveform> waveforms)
    {
        ArgumentNullException.ThrowIfNull(waveforms);
        Waveform[] recordings = [.. waveforms];

        // A single one is part of other work, which is parallel itself.
        return FromContours(recordings.Length == 1 ? [FirstPass.Estimate(recordings[0])] : recordings.AsParallel().AsOrdered().Select(FirstPass.Estimate)) ?? F0Range.Speech;
    }

    /// <summary>Returns the range of one recording that is read part by part.</summary>
    /// <param name="stream">The recording.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The range; null where there is too little voiced sound to tell.</returns>
    public static F0Range? TryFind(AudioReader stream, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return FromContours(RecordingPieces.Of(stream).Select(piece =>
        {
            cancellation.ThrowIfCancellationRequested();
            return FirstPass.Estimate(stream.Read(piece.Start, (int)(piece.End - piece.Start)));
        }));
    }

    /// <summary>The range that contours of a first pass imply; null where too few frames are voiced.</summary>
    internal static F0Range? FromContours(IEnumerable<F0Contour> contours)
    {
        var voiced = contours.SelectMany(contour => contour.Values.ToArray()).Where(f0 => f0 > 0).Order().ToArray();
        if (voiced.Length < FewestFrames)
            return null;

        // Octave errors and creaky ends lie outside the central 90 %; the margins leave room for livelier sentences. A wide range would
        // invite octave errors: what the range excludes, no estimator can mistake.
        var (low, high) = (voiced[voiced.Length / 20], voiced[^((voiced.Length / 20) + 1)]);
        return new F0Range(Math.Clamp(low * 0.85, 40, 400), Math.Clamp(high * 1.25, 150, 1100));
    }
}
