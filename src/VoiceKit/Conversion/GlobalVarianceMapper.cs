using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>Restores the global variance of what another mapper returns.</summary>
/// <param name="inner">The mapper.</param>
/// <param name="target">The target speaker's global variance.</param>
/// <param name="method">How it is restored.</param>
/// <param name="speech">The frames of the utterance that are speech: the variance is that of speech, and silence must not enter it.</param>
public sealed class GlobalVarianceMapper(ISpectralMapper inner, GlobalVariance target, GlobalVarianceMethod method, int[] speech) : ISpectralMapper
{
    private const int Iterations = 60;

    /// <inheritdoc/>
    public Frames Map(Frames source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var system = method == GlobalVarianceMethod.Gradient && inner is TrajectoryMapper trajectory ? trajectory.Prepare(source) : null;
        var result = system?.Solve() ?? inner.Map(source);
        if (method == GlobalVarianceMethod.None || speech.Length < 2)
            return result;

        Parallel.For(0, result.Dimension, d =>
        {
            var column = result.Column(d);
            Stretch(column, target.Mean[d]);
            if (system is not null)
                Climb(system, d, column);
            for (var t = 0; t < column.Length; t++)
                result[t][d] = column[t];
        });
        return result;
    }

    private (double Mean, double Variance) SpeechMoments(double[] column) =>
        GlobalVariance.Moments(Array.ConvertAll(speech, t => column[t]));

    private void Stretch(double[] column, double variance)
    {
        var (mean, current) = SpeechMoments(column);
        var factor = current > 0 ? Math.Sqrt(variance / current) : 1;
        for (var t = 0; t < column.Length; t++)
            column[t] = mean + (factor * (column[t] - mean));
    }

    /// <summary>Ascends omega ln P(y) + ln N(v(y)) (eq. 42 - 48) by steps scaled with the diagonal of the Hessian; a step that does not gain is halved.</summary>
    private void Climb(TrajectorySystem system, int d, double[] column)
    {
        var weight = 1.0 / (Cepstra.DeltaWindow.Count * speech.Length);
        var gradient = new double[column.Length];
        var trial = new double[column.Length];
        var trialGradient = new double[column.Length];
        var step = 1.0;
        var best = Objective(system, d, column, weight, gradient);
        for (var iteration = 0; iteration < Iterations && step > 1e-4; iteration++)
        {
            for (var t = 0; t < trial.Length; t++)
                trial[t] = column[t] + (step * gradient[t]);
            var value = Objective(system, d, trial, weight, trialGradient);
            if (value > best)
            {
                trial.CopyTo(column, 0);
                (gradient, trialGradient) = (trialGradient, gradient);
                (best, step) = (value, step * 1.5);
            }
            else
            {
                step /= 2;
            }
        }
    }

    /// <summary>The objective and its ascent direction: the gradient over the Hessian's diagonal.</summary>
    private double Objective(TrajectorySystem system, int d, double[] column, double weight, double[] direction)
    {
        var (mean, variance) = SpeechMoments(column);
        var precision = 1 / target.Variance[d];
        var excess = variance - target.Mean[d];
        system.Gradient(d, column, direction);

        // ln P(y) = y (r + g) / 2 + const, with r = W^T P E and g = r - W^T P W y the gradient.
        var likelihood = (Reductions.Dot(column, system.Right(d)) + Reductions.Dot(column, direction)) / 2;
        TensorPrimitives.Multiply(direction, weight, direction);
        foreach (var t in speech)
            direction[t] -= 2.0 / speech.Length * precision * excess * (column[t] - mean);
        for (var t = 0; t < direction.Length; t++)
        {
            var curvature = (weight * system.Diagonal(d, t)) + (2.0 / speech.Length * precision * Math.Abs(excess));
            direction[t] /= curvature;
        }

        return (weight * likelihood) - (0.5 * precision * excess * excess);
    }
}
