namespace VoiceKit.Alignment;

/// <summary>The alignment of two sequences: pairs of frames that rise in both, from the first pair to the last.</summary>
/// <param name="Source">The source frame of each pair.</param>
/// <param name="Target">The target frame of each pair.</param>
/// <param name="MeanCost">The mean local cost of the pairs.</param>
public sealed record WarpingPath(IReadOnlyList<int> Source, IReadOnlyList<int> Target, double MeanCost)
{
    /// <summary>The number of pairs.</summary>
    public int Count => Source.Count;
}
