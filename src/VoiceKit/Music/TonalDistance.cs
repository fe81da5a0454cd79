namespace VoiceKit.Music;

/// <summary>
/// How far harmony moves: the distance of tonal centroids (Harte, Sandler and Gasser, "Detecting harmonic change in musical audio", 2006), whose
/// circles of fifths, minor thirds and major thirds have the radii 1, 1 and 0.5.
/// </summary>
internal static class TonalDistance
{
    /// <summary>The mean distance between successive beats that both sound; NaN where there are none.</summary>
    public static double Mean(NoteGrid grid, int stepsPerBeat)
    {
        var distances = new List<double>();
        double[]? last = null;
        for (var start = 0; start + stepsPerBeat <= grid.StepCount; start += stepsPerBeat)
        {
            var centroid = Centroid(grid.Sounding.Slice(start, stepsPerBeat));
            if (centroid is not null && last is not null)
                distances.Add(Math.Sqrt(centroid.Zip(last, (x, y) => (x - y) * (x - y)).Sum()));
            last = centroid;
        }

        return distances.Count > 0 ? distances.Average() : double.NaN;
    }

    private static double[]? Centroid(ReadOnlySpan<UInt128> beat)
    {
        var centroid = new double[6];
        var count = 0;
        foreach (var bits in beat)
        {
            foreach (var pitch in NoteGrid.Pitches(bits))
            {
                var (fifths, minor, major) = (pitch % 12 * 7 * Math.PI / 6, pitch % 12 * 3 * Math.PI / 2, pitch % 12 * 2 * Math.PI / 3);
                centroid[0] += Math.Sin(fifths);
                centroid[1] += Math.Cos(fifths);
                centroid[2] += Math.Sin(minor);
                centroid[3] += Math.Cos(minor);
                centroid[4] += 0.5 * Math.Sin(major);
                centroid[5] += 0.5 * Math.Cos(major);
                count++;
            }
        }

        return count == 0 ? null : [.. centroid.Select(value => value / count)];
    }
}
