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

    /// <summary>Removes pairs whose distance is far from the others': after a mapping all distances are alike, unless the two recordings say different things.</summary>
    public static void RemoveMismatches(List<AlignedPair> pairs, List<string> warnings)
    {
        if (pairs.Count < FewestPairsForMismatch)
            return;
        var median = pairs.Select(pair => pair.Path.MeanCost).Order().ElementAt(pairs.Count / 2);
        foreach (var pair in pairs.Where(pair => pair.Path.MeanCost > MismatchRatio * median).ToArray())
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{pair.Pair.Name}: left out, the two recordings do not match (distance {pair.Path.MeanCost / median:F2} x the median): different sentences?"));
            if (pairs.Count > 2)
                pairs.Remove(pair);
        }
    }
}
