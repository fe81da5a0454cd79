namespace VoiceKit.Compute;

/// <summary>What a <see cref="ComputeProgram"/> makes of elementwise operations that follow each other; its tensors are never differentiated.</summary>
internal sealed class ChainOperation(ElementwiseChain chain) : Operation
{
    public ElementwiseChain Chain => chain;

    internal override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs, DeviceArray output) => device.Evaluate(chain, inputs, output);

    internal override Tensor? Gradient(Tensor result, Tensor gradient, int input) => throw new InvalidOperationException("The tensors of a program have no gradients.");
}
