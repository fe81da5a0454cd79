namespace VoiceKit.Mixtures;

/// <summary>Which elements of a covariance matrix may differ from zero.</summary>
public enum CovarianceStructure
{
    /// <summary>All of them.</summary>
    Full,

    /// <summary>Those between a dimension and its partner half the vector away: in a joint vector [x, y] each x with its own y.</summary>
    BlockDiagonal,

    /// <summary>The variances alone.</summary>
    Diagonal,
}

/// <summary>The independent groups of dimensions that a <see cref="CovarianceStructure"/> implies.</summary>
internal static class CovarianceGroups
{
    /// <summary>Lists the groups; each is a list of rising dimensions, and together they are all dimensions.</summary>
    internal static int[][] Of(CovarianceStructure structure, int dimension) => structure switch
    {
        CovarianceStructure.Full => [[.. Enumerable.Range(0, dimension)]],
        CovarianceStructure.BlockDiagonal when dimension % 2 == 0 => [.. Enumerable.Range(0, dimension / 2).Select(d => new[] { d, d + (dimension / 2) })],
        CovarianceStructure.BlockDiagonal => throw new ArgumentException($"Block-diagonal covariances need an even dimension, not {dimension}.", nameof(dimension)),
        _ => [.. Enumerable.Range(0, dimension).Select(d => new[] { d })],
    };
}
