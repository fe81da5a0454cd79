namespace VoiceKit.Compute;

/// <summary>What computes a tensor from its inputs, and how a gradient goes back through it. Immutable.</summary>
public abstract class Operation
{
    /// <summary>Whether the result is its input's memory under another shape: nothing is computed.</summary>
    internal virtual bool IsView => false;

    /// <summary>The operation as a step of a chain that has computed one of the inputs; null where it is none.</summary>
    internal virtual ChainStep? StepOn(int input) => null;

    /// <summary>Computes the result on a device.</summary>
    internal abstract void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output);

    /// <summary>
    /// The gradient of a scalar with respect to one input, as new tensors: it can be differentiated again. Null where it is zero.
    /// </summary>
    /// <param name="result">What this operation computed.</param>
    /// <param name="gradient">The scalar's gradient with respect to <paramref name="result"/>, of its shape.</param>
    /// <param name="input">The number of the input.</param>
    internal abstract Tensor? Gradient(Tensor result, Tensor gradient, int input);
}
