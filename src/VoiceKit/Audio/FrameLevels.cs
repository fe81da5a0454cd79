using VoiceKit.Numerics;

namespace VoiceKit.Audio;

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
                powers[next++] = (float)Math.Min(float.MaxValue, Power(block.Samples.Slice(start, Math.Min(FrameLength, block.Length - start)), mean));
        }
    }

    public FrameLevels(Waveform waveform)
        : this(AudioReader.Of(waveform), waveform.Length == 0 ? 0 : Reductions.Sum(waveform.Samples) / waveform.Length)
    {
    }

    /// <summary>The samples of a frame; the last one may have fewer.</summary>
    public int FrameLength { get; }

    /// <summary>The number of frames.</summary>
    public int Count => powers.Length;

    /// <summary>A frame's mean square.</summary>
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
