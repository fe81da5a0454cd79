using System.Numerics.Tensors;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>
/// The joint density of source and target frames and what follows from it: for each mixture the regression of Y on X
/// (Kain and Macon 1998; Toda, Black, Tokuda 2007, eq. 9 - 13). X and Y are [static, delta, deltaDelta].
/// </summary>
public sealed class JointDensityModel
{
    private const double MinPosterior = 1e-6;
    private readonly GaussianMixture source;
    private readonly double[][] regressions;
    private readonly double[][] conditionalVariances;

    /// <summary>Takes the joint mixture apart.</summary>
    /// <param name="joint">The mixture over [X, Y].</param>
    public JointDensityModel(GaussianMixture joint)
        : this(joint, (joint ?? throw new ArgumentNullException(nameof(joint))).Dimension / 2) { }

    /// <summary>Takes a joint mixture apart whose X and Y differ in dimension.</summary>
    /// <param name="joint">The mixture over [X, Y].</param>
    /// <param name="sourceDimension">The dimension of X; Y has the rest.</param>
    public JointDensityModel(GaussianMixture joint, int sourceDimension)
    {
        ArgumentNullException.ThrowIfNull(joint);
        Joint = joint;
        var n = sourceDimension;
        var targetDimension = joint.Dimension - n;
        SourceDimension = n;
        source = joint.Marginal(
            0,
            n,
            joint.Structure == CovarianceStructure.Full ? CovarianceStructure.Full : CovarianceStructure.Diagonal
        );
        regressions = new double[joint.MixtureCount][];
        conditionalVariances = new double[joint.MixtureCount][];
        Parallel.For(
            0,
            joint.MixtureCount,
            ParallelLimit.Options(),
            m =>
            {
                // eq. 11 and 12: A = covarianceYX covarianceXX^-1; the conditional covariance is covarianceYY - A covarianceXY, its
                // diagonal is kept.
                var factor = joint.Block(m, 0, 0, n, n);
                if (!Cholesky.TryFactorize(factor, n))
                    throw new ArithmeticException($"The source covariance of mixture {m} is not positive definite.");
                var regression = joint.Block(m, n, 0, targetDimension, n);
                var variances = new double[targetDimension];
                for (var i = 0; i < targetDimension; i++)
                {
                    var row = regression.AsSpan(i * n, n);
                    var covarianceYX = row.ToArray();
                    Cholesky.Solve(factor, n, row);
                    variances[i] = joint.Covariance(m)[((n + i) * joint.Dimension) + n + i] - Reductions.Dot(row, covarianceYX);
                }

                regressions[m] = regression;
                conditionalVariances[m] = variances;
            }
        );
    }

    /// <summary>Gets the mixture over [X, Y].</summary>
    public GaussianMixture Joint { get; }

    /// <summary>Gets the dimension of X.</summary>
    public int SourceDimension { get; }

    /// <summary>Gets the dimension of Y, three times the number of static coefficients.</summary>
    public int TargetDimension => Joint.Dimension - SourceDimension;

    /// <summary>The conditional variances of Y given X and mixture <paramref name="m"/>, [dimension].</summary>
    internal ReadOnlySpan<double> ConditionalVariances(int m) => conditionalVariances[m];

    /// <summary>The posteriors p(m | x[t]), [T, M] (eq. 9).</summary>
    internal Frames Posteriors(Frames x) => source.Posteriors(x).Posteriors;

    /// <summary>Determines whether a mixture with this posterior changes a result.</summary>
    internal static bool Matters(double posterior) => posterior >= MinPosterior;

    /// <summary>
    /// Writes the conditional mean of Y given x and mixture <paramref name="m"/>, its first values as far as there is room (eq. 11).
    /// </summary>
    /// <param name="m">The mixture.</param>
    /// <param name="x">X, [dimension of X].</param>
    /// <param name="centred">Scratch memory, [dimension of X].</param>
    /// <param name="destination">The first values of the mean; the statics come first.</param>
    internal void WriteConditionalMean(int m, ReadOnlySpan<double> x, Span<double> centred, Span<double> destination)
    {
        var n = SourceDimension;
        var means = Joint.Means[m];
        TensorPrimitives.Subtract(x, means[..n], centred);
        for (var i = 0; i < destination.Length; i++)
            destination[i] = means[n + i] + Reductions.Dot(regressions[m].AsSpan(i * n, n), centred);
    }
}
