namespace VoiceKit.Compute;

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
