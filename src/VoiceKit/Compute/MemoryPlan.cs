namespace VoiceKit.Compute;

/// <summary>The places of tensors in a device's memory. A place is given on as soon as the last reader of its tensor is done.</summary>
internal sealed class MemoryPlan : IDisposable
{
    private readonly Dictionary<Tensor, DeviceArray> places = [];
    private readonly List<DeviceBuffer> buffers = [];

    /// <summary>Plans the memory.</summary>
    /// <param name="device">The device.</param>
    /// <param name="order">All tensors, each after its inputs.</param>
    /// <param name="kept">Those whose places are not given on.</param>
    public MemoryPlan(ComputeDevice device, IReadOnlyList<Tensor> order, IEnumerable<Tensor> kept)
    {
        var lastUse = new Dictionary<Tensor, int>();
        for (var at = 0; at < order.Count; at++)
        {
            lastUse[Owner(order[at])] = at;
            foreach (var input in order[at].Inputs)
                lastUse[Owner(input)] = at;
        }

        foreach (var tensor in kept)
            lastUse[Owner(tensor)] = int.MaxValue;
        var ends = lastUse.ToLookup(item => item.Value, item => item.Key);
        var free = new List<DeviceBuffer>();
        for (var at = 0; at < order.Count; at++)
        {
            var tensor = order[at];
            if (tensor is Variable variable)
                places[tensor] = variable.Storage;
            else
                places[tensor] = tensor.Operation!.IsView ? places[tensor.Inputs[0]] : Place(device, free, tensor.Shape.Length);
            free.AddRange(ends[at].Where(ended => ended is not Variable).Select(ended => places[ended].Buffer));
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

    private DeviceArray Place(ComputeDevice device, List<DeviceBuffer> free, int length)
    {
        // The smallest free place that holds it and does not waste more than it uses; else a new one.
        var best = free.Where(buffer => buffer.Length >= length && buffer.Length <= 2L * length).MinBy(buffer => buffer.Length);
        if (best is not null)
        {
            free.Remove(best);
        }
        else
        {
            best = device.Allocate(length);
            buffers.Add(best);
        }

        return new DeviceArray(best, 0, length);
    }
}
