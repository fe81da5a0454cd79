using VoiceKit.Devices;

namespace VoiceKit.Tensors;

/// <summary>A change of variables at the end of a run of a <see cref="ComputeProgram"/>.</summary>
public abstract class VariableUpdate
{
    /// <summary>Gets what the change is computed from.</summary>
    public abstract IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>Changes the variables.</summary>
    /// <param name="device">The device.</param>
    /// <param name="inputs">The numbers of <see cref="Inputs"/>.</param>
    public abstract void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs);
}

/// <summary>variable := value.</summary>
internal sealed class Assignment(Variable variable, Tensor value) : VariableUpdate
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs { get; } = [value];

    /// <inheritdoc/>
    public override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs)
    {
        ArgumentNullException.ThrowIfNull(device);
        device.Copy(inputs[0], variable.Storage);
    }
}

/// <summary>
/// Expressions made ready to run again and again: every tensor has its place in the device's memory, memory is used again as soon as
/// its last reader is done, and a run allocates nothing. What depends on no variable is computed once; elementwise operations that follow
/// each other are one.
/// </summary>
public sealed class ComputeProgram : IDisposable
{
    private readonly ComputeDevice device;
    private readonly List<(Operation Operation, DeviceArray[] Inputs, DeviceArray Output)> steps = [];
    private readonly List<(VariableUpdate Update, DeviceArray[] Inputs)> updates;
    private readonly MemoryPlan memory;
    private readonly Dictionary<Tensor, DeviceArray> readable = [];

    /// <summary>Makes expressions ready.</summary>
    /// <param name="device">Where they run.</param>
    /// <param name="results">What can be read after a run.</param>
    /// <param name="updates">What changes at the end of a run, in this order, after everything is computed.</param>
    public ComputeProgram(ComputeDevice device, IReadOnlyList<Tensor> results, params IReadOnlyList<VariableUpdate> updates)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(updates);
        this.device = device;
        var wanted = results.Concat(updates.SelectMany(update => update.Inputs)).ToArray();
        var asked = EvaluationOrder.Of(wanted);
        var fusion = new ChainFusion(asked, wanted);
        var kept = wanted.Select(tensor => fusion[tensor]).ToArray();
        var order = EvaluationOrder.Of(kept);
        var constants = new HashSet<Tensor>();
        foreach (var tensor in order.Where(tensor => tensor is not Variable && tensor.Inputs.All(constants.Contains)))
            constants.Add(tensor);
        memory = new MemoryPlan(device, order, kept, constants);
        foreach (var tensor in order.Where(tensor => tensor.Operation is { IsView: false }))
        {
            DeviceArray[] inputs = [.. tensor.Inputs.Select(input => memory[input])];
            if (constants.Contains(tensor))
                tensor.Operation!.Run(device, inputs, memory[tensor]);
            else
                steps.Add((tensor.Operation!, inputs, memory[tensor]));
        }

        foreach (var tensor in wanted.Concat(asked.OfType<Variable>()))
            readable[tensor] = memory[fusion[tensor]];
        this.updates = [.. updates.Select(update => (update, update.Inputs.Select(input => readable[input]).ToArray()))];
    }

    /// <summary>Gets the floats that all intermediate results share.</summary>
    public long MemoryLength => memory.Length;

    /// <summary>Gets the operations of a run, the changes of variables not counted.</summary>
    public int OperationCount => steps.Count;

    /// <summary>Computes everything, then changes the variables.</summary>
    public void Run()
    {
        foreach (var (operation, inputs, output) in steps)
            operation.Run(device, inputs, output);
        foreach (var (update, inputs) in updates)
            update.Run(device, inputs);
    }

    /// <summary>Copies a result, or a variable, to host memory.</summary>
    /// <param name="result">One of the results, or a variable.</param>
    /// <param name="destination">Receives the numbers, as many as the source has.</param>
    /// <exception cref="ArgumentException">The tensor is neither, or the lengths differ.</exception>
    public void Read(Tensor result, Span<float> destination) =>
        device.Download(
            readable.TryGetValue(result, out var place)
                ? place
                : throw new ArgumentException($"The tensor {result} is no result of the program.", nameof(result)),
            destination
        );

    /// <summary>A result, or a variable, as a new array.</summary>
    /// <param name="result">One of the results, or a variable.</param>
    public float[] Read(Tensor result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var values = new float[result.Shape.Length];
        Read(result, values);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}

/// <summary>
/// The places of tensors in a device's memory. A place is given on as soon as the last reader of its tensor is done. What is only computed
/// to be joined with others is computed where it goes.
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
            free.AddRange(
                ends[at].Where(ended => ended is not Variable && !parts.ContainsKey(ended)).Select(ended => places[ended].Buffer)
            );
        }
    }

    /// <summary>Gets the number of floats of all places together.</summary>
    public long Length => buffers.Sum(buffer => (long)buffer.Length);

    /// <summary>Gets where a tensor lies.</summary>
    /// <exception cref="ArgumentException">The tensor is no part of the program.</exception>
    public DeviceArray this[Tensor tensor] =>
        places.TryGetValue(tensor, out var place)
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
            place = new DeviceArray(
                constants.Contains(tensor) ? Allocate(tensor.Shape.Length) : Take(tensor.Shape.Length),
                0,
                tensor.Shape.Length
            );
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
