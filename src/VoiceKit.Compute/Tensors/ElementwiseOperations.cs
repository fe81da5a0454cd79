using VoiceKit.Devices;

namespace VoiceKit.Tensors;

internal sealed class FillOperation(float value) : Operation
{
    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) => device.Fill(value, output);

    internal override Tensor? Gradient(Tensor result, Tensor gradient, int input) => null;
}

internal sealed class UnaryOperation(UnaryFunction function) : Operation
{
    internal override ChainStep StepOn(int input) => ChainStep.Of(function);

    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) =>
        device.Apply(function, inputs[0], output);

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input)
    {
        var x = result.Inputs[0];
        return function.Kind switch
        {
            UnaryKind.Affine => function.Scale * gradient,
            UnaryKind.Exp => gradient * result,
            UnaryKind.Log => gradient * x.Reciprocal(),
            UnaryKind.Sqrt => gradient * (0.5f * result.Reciprocal()),
            UnaryKind.Reciprocal => -(gradient * result.Square()),
            UnaryKind.Square => 2 * (gradient * x),
            UnaryKind.Tanh => gradient * (1 - result.Square()),
            UnaryKind.Sigmoid => gradient * (result * (1 - result)),
            UnaryKind.Softplus => gradient * x.Sigmoid(),
            // The result has the sign of x, and what computes x need not be kept for it.
            UnaryKind.LeakyRelu => LeakyReluGradient(function.Scale >= 0 ? result : x, gradient, function.Scale),
            _ => throw new InvalidOperationException($"{function.Kind} has no derivative."),
        };
    }

    /// <summary>y where x > 0, slope y elsewhere.</summary>
    public static Tensor LeakyReluGradient(Tensor x, Tensor y, float slope) =>
        new(x.Shape, new BinaryOperation(new BinaryFunction(BinaryKind.LeakyReluGradient, slope), Broadcast.Of(x.Shape, y.Shape)), x, y);
}

internal sealed class BinaryOperation(BinaryFunction function, Broadcast broadcast) : Operation
{
    internal override ChainStep? StepOn(int input) =>
        input == 0 || broadcast.IsPlain ? ChainStep.Of(function, broadcast, operandIsFirst: input == 1) : null;

    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) =>
        device.Combine(function, broadcast, inputs[0], inputs[1], output);

    internal override Tensor? Gradient(Tensor result, Tensor gradient, int input)
    {
        var (large, small) = (result.Inputs[0], result.Inputs[1]);
        return (function.Kind, input) switch
        {
            (BinaryKind.Add, 0) => gradient,
            (BinaryKind.Add, _) => function.Scale * gradient.SumTo(small.Shape),
            (BinaryKind.Multiply, 0) => gradient * small,
            (BinaryKind.Multiply, _) => (gradient * large).SumTo(small.Shape),
            // The step at zero has no slope to either side.
            (BinaryKind.LeakyReluGradient, 0) => null,
            (BinaryKind.LeakyReluGradient, _) => UnaryOperation.LeakyReluGradient(large, gradient, function.Scale).SumTo(small.Shape),
            _ => throw new InvalidOperationException($"{function.Kind} has no derivative."),
        };
    }
}

internal sealed class SumOperation(Broadcast broadcast) : Operation
{
    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) =>
        device.Sum(broadcast, inputs[0], output);

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input) => gradient.RepeatTo(result.Inputs[0].Shape);
}

internal sealed class RepeatOperation(Broadcast broadcast) : Operation
{
    public Broadcast Broadcast => broadcast;

    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) =>
        device.Repeat(broadcast, inputs[0], output);

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input) => gradient.SumTo(result.Inputs[0].Shape);
}

internal sealed class SoftmaxOperation(int columns) : Operation
{
    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) =>
        device.Softmax(columns, inputs[0], output);

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input)
    {
        // dx = y (g - sum g y)
        var weighted = gradient * result;
        return weighted - (result * weighted.Sum(result.Shape.Rank - 1));
    }
}

internal sealed class OneHotOfMaximumOperation(int columns) : Operation
{
    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) =>
        device.OneHotOfMaximum(columns, inputs[0], output);

    internal override Tensor Gradient(Tensor result, Tensor gradient, int input) => gradient;
}

internal sealed class OneHotOperation(int columns) : Operation
{
    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) =>
        device.OneHot(columns, inputs[0], output);

    internal override Tensor? Gradient(Tensor result, Tensor gradient, int input) => null;
}

/// <summary>
/// What a <see cref="ComputeProgram"/> makes of elementwise operations that follow each other; its tensors are never differentiated.
/// </summary>
internal sealed class ChainOperation(ElementwiseFusion chain) : Operation
{
    public ElementwiseFusion Chain => chain;

    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) =>
        device.Evaluate(chain, inputs, output);

    internal override Tensor? Gradient(Tensor result, Tensor gradient, int input) =>
        throw new InvalidOperationException("The tensors of a program have no gradients.");
}
