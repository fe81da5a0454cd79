namespace VoiceKit.Compute;

/// <summary>A change of variables at the end of a run of a <see cref="ComputeProgram"/>.</summary>
public abstract class VariableUpdate
{
    /// <summary>What the change is computed from.</summary>
    public abstract IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>Changes the variables.</summary>
    /// <param name="device">The device.</param>
    /// <param name="inputs">The numbers of <see cref="Inputs"/>.</param>
    public abstract void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs);
}

/// <summary>variable := value.</summary>
public sealed class Assignment(Variable variable, Tensor value) : VariableUpdate
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
/// its last reader is done, and a run allocates nothing. What depends on no variable is computed once; elementwise operations that follow each other are one.
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

    /// <summary>The floats that all intermediate results share.</summary>
    public long MemoryLength => memory.Length;

    /// <summary>The operations of a run, the changes of variables not counted.</summary>
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
    /// <exception cref="ArgumentException">The tensor is neither, or the lengths differ.</exception>
    public void Read(Tensor result, Span<float> destination) => device.Download(
        readable.TryGetValue(result, out var place) ? place : throw new ArgumentException($"The tensor {result} is no result of the program.", nameof(result)), destination);

    /// <summary>A result, or a variable, as a new array.</summary>
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
