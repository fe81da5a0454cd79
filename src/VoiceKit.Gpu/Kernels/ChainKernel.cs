using ILGPU;
using VoiceKit.Devices;

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
        ArrayView<float> destination
    )
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

/// <summary>An <see cref="ElementwiseFusion"/> for kernels.</summary>
internal readonly struct ChainLinks(ElementwiseFusion chain)
{
    public int Count { get; } = chain.Steps.Length;

    public BroadcastPlaces Source { get; } = new(chain.Source);

    public ChainLink Link0 { get; } = ChainLink.At(chain, 0);

    public ChainLink Link1 { get; } = ChainLink.At(chain, 1);

    public ChainLink Link2 { get; } = ChainLink.At(chain, 2);

    public ChainLink Link3 { get; } = ChainLink.At(chain, 3);

    public ChainLink Link4 { get; } = ChainLink.At(chain, 4);

    public ChainLink Link5 { get; } = ChainLink.At(chain, 5);
}

/// <summary>A <see cref="ChainStep"/> for kernels.</summary>
internal readonly struct ChainLink
{
    private readonly int kind,
        operands;
    private readonly float scale,
        offset;
    private readonly BroadcastPlaces places;

    private ChainLink(ChainStep step)
    {
        if (step.Operand is { } operand)
            (kind, scale, places, operands) = (
                (int)step.Binary.Kind,
                step.Binary.Scale,
                new BroadcastPlaces(operand),
                step.OperandIsFirst ? 2 : 1
            );
        else
            (kind, scale, offset) = ((int)step.Unary.Kind, step.Unary.Scale, step.Unary.Offset);
    }

    public static ChainLink At(ElementwiseFusion chain, int step) => step < chain.Steps.Length ? new ChainLink(chain.Steps[step]) : default;

    public float Of(float value, int index, ArrayView<float> operand)
    {
        if (operands == 0)
            return ElementwiseKernels.Unary(kind, scale, offset, value);
        var other = operand[places.Small(index)];
        return operands == 1 ? ElementwiseKernels.Binary(kind, scale, value, other) : ElementwiseKernels.Binary(kind, scale, other, value);
    }
}
