namespace VoiceKit.Compute;

/// <summary>Reverse-mode differentiation. Gradients are tensors like others, so gradients of gradients are taken the same way.</summary>
public static class Differentiation
{
    /// <summary>The gradients of a scalar with respect to some tensors, each of the tensor's shape; zero where the scalar does not depend on it.</summary>
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

        var gradients = new Dictionary<Tensor, Tensor> { [scalar] = Tensor.Filled(1, scalar.Shape) };
        for (var i = order.Count - 1; i >= 0; i--)
        {
            var tensor = order[i];
            if (tensor.Operation is null || !involved.Contains(tensor) || !gradients.TryGetValue(tensor, out var gradient))
                continue;
            for (var input = 0; input < tensor.Inputs.Count; input++)
            {
                var source = tensor.Inputs[input];
                if (involved.Contains(source) && tensor.Operation.Gradient(tensor, gradient, input) is { } share)
                    gradients[source] = gradients.TryGetValue(source, out var sum) ? sum + share : share;
            }
        }

        return [.. targets.Select(target => gradients.GetValueOrDefault(target) ?? Tensor.Filled(0, target.Shape))];
    }
}
