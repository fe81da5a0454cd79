using ILGPU;
using VoiceKit.Compute;

namespace VoiceKit.Gpu.Kernels;

/// <summary>An <see cref="ElementwiseChain"/> for kernels.</summary>
internal readonly struct ChainLinks(ElementwiseChain chain)
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
    private readonly int kind, operands;
    private readonly float scale, offset;
    private readonly BroadcastPlaces places;

    private ChainLink(ChainStep step)
    {
        if (step.Operand is { } operand)
            (kind, scale, places, operands) = ((int)step.Binary.Kind, step.Binary.Scale, new BroadcastPlaces(operand), step.OperandIsFirst ? 2 : 1);
        else
            (kind, scale, offset) = ((int)step.Unary.Kind, step.Unary.Scale, step.Unary.Offset);
    }

    public static ChainLink At(ElementwiseChain chain, int step) => step < chain.Steps.Length ? new ChainLink(chain.Steps[step]) : default;

    public float Of(float value, int index, ArrayView<float> operand)
    {
        if (operands == 0)
            return ElementwiseKernels.Unary(kind, scale, offset, value);
        var other = operand[places.Small(index)];
        return operands == 1 ? ElementwiseKernels.Binary(kind, scale, value, other) : ElementwiseKernels.Binary(kind, scale, other, value);
    }
}
