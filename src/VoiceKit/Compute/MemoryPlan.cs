namespace VoiceKit.Compute;

/// <summary>
/// The places of tensors in a device's memory. A place is given on as soon as the last reader of its tensor is done. What is only computed to be joined with
/// others is computed where it goes.
/// </summary>
internal sealed class MemoryPlan : IDisposable
{
    private readonly Dictionary<Tensor, DeviceArray> places = [];
    private readonly Dictionary<Tensor, (Tensor Whole, int Part)> parts = [];
    private readonly List<DeviceBuffer> buffers = [];
    private readonly List<DeviceBuffer> free = [];
    private readonly ComputeDevice device;
    private readonly IReadOnlySet<Tensor> constants;

    /// <summary>Plans the memory.</summary>
    /// <param name="device">The device.</param>
    /// <param name="order">All tensors, each after its inputs.</param>
    /// <param name="kept">Those whose places are not given on.</param>
    /// <param name="constants">Those that are computed once: their places are theirs alone from the start to the end.</param>
    public MemoryPlan(ComputeDevice device, IReadOnlyList<Tensor> order, IEnumerable<Tensor> kept, IReadOnlySet<Tensor> constants)
    {
        (this.device, this.constants) = (device, constants);
        var (lastUse, uses) = (new Dictionary<Tensor, int>(), new Dictionary<Tensor, int>());
        for (var at = 0; at < order.Count; at++)
        {
            lastUse[Owner(order[at])] = at;
            foreach (var input in order[at].Inputs.Select(Owner))
            {
                lastUse[input] = at;
                uses[input] = uses.GetValueOrDefault(input) + (order[at].Operation!.IsView ? 0 : 1);
            }
        }

        foreach (var tensor in kept.Concat(constants))
            lastUse[Owner(tensor)] = int.MaxValue;
        foreach (var whole in order.Where(tensor => tensor.Operation is ConcatenateOperation { IsContiguous: true }))
        {
            for (var part = 0; part < whole.Inputs.Count; part++)
            {
                var owner = Owner(whole.Inputs[part]);
                if (owner is not Variable && uses[owner] == 1 && lastUse[owner] != int.MaxValue)
                    parts[owner] = (whole, part);
            }
        }

        var ends = lastUse.ToLookup(item => item.Value, item => item.Key);
        for (var at = 0; at < order.Count; at++)
        {
            _ = Place(order[at]);
            free.AddRange(ends[at].Where(ended => ended is not Variable && !parts.ContainsKey(ended)).Select(ended => places[ended].Buffer));
        }
    }

    /// <summary>The number of floats of all places together.</summary>
    public long Length => buffers.Sum(buffer => (long)buffer.Length);

    /// <summary>Where a tensor lies.</summary>
    /// <exception cref="ArgumentException">The tensor is no part of the program.</exception>
    public DeviceArray this[Tensor tensor] => places.TryGetValue(tensor, out var place)
        ? place
        : throw new ArgumentException($"The tensor {tensor} is no part of the program.", nameof(tensor));

    public void Dispose() => buffers.ForEach(buffer => buffer.Dispose());

    /// <summary>The tensor whose memory a view shows.</summary>
    private static Tensor Owner(Tensor tensor)
    {
        while (tensor.Operation is { IsView: true })
            tensor = tensor.Inputs[0];
        return tensor;
    }

    private DeviceArray Place(Tensor tensor)
    {
        if (places.TryGetValue(tensor, out var place))
            return place;
        if (tensor is Variable variable)
            place = variable.Storage;
        else if (tensor.Operation!.IsView)
            place = places[tensor.Inputs[0]];
        else if (parts.TryGetValue(tensor, out var part))
            place = ((ConcatenateOperation)part.Whole.Operation!).Part(Place(part.Whole), part.Part);
        else
            place = new DeviceArray(constants.Contains(tensor) ? Allocate(tensor.Shape.Length) : Take(tensor.Shape.Length), 0, tensor.Shape.Length);
        return places[tensor] = place;
    }

    private DeviceBuffer Take(int length)
    {
        // The smallest free place that holds it and does not waste more than it uses; else a new one.
        var best = free.Where(buffer => buffer.Length >= length && buffer.Length <= 2L * length).MinBy(buffer => buffer.Length);
        return best is not null && free.Remove(best) ? best : Allocate(length);
    }

    private DeviceBuffer Allocate(int length)
    {
        var buffer = device.Allocate(length);
        buffers.Add(buffer);
        return buffer;
    }
}
