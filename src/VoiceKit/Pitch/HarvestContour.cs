namespace VoiceKit.Pitch;

/// <summary>
/// Harvest's second half: joins candidates into one smooth contour. Frames are 1 ms apart; the constants are the paper's.
/// </summary>
internal static class HarvestContour
{
    private const double MaxJump = 0.008;
    private const int MinSection = 6;
    private const double ExtensionTolerance = 0.18;
    private const int MaxExtension = 100;
    private const int MaxMiss = 4;
    private const double SectionPeriods = 2200;
    private const int MaxGap = 9;
    private const int FilterMargin = 300;

    /// <summary>Returns F0 in Hz a frame, 0 = unvoiced.</summary>
    internal static double[] Connect(HarvestCandidates candidates)
    {
        var f0 = new double[candidates.FrameCount];
        for (var t = 0; t < f0.Length; t++)
            f0[t] = candidates.Best(t);
        f0 = RemoveJumps(f0);
        foreach (var section in Section.Find(f0).Where(section => section.End - section.Start < MinSection))
            f0.AsSpan(section.Start..(section.End + 1)).Clear();
        f0 = ExtendAndMerge(f0, candidates);
        FillGaps(f0);
        return Smooth(f0);
    }

    private static double[] RemoveJumps(double[] f0)
    {
        var result = new double[f0.Length];
        for (var t = 2; t < f0.Length; t++)
        {
            var line = (f0[t - 1] * 2) - f0[t - 2];
            var offLine = Math.Abs((f0[t] - line) / line) > MaxJump;
            var offLast = Math.Abs(f0[t] - f0[t - 1]) / f0[t - 1] > MaxJump;
            result[t] = f0[t] == 0 || (offLine && offLast) ? 0 : f0[t];
        }

        return result;
    }

    /// <summary>
    /// Extends every voiced section both ways along the candidates nearest to its ends, keeps the long ones, and resolves overlaps by
    /// score.
    /// </summary>
    private static double[] ExtendAndMerge(double[] f0, HarvestCandidates candidates)
    {
        var sections = Section.Find(f0);
        foreach (var section in sections)
            section.Extend(candidates);
        var kept = sections
            .Where(section => SectionPeriods / section.Mean() < section.End - section.Start)
            .OrderBy(section => section.Start)
            .ToList();
        if (kept.Count == 0)
            return f0;

        var merged = new double[f0.Length];
        kept[0].CopyTo(merged, kept[0].Start);
        var (start, end) = (kept[0].Start, kept[0].End);
        foreach (var next in kept.Skip(1))
        {
            if (next.Start > end)
            {
                next.CopyTo(merged, next.Start);
                (start, end) = (next.Start, next.End);
            }
            else if (next.End > end || next.Start < start)
            {
                double currentScore = 0,
                    nextScore = 0;
                for (var t = next.Start; t <= end; t++)
                {
                    currentScore += candidates.ScoreOf(t, merged[t]);
                    nextScore += candidates.ScoreOf(t, next[t]);
                }

                next.CopyTo(merged, currentScore > nextScore ? end : next.Start);
                end = next.End;
            }
        }

        return merged;
    }

    private static void FillGaps(double[] f0)
    {
        var sections = Section.Find(f0);
        for (var i = 0; i + 1 < sections.Count; i++)
        {
            var (from, to) = (sections[i].End, sections[i + 1].Start);
            if (to - from - 1 >= MaxGap)
                continue;
            var (first, last) = (f0[from] + 1, f0[to] - 1);
            for (var t = from + 1; t < to; t++)
                f0[t] = first + ((last - first) / (to - from) * (t - from));
        }
    }

    /// <summary>
    /// A second-order Butterworth low-pass run forwards and backwards over each section, whose end values are held beyond its ends.
    /// </summary>
    private static double[] Smooth(double[] f0)
    {
        var result = new double[f0.Length];

        // The list of sections ends a voiced contour one frame early at either end; a margin keeps these frames.
        var padded = new double[f0.Length + 2];
        f0.CopyTo(padded, 1);
        foreach (var section in Section.Find(padded))
        {
            var length = section.End - section.Start + 1;
            var buffer = new double[length + (2 * FilterMargin)];
            padded.AsSpan(section.Start, length).CopyTo(buffer.AsSpan(FilterMargin));
            buffer.AsSpan(0, FilterMargin).Fill(padded[section.Start]);
            buffer.AsSpan(FilterMargin + length).Fill(padded[section.End]);
            for (var pass = 0; pass < 2; pass++)
            {
                double w0 = 0,
                    w1 = 0;
                for (var i = 0; i < buffer.Length; i++)
                {
                    var w = buffer[i] + (1.7347257688092754 * w0) - (0.76600660094326412 * w1);
                    buffer[i] = (0.0078202080334971724 * (w + w1)) + (0.015640416066994345 * w0);
                    (w1, w0) = (w0, w);
                }

                Array.Reverse(buffer);
            }

            buffer.AsSpan(FilterMargin, length).CopyTo(result.AsSpan(section.Start - 1));
        }

        return result;
    }

    /// <summary>A voiced section [Start, End] that carries its own values, so that extended sections may overlap.</summary>
    private sealed class Section(int start, int end, double[] f0)
    {
        private readonly Dictionary<int, double> extension = [];
        private readonly int originalStart = start;
        private readonly int originalEnd = end;

        public int Start { get; private set; } = start;

        public int End { get; private set; } = end;

        public double this[int t] => t >= originalStart && t <= originalEnd ? f0[t] : extension.GetValueOrDefault(t);

        /// <summary>Lists the voiced sections; the first and the last frame count as unvoiced.</summary>
        public static List<Section> Find(double[] f0)
        {
            var sections = new List<Section>();
            var start = -1;
            for (var t = 1; t < f0.Length; t++)
            {
                var voiced = t < f0.Length - 1 && f0[t] > 0;
                if (voiced && start < 0)
                    start = t;
                if (!voiced && start >= 0)
                {
                    sections.Add(new Section(start, t - 1, f0));
                    start = -1;
                }
            }

            return sections;
        }

        public void Extend(HarvestCandidates candidates)
        {
            End = Follow(End, Math.Min(candidates.FrameCount - 2, End + MaxExtension), 1, candidates);
            Start = Follow(Start, Math.Max(1, Start - MaxExtension), -1, candidates);
        }

        public double Mean()
        {
            var sum = 0.0;
            for (var t = Start; t < End; t++)
                sum += this[t];
            return sum / (End - Start);
        }

        public void CopyTo(double[] destination, int from)
        {
            for (var t = from; t <= End; t++)
                destination[t] = this[t];
        }

        private int Follow(int origin, int last, int step, HarvestCandidates candidates)
        {
            var (reference, reached, misses) = (f0[origin], origin, 0);
            for (var t = origin; misses < MaxMiss && (last - t) * step >= 0; t += step)
            {
                var found = candidates.Nearest(t + step, reference, ExtensionTolerance);
                extension[t + step] = found;
                misses = found == 0 ? misses + 1 : 0;
                if (found != 0)
                    (reference, reached) = (found, t + step);
            }

            return reached;
        }
    }
}
