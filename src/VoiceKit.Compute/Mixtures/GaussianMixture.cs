using VoiceKit.Numerics;

namespace VoiceKit.Mixtures;

/// <summary>A Gaussian mixture model: p(x) = sum over m of w[m] N(x; mean[m], covariance[m]).</summary>
public sealed class GaussianMixture
{
    private readonly double[] weights;
    private readonly double[][] covariances;
    private readonly Lazy<MixtureEvaluator> evaluator;

    /// <summary>Copies a mixture.</summary>
    /// <param name="weights">[M], not negative, of sum 1.</param>
    /// <param name="means">[M, D].</param>
    /// <param name="covariances">[M][D x D] row-major, symmetric positive definite.</param>
    /// <param name="structure">Which covariance elements count; the others are taken as 0.</param>
    /// <exception cref="ArgumentException">The shapes do not fit or the weights are no shares.</exception>
    public GaussianMixture(double[] weights, Frames means, double[][] covariances, CovarianceStructure structure)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(covariances);
        if (weights.Length == 0 || means.Count != weights.Length || covariances.Length != weights.Length)
            throw new ArgumentException(
                $"{weights.Length} weights, {means.Count} means and {covariances.Length} covariances do not make a mixture.",
                nameof(weights)
            );
        if (Array.Exists(covariances, covariance => covariance.Length != means.Dimension * means.Dimension))
            throw new ArgumentException($"Each covariance must have {means.Dimension} x {means.Dimension} elements.", nameof(covariances));
        if (!(Math.Abs(weights.Sum() - 1) < 1e-6) || Array.Exists(weights, weight => !(weight >= 0)))
            throw new ArgumentException("The weights must not be negative and must sum to 1.", nameof(weights));
        this.weights = [.. weights];
        Means = means.ToImmutable();
        this.covariances = Array.ConvertAll(covariances, covariance => (double[])covariance.Clone());
        Structure = structure;
        evaluator = new Lazy<MixtureEvaluator>(() => new MixtureEvaluator(this));
    }

    /// <summary>Gets the number of mixtures M.</summary>
    public int MixtureCount => weights.Length;

    /// <summary>Gets the dimension D.</summary>
    public int Dimension => Means.Dimension;

    /// <summary>Gets the weights, [M].</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>Gets the means, [M, D].</summary>
    public Frames Means { get; }

    /// <summary>Gets the structure of the covariances: which elements may differ from zero.</summary>
    public CovarianceStructure Structure { get; }

    /// <summary>The covariance of mixture <paramref name="m"/>, [D x D] row-major.</summary>
    /// <param name="m">The mixture, 0 .. M - 1.</param>
    public ReadOnlySpan<double> Covariance(int m) => covariances[m];

    /// <summary>The posteriors p(m | x[t]), [T, M], and the mean log-likelihood of a frame, ln p(x).</summary>
    /// <param name="frames">The frames, [T, D].</param>
    public (Frames Posteriors, double LogLikelihood) Posteriors(Frames frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Dimension != Dimension)
            throw new ArgumentException($"The frames have {frames.Dimension} values; the mixture has {Dimension}.", nameof(frames));
        var posteriors = new FrameBuffer(frames.Count, MixtureCount);
        evaluator.Value.WriteLogDensities(frames, posteriors);
        var sum = 0.0;
        for (var t = 0; t < frames.Count; t++)
            sum += LogSumExp.Normalize(posteriors[t]);
        return (posteriors, frames.Count == 0 ? 0 : sum / frames.Count);
    }

    /// <summary>The mixture of the dimensions from <paramref name="start"/> on alone.</summary>
    /// <param name="start">The first dimension.</param>
    /// <param name="dimension">The number of dimensions.</param>
    /// <param name="structure">The structure of the smaller covariances.</param>
    public GaussianMixture Marginal(int start, int dimension, CovarianceStructure structure)
    {
        var blocks = new double[MixtureCount][];
        for (var m = 0; m < MixtureCount; m++)
            blocks[m] = Block(m, start, start, dimension, dimension);
        return new GaussianMixture([.. weights], Means.Columns(start, dimension), blocks, structure);
    }

    /// <summary>Copies a block of a covariance: rows and columns from the given dimensions on.</summary>
    internal double[] Block(int m, int row, int column, int rows, int columns)
    {
        var block = new double[rows * columns];
        for (var i = 0; i < rows; i++)
            covariances[m].AsSpan(((row + i) * Dimension) + column, columns).CopyTo(block.AsSpan(i * columns));
        return block;
    }
}

/// <summary>The structure of covariance matrices: which elements may differ from zero.</summary>
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
    internal static int[][] Of(CovarianceStructure structure, int dimension) =>
        structure switch
        {
            CovarianceStructure.Full =>
            [
                [.. Enumerable.Range(0, dimension)],
            ],
            CovarianceStructure.BlockDiagonal when dimension % 2 == 0 =>
            [
                .. Enumerable.Range(0, dimension / 2).Select(d => new[] { d, d + (dimension / 2) }),
            ],
            CovarianceStructure.BlockDiagonal => throw new ArgumentException(
                $"Block-diagonal covariances need an even dimension, not {dimension}.",
                nameof(dimension)
            ),
            _ => [.. Enumerable.Range(0, dimension).Select(d => new[] { d })],
        };
}
