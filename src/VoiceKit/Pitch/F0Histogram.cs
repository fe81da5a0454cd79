namespace VoiceKit.Pitch;

/// <summary>Counts voiced frames by their F0, in steps of 0.5 Hz: the median of hours of frames takes the memory of a second.</summary>
internal sealed class F0Histogram
{
    private const double Step = 0.5;
    private readonly int[] counts = new int[4096];

    /// <summary>The number of voiced frames so far.</summary>
    public long Count { get; private set; }

    /// <summary>The median F0 in Hz; 0 where no frame is voiced. Values from 2048 Hz on count as that.</summary>
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
