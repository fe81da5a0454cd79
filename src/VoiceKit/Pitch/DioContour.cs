namespace VoiceKit.Pitch;

/// <summary>
/// DIO's choice of one contour among the bands' candidates: best score, then four steps that remove jumps and extend voiced sections.
/// </summary>
internal static class DioContour
{
    /// <summary>Selects F0, [T].</summary>
    /// <param name="candidates">F0 candidates in Hz, 0 = none, [band][T].</param>
    /// <param name="scores">Their deviations (the lower, the better), [band][T].</param>
    /// <param name="minimumVoiced">The shortest voiced section in frames, odd.</param>
    /// <param name="allowedRange">The largest relative change from frame to frame.</param>
    internal static double[] Select(double[][] candidates, double[][] scores, int minimumVoiced, double allowedRange)
    {
        var best = BestScores(candidates, scores);
        var steady = RemoveJumps(best, minimumVoiced, allowedRange);
        var core = Erode(steady, (minimumVoiced - 1) / 2);
        var (starts, ends) = VoicedSections(core);
        var contour = (double[])core.Clone();

        // Forwards from each section's end, then backwards from each start: the extension follows the straight line through the last two
        // values.
        for (var i = 0; i < ends.Count; i++)
        {
            var limit = i == ends.Count - 1 ? contour.Length - 1 : ends[i + 1];
            for (var t = ends[i]; t < limit; t++)
            {
                contour[t + 1] = Nearest(candidates, t + 1, Extrapolate(contour[t], t > 0 ? contour[t - 1] : 0), allowedRange);
                if (contour[t + 1] == 0)
                    break;
            }
        }

        for (var i = starts.Count - 1; i >= 0; i--)
        {
            var limit = i == 0 ? 1 : starts[i - 1];
            for (var t = starts[i]; t > limit; t--)
            {
                contour[t - 1] = Nearest(
                    candidates,
                    t - 1,
                    Extrapolate(contour[t], t + 1 < contour.Length ? contour[t + 1] : 0),
                    allowedRange
                );
                if (contour[t - 1] == 0)
                    break;
            }
        }

        return contour;
    }

    private static double Extrapolate(double current, double past) => ((current * 3) - past) / 2;

    private static double[] BestScores(double[][] candidates, double[][] scores)
    {
        var best = (double[])candidates[0].Clone();
        var lowest = (double[])scores[0].Clone();
        for (var band = 1; band < candidates.Length; band++)
        {
            for (var t = 0; t < best.Length; t++)
            {
                if (scores[band][t] < lowest[t])
                    (best[t], lowest[t]) = (candidates[band][t], scores[band][t]);
            }
        }

        return best;
    }

    private static double[] RemoveJumps(double[] best, int minimumVoiced, double allowedRange)
    {
        var f0 = (double[])best.Clone();
        f0.AsSpan(0, minimumVoiced).Clear();
        f0.AsSpan(f0.Length - minimumVoiced).Clear();
        var result = new double[f0.Length];
        for (var t = minimumVoiced; t < f0.Length; t++)
            result[t] = Math.Abs((f0[t] - f0[t - 1]) / (1e-12 + f0[t])) < allowedRange ? f0[t] : 0;
        return result;
    }

    /// <summary>Keeps a frame only when all frames within <paramref name="radius"/> of it are voiced.</summary>
    private static double[] Erode(double[] f0, int radius)
    {
        var result = (double[])f0.Clone();
        for (var t = radius; t < f0.Length - radius; t++)
        {
            if (f0.AsSpan(t - radius, (2 * radius) + 1).Contains(0))
                result[t] = 0;
        }

        return result;
    }

    private static (List<int> Starts, List<int> Ends) VoicedSections(double[] f0)
    {
        List<int> starts = [],
            ends = [];
        for (var t = 1; t < f0.Length; t++)
        {
            if (f0[t] == 0 && f0[t - 1] != 0)
                ends.Add(t - 1);
            else if (f0[t - 1] == 0 && f0[t] != 0)
                starts.Add(t);
        }

        return (starts, ends);
    }

    private static double Nearest(double[][] candidates, int t, double reference, double allowedRange)
    {
        var best = candidates[0][t];
        foreach (var band in candidates)
        {
            if (Math.Abs(reference - band[t]) < Math.Abs(reference - best))
                best = band[t];
        }

        return Math.Abs(1 - (best / reference)) > allowedRange ? 0 : best;
    }
}
