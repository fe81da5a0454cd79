using System.Runtime.InteropServices;

namespace VoiceKit.Tensors;

/// <summary>Reverse-mode differentiation. Gradients are tensors like others, so gradients of gradients are taken the same way.</summary>
public static class Differentiation
{
    /// <summary>
    /// The gradients of a scalar with respect to some tensors, each of the tensor's shape; zero where the scalar does not depend on it.
    /// </summary>
    /// <param name="scalar">The scalar.</param>
    /// <param name="targets">With respect to what.</param>
    /// <exception cref="ArgumentException"><paramref name="scalar"/> has more than one element.</exception>
    public static IReadOnlyList<Tensor> Gradients(Tensor scalar, params IReadOnlyList<Tensor> targets)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        ArgumentNullException.ThrowIfNull(targets);
        if (scalar.Shape.Length != 1)
            throw new ArgumentException($"Only a single number has gradients here, not a tensor of shape {scalar.Shape}.", nameof(scalar));

        // Only what leads from a target to the scalar needs a gradient.
        var order = EvaluationOrder.Of([scalar]);
        var involved = new HashSet<Tensor>(targets);
        foreach (var tensor in order)
        {
            if (tensor.Inputs.Any(involved.Contains))
                involved.Add(tensor);
        }

        var shares = new Dictionary<Tensor, List<Tensor>> { [scalar] = [Tensor.Filled(1, scalar.Shape)] };
        var gradients = new Dictionary<Tensor, Tensor>();
        for (var i = order.Count - 1; i >= 0; i--)
        {
            var tensor = order[i];
            if (!involved.Contains(tensor) || !shares.TryGetValue(tensor, out var received))
                continue;
            var gradient = gradients[tensor] = Total(received);
            for (var input = 0; input < tensor.Inputs.Count; input++)
            {
                var source = tensor.Inputs[input];
                if (involved.Contains(source) && tensor.Operation!.Gradient(tensor, gradient, input) is { } share)
                    (CollectionsMarshal.GetValueRefOrAddDefault(shares, source, out _) ??= []).Add(share);
            }
        }

        return [.. targets.Select(target => gradients.GetValueOrDefault(target) ?? Tensor.Filled(0, target.Shape))];
    }

    /// <summary>
    /// The sum of what a tensor's readers give back. Where many read a slice each, the slices are joined: padding each to the whole and
    /// adding all up would take the square of the time.
    /// </summary>
    private static Tensor Total(List<Tensor> shares)
    {
        var summands = shares.Where(share => share.Operation is not PadOperation).ToList();
        foreach (
            var slices in shares.Where(share => share.Operation is PadOperation).GroupBy(share => ((PadOperation)share.Operation!).Axis)
        )
        {
            var sorted = slices.OrderBy(slice => ((PadOperation)slice.Operation!).Start).ToArray();
            var areApart = sorted
                .Zip(sorted.Skip(1))
                .All(pair => ((PadOperation)pair.First.Operation!).End <= ((PadOperation)pair.Second.Operation!).Start);
            if (areApart && sorted.Length > 1)
                summands.Add(Joined(slices.Key, sorted));
            else
                summands.AddRange(sorted);
        }

        return summands.Aggregate((sum, summand) => sum + summand);
    }

    private static Tensor Joined(int axis, Tensor[] slices)
    {
        var (whole, at) = (slices[0].Shape, 0);
        var parts = new List<Tensor>();
        foreach (var slice in slices)
        {
            var range = (PadOperation)slice.Operation!;
            if (range.Start > at)
                parts.Add(Tensor.Filled(0, whole.With(axis, range.Start - at)));
            parts.Add(slice.Inputs[0]);
            at = range.End;
        }

        if (at < whole[axis])
            parts.Add(Tensor.Filled(0, whole.With(axis, whole[axis] - at)));
        return Tensor.Concatenate(axis, [.. parts]);
    }
}

/// <summary>The order in which tensors can be computed: each after its inputs.</summary>
internal static class EvaluationOrder
{
    public static IReadOnlyList<Tensor> Of(IEnumerable<Tensor> results)
    {
        var (order, seen) = (new List<Tensor>(), new HashSet<Tensor>());
        // A stack of our own: expressions of recurrent networks are deeper than the program's stack.
        var open = new Stack<(Tensor Tensor, int Input)>();
        foreach (var result in results)
        {
            if (seen.Add(result))
                open.Push((result, 0));
            while (open.TryPop(out var top))
            {
                if (top.Input == top.Tensor.Inputs.Count)
                {
                    order.Add(top.Tensor);
                    continue;
                }

                open.Push((top.Tensor, top.Input + 1));
                if (seen.Add(top.Tensor.Inputs[top.Input]))
                    open.Push((top.Tensor.Inputs[top.Input], 0));
            }
        }

        return order;
    }
}
