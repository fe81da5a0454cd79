using System.Globalization;

namespace VoiceKit.Conversion;

/// <summary>Leaves out pairs that say nothing of the two voices: silence, and recordings of different sentences. Training and evaluation leave out the same.</summary>
internal static class PairScreening
{
    // A pair whose aligned distance after conversion is this much above the others' median is not the same sentence twice.
    private const double MismatchRatio = 1.3;
    private const int FewestPairsForMismatch = 5;

    /// <summary>Removes pairs of which one recording is silent.</summary>
    public static void RemoveSilent(List<AlignedPair> pairs, List<string> warnings)
    {
        foreach (var empty in pairs.Where(pair => !pair.HasSpeech))
            warnings.Add($"{empty.Pair.Name}: left out, one of the two recordings is silent");
        pairs.RemoveAll(pair => !pair.HasSpeech);
    }

    /// <summary>Removes single pairs that are no closer than wrong pairings.</summary>
    public static void RemoveDoubtful(List<AlignedPair> pairs, PairingCheck check, List<string> warnings)
    {
        foreach (var pair in check.Doubtful)
            warnings.Add($"{pair.Pair.Name}: left out, the two recordings do not match (they are no nearer than recordings paired at random): different sentences?");
        pairs.RemoveAll(check.Doubtful.Contains);
    }

    /// <summary>Removes pairs whose distance is far from the others': after a mapping all distances are alike, unless the two recordings say different things.</summary>
    public static void RemoveMismatches(List<AlignedPair> pairs, List<string> warnings)
    {
        foreach (var (pair, ratio) in Distant(pairs).Take(Math.Max(0, pairs.Count - 2)))
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{pair.Pair.Name}: left out, the two recordings do not match (distance {ratio:F2} x the median): different sentences?"));
            pairs.Remove(pair);
        }
    }

    /// <summary>The pairs whose distance is far from the others', and how many times the median it is.</summary>
    public static IReadOnlyList<(AlignedPair Pair, double Ratio)> Distant(IReadOnlyList<AlignedPair> pairs)
    {
        if (pairs.Count < FewestPairsForMismatch)
            return [];
        var median = pairs.Select(pair => pair.Path.MeanCost).Order().ElementAt(pairs.Count / 2);
        return [.. pairs.Where(pair => pair.Path.MeanCost > MismatchRatio * median).Select(pair => (pair, pair.Path.MeanCost / median))];
    }
}
