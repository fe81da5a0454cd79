using VoiceKit.Numerics;

namespace VoiceKit.Audio;

/// <summary>The speech in a recording, and its level above the noise.</summary>
/// <remarks>
/// Frames of 10 ms are speech where their power is above a threshold between the noise floor (a low percentile) and the level of speech (a
/// high one). Gaps shorter than 200 ms are speech too. A signal that has one level throughout is speech from end to end: there is nothing
/// to tell it from.
/// </remarks>
public sealed class SpeechActivity
{
    // A tenth of the frames lies in pauses, and the loudest twentieth, but at most 0.3 s of it, is speech, however little speech there is.
    private const double NoiseRatio = 0.1;
    private const double SpeechRatio = 0.05;
    private const int MaxSpeechFrames = 30;

    private const double MinContrastDb = 2.2;
    private const double AboveNoiseDb = 12;
    private const double BelowSpeechDb = 45;
    private const double SilencePower = 1.0 / 32768 / 32768;
    private const int MinGapFrames = 20;
    private const int GuardFrames = 5;

    private SpeechActivity() { }

    /// <summary>Gets or sets the stretches of speech, in order, as sample indices; empty in silence.</summary>
    public required IReadOnlyList<SampleRange> Segments { get; init; }

    /// <summary>Gets or sets the time before the first speech; the whole duration where there is none.</summary>
    public required TimeSpan LeadingSilence { get; init; }

    /// <summary>Gets or sets the time after the last speech; the whole duration where there is none.</summary>
    public required TimeSpan TrailingSilence { get; init; }

    /// <summary>
    /// Gets or sets the power of the speech over that of the noise in dB. The noise is what is in the pauses, and its power is taken off
    /// the speech's. Null where there is no speech or no pause; infinity where the pauses are digitally silent. -20 at the least.
    /// </summary>
    public required double? SignalToNoiseDb { get; init; }

    /// <summary>Finds the speech in a recording, in linear time.</summary>
    /// <param name="waveform">The signal.</param>
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
            if (start > 0 && end < isSpeech.Length && end - start < MinGapFrames)
                Array.Fill(isSpeech, true, start, end - start);
        }

        return isSpeech;
    }

    private static double Threshold(FrameLevels levels)
    {
        if (Extremes(levels) is not var (noise, speech))
            return SilencePower;
        var contrast = speech - noise;
        var level = contrast < MinContrastDb ? double.NegativeInfinity : noise + Math.Min(contrast / 2, AboveNoiseDb);
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
        return (
            Decibels(sorted[(int)(NoiseRatio * count)]),
            Decibels(sorted[count - Math.Clamp((int)(SpeechRatio * count), 1, MaxSpeechFrames)])
        );
    }

    private static double? SignalToNoise(FrameLevels levels, bool[] isSpeech)
    {
        if (levels.Mean(frame => isSpeech[frame]) is not { } speech)
            return null;

        // The ends of words fade into the pauses: frames beside speech are noise only where there are no others.
        var isNear = new bool[isSpeech.Length];
        foreach (var (start, end) in Runs(isSpeech, true))
            Array.Fill(
                isNear,
                true,
                Math.Max(0, start - GuardFrames),
                Math.Min(isNear.Length, end + GuardFrames) - Math.Max(0, start - GuardFrames)
            );
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

/// <summary>The power of a signal's frames of 10 ms, without its mean.</summary>
internal sealed class FrameLevels
{
    private const int FramesPerBlock = 1000;
    private readonly long length;
    private readonly float[] powers;

    /// <param name="stream">The signal, which is read once.</param>
    /// <param name="mean">The mean of its samples.</param>
    public FrameLevels(AudioReader stream, double mean)
    {
        length = stream.Length;
        FrameLength = Math.Max(1, (int)Math.Round(stream.SampleRate / 100.0));
        powers = new float[(length + FrameLength - 1) / FrameLength];
        var next = 0;
        foreach (var block in stream.Blocks(FramesPerBlock * FrameLength))
        {
            for (var start = 0; start < block.Length; start += FrameLength)
                powers[next++] = (float)
                    Math.Min(float.MaxValue, Power(block.Samples.Slice(start, Math.Min(FrameLength, block.Length - start)), mean));
        }
    }

    public FrameLevels(Waveform waveform)
        : this(AudioReader.Of(waveform), waveform.Length == 0 ? 0 : Reductions.Sum(waveform.Samples) / waveform.Length) { }

    /// <summary>Gets the samples of a frame; the last one may have fewer.</summary>
    public int FrameLength { get; }

    /// <summary>Gets the number of frames.</summary>
    public int Count => powers.Length;

    /// <summary>Gets a frame's mean square.</summary>
    public double this[int frame] => powers[frame];

    /// <summary>A frame's first sample; the signal's length after the last frame.</summary>
    public long Start(int frame) => Math.Min(length, (long)frame * FrameLength);

    /// <summary>The median power of a frame with two on either side: a click is gone, and an edge stays where it is.</summary>
    public float Median(int frame)
    {
        Span<float> window = stackalloc float[5];
        for (var k = 0; k < window.Length; k++)
            window[k] = powers[Math.Clamp(frame + k - 2, 0, Count - 1)];
        window.Sort();
        return window[2];
    }

    /// <summary>The quietest frames in a row: the first place where their summed power is least.</summary>
    /// <param name="width">The number of frames.</param>
    /// <param name="first">The earliest first frame.</param>
    /// <param name="last">The latest first frame.</param>
    /// <returns>The index of the first of them; null where so many frames do not fit.</returns>
    public int? Quietest(int width, int first, int last)
    {
        int? best = null;
        var least = double.PositiveInfinity;
        for (var frame = first; frame <= Math.Min(last, Count - width); frame++)
        {
            var power = 0.0;
            for (var i = 0; i < width; i++)
                power += powers[frame + i];
            if (power < least)
                (best, least) = (frame, power);
        }

        return best;
    }

    /// <summary>The mean power over frames.</summary>
    /// <returns>The mean, or null where none is chosen.</returns>
    public double? Mean(Func<int, bool> isChosen)
    {
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < Count; i++)
        {
            if (isChosen(i))
                (sum, count) = (sum + powers[i], count + 1);
        }

        return count == 0 ? null : sum / count;
    }

    private static double Power(ReadOnlySpan<double> frame, double mean)
    {
        var squares = Reductions.SumOfSquares(frame) / frame.Length;
        var ownMean = Reductions.Sum(frame) / frame.Length;

        // A frame of one value is digital silence, whatever the mean of all is; rounding leaves a little of it.
        var isConstant = squares - (ownMean * ownMean) <= 1e-12 * squares;
        return isConstant ? 0 : Math.Max(0, squares + (mean * (mean - (2 * ownMean))));
    }
}
