using VoiceKit.Compute;

namespace VoiceKit.Networks;

/// <summary>
/// Weights divided by their largest singular value, which one power iteration a training step follows (Miyato et al. 2018, algorithm 1). The
/// matrix is [all dimensions but the last, the last].
/// </summary>
public sealed class SpectralNormalization : Layer
{
    private const float Smallest = 1e-12f;

    private readonly Variable vector;
    private readonly int rows;
    private readonly int columns;

    /// <summary>Adds the state, the right singular vector, to a set.</summary>
    /// <param name="state">The network's states; not its parameters.</param>
    /// <param name="name">What the name of the state begins with.</param>
    /// <param name="shape">The weights' shape.</param>
    public SpectralNormalization(ParameterSet state, string name, TensorShape shape)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(shape);
        columns = shape[^1];
        rows = shape.Length / Math.Max(columns, 1);
        vector = state.Add(name + ".singular", new TensorShape(columns, 1), Initializations.Normal(1));
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, ForwardPass pass)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(pass);
        var matrix = input.Reshape(rows, columns);
        var constant = matrix.StopGradient();
        var left = Normalized(Tensor.MatrixProduct(constant, vector));
        var right = Normalized(Tensor.MatrixProduct(constant, left, transposeLeft: true)).StopGradient();
        pass.Add(new Assignment(vector, right));

        // sigma = u^T W v, in which only W counts for the gradient.
        var sigma = (Tensor.MatrixProduct(matrix, right) * left.StopGradient()).Sum();
        return input / sigma;
    }

    private static Tensor Normalized(Tensor vector) => vector / (vector.Square().Sum() + Smallest).Sqrt();
}
