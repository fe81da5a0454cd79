namespace VoiceKit.Audio;

/// <summary>Where somebody speaks in a recording, and how far the speech is above the noise around it.</summary>
/// <remarks>
/// Frames of 10 ms are speech where their power is above a threshold between the noise floor (a low percentile) and the level of speech (a high one). Gaps shorter than
/// 200 ms are speech too. A signal that has one level throughout is speech from end to end: there is nothing to tell it from.
/// </remarks>
public sealed class SpeechActivity
{
    // A tenth of the frames lies in pauses, and the loudest twentieth, but at most 0.3 s of it, is speech, however little speech there is.
    private const double NoiseShare = 0.1;
    private const double SpeechShare = 0.05;
    private const int MostSpeechFrames = 30;

    private const double LeastContrastDb = 2.2;
    private const double AboveNoiseDb = 12;
    private const double BelowSpeechDb = 45;
    private const double SilencePower = 1.0 / 32768 / 32768;
    private const int ShortestGapFrames = 20;
    private const int GuardFrames = 5;

    private SpeechActivity()
    {
    }

    /// <summary>The stretches of speech, in order, as sample indices; empty in silence.</summary>
    public required IReadOnlyList<SampleRange> Segments { get; init; }

    /// <summary>The time before the first speech; the whole duration where there is none.</summary>
    public required TimeSpan LeadingSilence { get; init; }

    /// <summary>The time after the last speech; the whole duration where there is none.</summary>
    public required TimeSpan TrailingSilence { get; init; }

    /// <summary>
    /// The power of the speech over that of the noise in dB. The noise is what is in the pauses, and its power is taken off the speech's. Null where there is no
    /// speech or no pause; infinity where the pauses are digitally silent. -20 at the least.
    /// </summary>
    public required double? SignalToNoiseDb { get; init; }

    /// <summary>Finds the speech in a recording, in linear time.</summary>
    public static SpeechActivity Detect(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        return Detect(new FrameLevels(waveform), waveform.SampleRate, waveform.Length);
    }

    /// <summary>Finds the speech in a recording that is read part by part; some bytes a frame are in memory.</summary>
    /// <param name="stream">The recording.</param>
    /// <param name="offset">The mean of its samples: see <see cref="SignalMeter.DcOffset"/>.</param>
    public static SpeechActivity Detect(AudioReader stream, double offset)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Detect(new FrameLevels(stream, offset), stream.SampleRate, stream.Length);
    }

    private static SpeechActivity Detect(FrameLevels levels, int sampleRate, long length)
    {
        var isSpeech = SpeechFrames(levels);
        var segments = Runs(isSpeech, true).Select(run => new SampleRange(levels.Start(run.Start), levels.Start(run.End))).ToArray();
        return new SpeechActivity
        {
            Segments = segments,
            LeadingSilence = Time(segments.Length == 0 ? length : segments[0].Start),
            TrailingSilence = Time(segments.Length == 0 ? length : length - segments[^1].End),
            SignalToNoiseDb = SignalToNoise(levels, isSpeech),
        };

        TimeSpan Time(long samples) => TimeSpan.FromSeconds((double)samples / sampleRate);
    }

    private static bool[] SpeechFrames(FrameLevels levels)
    {
        var threshold = Threshold(levels);
        var isSpeech = new bool[levels.Count];
        for (var frame = 0; frame < isSpeech.Length; frame++)
            isSpeech[frame] = levels.Median(frame) > threshold;
        foreach (var (start, end) in Runs(isSpeech, false).ToArray())
        {
            if (start > 0 && end < isSpeech.Length && end - start < ShortestGapFrames)
                Array.Fill(isSpeech, true, start, end - start);
        }

        return isSpeech;
    }

    private static double Threshold(FrameLevels levels)
    {
        if (Extremes(levels) is not var (noise, speech))
            return SilencePower;
        var contrast = speech - noise;
        var level = contrast < LeastContrastDb ? double.NegativeInfinity : noise + Math.Min(contrast / 2, AboveNoiseDb);
        return Math.Max(SilencePower, Math.Pow(10, Math.Max(level, speech - BelowSpeechDb) / 10));
    }

    /// <summary>The levels of the noise and of the speech in dB; null in silence.</summary>
    private static (double Noise, double Speech)? Extremes(FrameLevels levels)
    {
        // Frames that somebody set to zero, such as padding, say nothing of the room.
        var sorted = new float[levels.Count];
        var count = 0;
        for (var frame = 0; frame < levels.Count; frame++)
        {
            if (levels.Median(frame) is var power && power > SilencePower)
                sorted[count++] = power;
        }

        if (count == 0)
            return null;
        sorted.AsSpan(0, count).Sort();
        return (Decibels(sorted[(int)(NoiseShare * count)]), Decibels(sorted[count - Math.Clamp((int)(SpeechShare * count), 1, MostSpeechFrames)]));
    }

    private static double? SignalToNoise(FrameLevels levels, bool[] isSpeech)
    {
        if (levels.Mean(frame => isSpeech[frame]) is not { } speech)
            return null;

        // The ends of words fade into the pauses: frames beside speech are noise only where there are no others.
        var isNear = new bool[isSpeech.Length];
        foreach (var (start, end) in Runs(isSpeech, true))
            Array.Fill(isNear, true, Math.Max(0, start - GuardFrames), Math.Min(isNear.Length, end + GuardFrames) - Math.Max(0, start - GuardFrames));
        var noise = levels.Mean(frame => !isNear[frame] && levels[frame] > 0) ?? levels.Mean(frame => !isSpeech[frame]);
        if (noise is not { } power)
            return null;
        return power == 0 ? double.PositiveInfinity : Decibels(Math.Max(0.01, (speech - power) / power));
    }

    private static IEnumerable<(int Start, int End)> Runs(bool[] frames, bool value)
    {
        for (var start = 0; start < frames.Length; start++)
        {
            if (frames[start] != value)
                continue;
            var end = Array.IndexOf(frames, !value, start);
            end = end < 0 ? frames.Length : end;
            yield return (start, end);
            start = end;
        }
    }

    private static double Decibels(double power) => 10 * Math.Log10(power);
}
