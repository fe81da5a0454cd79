using VoiceKit.Devices;
using VoiceKit.Tensors;

namespace VoiceKit.Tests.TestKit;

/// <summary>
/// Compares the derivatives of a tensor with central finite differences. The tensor, contracted with fixed random weights, is a scalar
/// whose gradients are checked element by element; these gradients, contracted in the same way, are a second scalar, whose gradients are
/// the second derivatives.
/// </summary>
internal static class GradientCheck
{
    // float32: the rounding of the function costs 1e-7 / Step, the step itself Step^2 / 6 times the third derivative.
    private const double Step = 1e-2;
    private const double Tolerance = 2e-3;

    /// <summary>Checks the first and second derivatives with respect to variables, at the values that they have.</summary>
    public static void Of(ComputeDevice device, Tensor output, params IReadOnlyList<Variable> variables)
    {
        Check(device, [output], variables, 1, noise: 0);
        var gradients = Differentiation.Gradients(Contraction(device, [output], 1), variables);

        // Second derivatives that vanish are compared with zero up to the rounding of the first ones.
        var largest = device.Evaluate([.. gradients]).Max(values => values.Max(MathF.Abs));
        Check(device, gradients, variables, 2, noise: largest * 1e-4);
    }

    /// <summary>Checks the first derivatives alone.</summary>
    public static void OfFirst(ComputeDevice device, Tensor output, params IReadOnlyList<Variable> variables) =>
        Check(device, [output], variables, 1, noise: 0);

    private static void Check(
        ComputeDevice device,
        IReadOnlyList<Tensor> outputs,
        IReadOnlyList<Variable> variables,
        int order,
        double noise
    )
    {
        var gradients = Differentiation.Gradients(Contraction(device, outputs, order), variables);
        Assert.All(gradients.Zip(variables), pair => Assert.Equal(pair.Second.Shape, pair.First.Shape));
        var exact = device.Evaluate([.. gradients]);

        using var program = new ComputeProgram(device, outputs);
        double Scalar()
        {
            program.Run();
            return outputs.Select((output, number) => Dot(program.Read(output), Weights(order, number, output))).Sum();
        }

        var differences = variables.Select(variable => Differences(device, variable, Scalar)).ToArray();
        var bound =
            (Tolerance * exact.Concat(differences.Select(Single)).SelectMany(values => values).Select(MathF.Abs).DefaultIfEmpty().Max())
            + noise
            + 1e-9;
        for (var number = 0; number < variables.Count; number++)
            NumberAssert.Near(
                differences[number],
                exact[number],
                _ => bound,
                $"derivative {order} by {variables[number]}, number {number},"
            );
    }

    private static double[] Differences(ComputeDevice device, Variable variable, Func<double> scalar)
    {
        var values = device.Read(variable.Storage);
        var differences = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (above, below) = ((float)(values[i] + Step), (float)(values[i] - Step));
            device.Upload([above], variable.Storage.Slice(i, 1));
            var scalarAbove = scalar();
            device.Upload([below], variable.Storage.Slice(i, 1));
            differences[i] = (scalarAbove - scalar()) / ((double)above - below);
            device.Upload([values[i]], variable.Storage.Slice(i, 1));
        }

        return differences;
    }

    private static Tensor Contraction(ComputeDevice device, IReadOnlyList<Tensor> outputs, int order) =>
        outputs
            .Select((output, number) => (output * device.Variable(output.Shape, Weights(order, number, output))).Sum())
            .Aggregate((sum, term) => sum + term);

    private static float[] Weights(int order, int number, Tensor output) =>
        DeviceNumbers.Uniform((1000 * order) + number, output.Shape.Length);

    private static double Dot(float[] x, float[] y) => x.Zip(y, (a, b) => (double)a * b).Sum();

    private static float[] Single(double[] values) => Array.ConvertAll(values, value => (float)value);
}
