using VoiceKit.Devices;

namespace VoiceKit.Tensors;

/// <summary>
/// Joins elementwise operations that follow each other into chains, each of which is one pass over memory and one launch on a GPU. An
/// intermediate result that something else reads, or that is asked for, ends its chain; but scale and offset cost less to compute again
/// than to keep. The numbers stay the same.
/// </summary>
internal sealed class ChainFusion
{
    private readonly Dictionary<Tensor, Tensor> replaced = [];
    private readonly Dictionary<Tensor, Link> links = [];
    private readonly Dictionary<Tensor, int> readers = [];

    /// <summary>Joins what can be joined.</summary>
    /// <param name="order">All tensors, each after its inputs.</param>
    /// <param name="wanted">Those that must be there in the end.</param>
    public ChainFusion(IReadOnlyList<Tensor> order, IReadOnlyList<Tensor> wanted)
    {
        // What is asked for counts twice, so that it is never an intermediate result.
        foreach (var read in order.SelectMany(tensor => tensor.Inputs).Concat(wanted).Concat(wanted))
            readers[read] = readers.GetValueOrDefault(read) + 1;
        foreach (var tensor in order)
            replaced[tensor] = Replace(tensor);
    }

    /// <summary>Gets what stands for a tensor.</summary>
    public Tensor this[Tensor tensor] => replaced[tensor];

    private Tensor Replace(Tensor tensor)
    {
        if (Join(tensor) is { } link)
        {
            links[tensor] = link;
            if (link.Steps.Length > 1 || link.Repetition is not null)
                return new Tensor(
                    tensor.Shape,
                    new ChainOperation(link.Chain(tensor.Shape)),
                    [.. link.Operands.Select(operand => replaced[operand])]
                );
        }

        var inputs = tensor.Inputs.Select(input => replaced[input]).ToArray();
        return inputs.SequenceEqual(tensor.Inputs) ? tensor : new Tensor(tensor.Shape, tensor.Operation, inputs);
    }

    /// <summary>The chain that ends with a tensor; null where it is not computed element by element.</summary>
    private Link? Join(Tensor tensor)
    {
        Link? start = null;
        for (var input = 0; input < tensor.Inputs.Count; input++)
        {
            if (tensor.Operation!.StepOn(input) is not { } step)
                continue;
            var (before, isReadOnce) = Behind(tensor.Inputs[input]);
            Tensor[] others = [.. tensor.Inputs.Where((_, other) => other != input)];
            if (links.TryGetValue(before, out var link) && link.Steps.Length < ElementwiseFusion.MaxSteps && (isReadOnce || link.IsScaling))
                return new Link(link.Repetition, [.. link.Steps, step], [.. link.Operands, .. others]);
            if (isReadOnce && before.Operation is RepeatOperation repeat)
                start = new Link(repeat.Broadcast, [step], [before.Inputs[0], .. others]);
            else
                start ??= new Link(null, [step], [tensor.Inputs[input], .. others]);
        }

        return start;
    }

    /// <summary>The tensor of which one is a view, and whether nothing else reads any of them.</summary>
    private (Tensor Tensor, bool IsReadOnce) Behind(Tensor tensor)
    {
        var isReadOnce = readers[tensor] == 1;
        while (tensor.Operation is { IsView: true })
        {
            tensor = tensor.Inputs[0];
            isReadOnce &= readers[tensor] == 1;
        }

        return (tensor, isReadOnce);
    }

    /// <summary>A chain as long as it is: how the first of its operands is repeated, and its steps.</summary>
    private sealed record Link(Broadcast? Repetition, ChainStep[] Steps, Tensor[] Operands)
    {
        public bool IsScaling => Repetition is null && Steps is [{ Operand: null, Unary.Kind: UnaryKind.Affine }];

        public ElementwiseFusion Chain(TensorShape shape) => new(Repetition ?? Broadcast.Of(shape, shape), Steps);
    }
}
