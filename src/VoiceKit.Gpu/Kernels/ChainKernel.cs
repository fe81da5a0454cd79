using ILGPU;

namespace VoiceKit.Gpu.Kernels;

/// <summary>A chain of elementwise functions, one thread an element: between the functions the number stays in a register.</summary>
internal static class ChainKernel
{
    public static void Evaluate(
        Index1D index,
        ChainLinks chain,
        ArrayView<float> source,
        ArrayView<float> operand0,
        ArrayView<float> operand1,
        ArrayView<float> operand2,
        ArrayView<float> operand3,
        ArrayView<float> operand4,
        ArrayView<float> operand5,
        ArrayView<float> destination)
    {
        var value = chain.Link0.Of(source[chain.Source.Small(index)], index, operand0);
        if (chain.Count > 1)
            value = chain.Link1.Of(value, index, operand1);
        if (chain.Count > 2)
            value = chain.Link2.Of(value, index, operand2);
        if (chain.Count > 3)
            value = chain.Link3.Of(value, index, operand3);
        if (chain.Count > 4)
            value = chain.Link4.Of(value, index, operand4);
        if (chain.Count > 5)
            value = chain.Link5.Of(value, index, operand5);
        destination[index] = value;
    }
}
