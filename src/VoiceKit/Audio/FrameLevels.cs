using VoiceKit.Numerics;

namespace VoiceKit.Audio;

/// <summary>The power of a signal's frames of 10 ms, without its mean.</summary>
internal sealed class FrameLevels
{
    private readonly int length;
    private readonly double[] powers;

    public FrameLevels(Waveform waveform)
    {
        var samples = waveform.Samples;
        length = samples.Length;
        FrameLength = Math.Max(1, (int)Math.Round(waveform.SampleRate / 100.0));
        powers = new double[(length + FrameLength - 1) / FrameLength];
        var mean = length == 0 ? 0 : Reductions.Sum(samples) / length;
        for (var i = 0; i < powers.Length; i++)
        {
            var frame = samples[Start(i)..Start(i + 1)];

            var squares = Reductions.SumOfSquares(frame) / frame.Length;
            var ownMean = Reductions.Sum(frame) / frame.Length;

            // A frame of one value is digital silence, whatever the mean of all is; rounding leaves a little of it.
            var isConstant = squares - (ownMean * ownMean) <= 1e-12 * squares;
            powers[i] = isConstant ? 0 : Math.Max(0, squares + (mean * (mean - (2 * ownMean))));
        }
    }

    /// <summary>The samples of a frame; the last one may have fewer.</summary>
    public int FrameLength { get; }

    /// <summary>The number of frames.</summary>
    public int Count => powers.Length;

    /// <summary>A frame's mean square.</summary>
    public double this[int frame] => powers[frame];

    /// <summary>A frame's first sample; the signal's length after the last frame.</summary>
    public int Start(int frame) => Math.Min(length, frame * FrameLength);

    /// <summary>The median power of each frame with two on either side: a click is gone, and an edge stays where it is.</summary>
    public double[] Medians()
    {
        var medians = new double[Count];
        Span<double> window = stackalloc double[5];
        for (var i = 0; i < medians.Length; i++)
        {
            for (var k = 0; k < window.Length; k++)
                window[k] = powers[Math.Clamp(i + k - 2, 0, Count - 1)];
            window.Sort();
            medians[i] = window[2];
        }

        return medians;
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
}
