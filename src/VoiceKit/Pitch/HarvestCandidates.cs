namespace VoiceKit.Pitch;

/// <summary>The F0 candidates of every frame with their scores, frame after frame in one array.</summary>
internal sealed class HarvestCandidates
{
    private const int ShortestRun = 10;
    private const int Spread = 3;
    private const double LowestScore = 2.5;
    private const double NeighbourTolerance = 0.05;

    private readonly int[] starts;
    private readonly Candidate[] items;

    private HarvestCandidates(int[] starts, Candidate[] items) => (this.starts, this.items) = (starts, items);

    /// <summary>One candidate: F0 in Hz, and its score (the higher, the better).</summary>
    internal readonly record struct Candidate(double F0, double Score);

    /// <summary>The number of frames.</summary>
    internal int FrameCount => starts.Length - 1;

    /// <summary>The candidates of frame <paramref name="t"/>.</summary>
    internal ReadOnlySpan<Candidate> this[int t] => items.AsSpan(starts[t]..starts[t + 1]);

    /// <summary>A candidate wherever at least ten neighbouring bands agree: their mean.</summary>
    internal static HarvestCandidates FromBands(double[][] bands, int frameCount) => Build(frameCount, (t, add) =>
    {
        var count = 0;
        var sum = 0.0;
        for (var band = 1; band < bands.Length; band++)
        {
            // The outermost bands never count: a run must have an end on either side.
            var f0 = band == bands.Length - 1 ? 0 : bands[band][t];
            if (f0 > 0)
            {
                sum += f0;
                count++;
                continue;
            }

            if (count >= ShortestRun)
                add(new Candidate(sum / count, 0));
            (sum, count) = (0, 0);
        }
    });

    /// <summary>Tries each frame's and its neighbours' candidates (3 ms to either side), refines them and drops those that score low or stand alone.</summary>
    internal static HarvestCandidates Refine(HarvestCandidates raw, double[] signal, double sampleRate, double frameSeconds, F0Range range)
    {
        var measure = new InstantaneousFrequency();
        var refined = Build(raw.FrameCount, (t, add) =>
        {
            for (var k = 0; k <= 2 * Spread; k++)
            {
                var neighbour = k <= Spread ? t - k : t + k - Spread;
                if (neighbour < 0 || neighbour >= raw.FrameCount)
                    continue;
                foreach (var (f0, _) in raw[neighbour])
                {
                    measure.MoveTo(signal, sampleRate, t * frameSeconds, f0);
                    var (better, score) = measure.Estimate(f0, Math.Min((int)(sampleRate / 2 / f0), 6));
                    if (better >= range.Floor && better <= range.Ceiling && score >= LowestScore)
                        add(new Candidate(better, score));
                }
            }
        });

        return Build(refined.FrameCount, (t, add) =>
        {
            foreach (var candidate in refined[t])
            {
                if (t == 0 || t == refined.FrameCount - 1 || refined.HasNear(t - 1, candidate.F0) || refined.HasNear(t + 1, candidate.F0))
                    add(candidate);
            }
        });
    }

    /// <summary>The candidate of frame <paramref name="t"/> nearest to <paramref name="reference"/>, or 0 when none is within <paramref name="tolerance"/> (relative).</summary>
    internal double Nearest(int t, double reference, double tolerance)
    {
        var (best, error) = (0.0, tolerance);
        foreach (var (f0, _) in this[t])
        {
            var difference = Math.Abs(reference - f0) / reference;
            if (difference <= error)
                (best, error) = (f0, difference);
        }

        return best;
    }

    /// <summary>F0 of the best score at frame <paramref name="t"/>, 0 when there is no candidate.</summary>
    internal double Best(int t)
    {
        var best = default(Candidate);
        foreach (var candidate in this[t])
        {
            if (candidate.Score > best.Score)
                best = candidate;
        }

        return best.F0;
    }

    /// <summary>The score of the candidate that is exactly <paramref name="f0"/>, 0 when there is none.</summary>
    internal double ScoreOf(int t, double f0)
    {
        var score = 0.0;
        foreach (var candidate in this[t])
        {
            if (candidate.F0 == f0)
                score = Math.Max(score, candidate.Score);
        }

        return score;
    }

    private bool HasNear(int t, double f0)
    {
        foreach (var candidate in this[t])
        {
            if (Math.Abs(f0 - candidate.F0) / f0 <= NeighbourTolerance)
                return true;
        }

        return false;
    }

    private static HarvestCandidates Build(int frameCount, Action<int, Action<Candidate>> fill)
    {
        var starts = new int[frameCount + 1];
        var items = new List<Candidate>(frameCount);
        Action<Candidate> add = items.Add;
        for (var t = 0; t < frameCount; t++)
        {
            fill(t, add);
            starts[t + 1] = items.Count;
        }

        return new HarvestCandidates(starts, [.. items]);
    }
}
